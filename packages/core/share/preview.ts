import { posterKeyOf } from "../job/playing.ts";
import { briefMediaUrl } from "../media.ts";
import { LIFE_SECONDS } from "./life.ts";
import { pagesOf } from "./pages.ts";
import { reach } from "./reach.ts";
import type { Preview } from "./schema.ts";

/**
 * What a link shows where it is posted. Undefined unless its owner allows previews, and as soon as it works no more. A
 * link with a password has none.
 */
export async function preview(address: string, now = Date.now()): Promise<Preview | undefined> {
  const found = await reach(address, now);
  if (!found?.share.allowsPreview) return undefined;
  const { share, job } = found;
  const key = posterKeyOf(job);
  const { durationSeconds, width, height } = job.source.media ?? {};
  return {
    title: job.title,
    durationSeconds,
    ...pagesOf(share),
    size: width === undefined || height === undefined ? undefined : { width, height },
    posterUrl: key && briefMediaUrl({ key, ends: new Date(now + LIFE_SECONDS * 1000) }),
  };
}
