import type { JobId } from "../id.ts";
import type { Info } from "./schema.ts";

export { Info } from "./schema.ts";

export async function create(_jobId: JobId): Promise<Info> {
  throw new Error("not yet");
}
