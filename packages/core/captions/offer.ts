import type { JobId } from "../id.ts";
import { captionsKey } from "./key.ts";
import { ofJob } from "./row.ts";

interface Offer {
  id: string;
  language: string;
  name: string;
  url: string;
}

/** The captions of a video for its player. Undefined if there are none. `sign` returns the URL of a key. */
export async function offersOf(
  jobId: JobId,
  sign: (key: string) => string,
): Promise<Offer[] | undefined> {
  const offers = (await ofJob(jobId)).map(({ id, language, name }) => ({
    id,
    language,
    name,
    url: sign(captionsKey(jobId, id)),
  }));
  return offers.length > 0 ? offers : undefined;
}
