import { offersOf } from "../captions/offer.ts";
import type { JobId } from "../id.ts";
import * as Job from "../job/index.ts";
import { playsComplete } from "../job/playing.ts";
import { folderUrl, mediaUrl } from "../media.ts";
import { stem } from "../rendition/key.ts";
import { isFile } from "../rendition/schema.ts";
import { readUrl } from "../storage.ts";
import { playingChapters } from "./chapters.ts";
import type { Info } from "./schema.ts";
import { playingSource } from "./source.ts";

export { Info } from "./schema.ts";

/**
 * The URLs that a player needs, valid for at least ten minutes. Downloads have the source's real name. Throws
 * `job.not_found`.
 */
export async function create(jobId: JobId): Promise<Info> {
  const { job, renditions, chapters } = await Job.details(jobId);
  const now = Date.now();
  const name = stem(job.fileName) || job.fileName;
  // The key of a replaced source has other bytes.
  const source = job.source.replaced
    ? undefined
    : await readUrl({ ...job.source, attachmentName: job.fileName, now });
  const files = renditions.filter(isFile).map(({ key, kind, label, width, height }) => {
    const play = mediaUrl({ key, now });
    const extension = kind === "mp4" ? "mp4" : "m4a";
    return {
      expires: play.expires,
      offer: {
        label,
        kind,
        url: play.url,
        downloadUrl: mediaUrl({ key, attachmentName: `${name}-${label}.${extension}`, now }).url,
        width,
        height,
      },
    };
  });
  const stream = renditions.find(({ kind }) => kind === "hls");
  const hls = stream && folderUrl({ key: stream.key, now });
  const expires = (hls ?? files[0] ?? source)?.expires ?? new Date(now + 3_600_000).toISOString();
  return {
    expires,
    expiresInSeconds: Math.max(0, Math.floor((Date.parse(expires) - now) / 1000)),
    complete: playsComplete(job),
    posterUrl: job.posterUrl,
    sourceDownloadUrl: source?.url,
    captions: await offersOf(job.id, (key) => mediaUrl({ key, now }).url),
    chapters: playingChapters({ chapters, source: job.source }),
    hls,
    source: await playingSource(job, { now, ends: new Date(expires) }),
    renditions: files.map(({ offer }) => offer).sort((a, b) => (b.height ?? 0) - (a.height ?? 0)),
  };
}
