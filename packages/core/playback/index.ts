import type { JobId } from "../id.ts";
import * as Job from "../job/index.ts";
import { stem } from "../rendition/key.ts";
import { resource } from "../resource.ts";
import { readUrl } from "../storage.ts";
import type { Info } from "./schema.ts";

export { Info } from "./schema.ts";

/**
 * Addresses of everything that a player needs, good for at least an hour. Downloads carry the source's
 * real name. Throws `job.not_found`.
 */
export async function create(jobId: JobId): Promise<Info> {
  const { job, renditions } = await Job.details(jobId);
  const bucket = resource().Renditions.name;
  const name = stem(job.fileName) || job.fileName;
  const videos = renditions.filter((rendition) => rendition.kind === "mp4");
  const [source, ...files] = await Promise.all([
    readUrl({ ...job.source, attachmentName: job.fileName }),
    ...videos.map(async ({ key, label, width, height }) => {
      const [play, download] = await Promise.all([
        readUrl({ bucket, key }),
        readUrl({ bucket, key, attachmentName: `${name}-${label}.mp4` }),
      ]);
      return {
        label,
        kind: "mp4" as const,
        url: play.url,
        downloadUrl: download.url,
        ...(width !== undefined && { width }),
        ...(height !== undefined && { height }),
      };
    }),
  ]);
  return {
    expires: source.expires,
    ...(job.posterUrl !== undefined && { posterUrl: job.posterUrl }),
    sourceDownloadUrl: source.url,
    renditions: files.sort((a, b) => (b.height ?? 0) - (a.height ?? 0)),
  };
}
