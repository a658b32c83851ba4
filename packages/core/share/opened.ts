import { offersOf } from "../captions/offer.ts";
import { playing, playsComplete, posterKeyOf } from "../job/playing.ts";
import type { Row as Job } from "../job/row.ts";
import { briefMediaUrl, folderUrl } from "../media.ts";
import { playingChapters } from "../playback/chapters.ts";
import { playingSource } from "../playback/source.ts";
import { stem } from "../rendition/key.ts";
import * as Rendition from "../rendition/schema.ts";
import { sizeName } from "../rendition/size-name.ts";
import * as Table from "../table/index.ts";
import { LIFE_SECONDS } from "./life.ts";
import type { Row } from "./row.ts";
import type { Opened } from "./schema.ts";

/** What a visitor gets of a job: its title, and URLs that expire within a minute. */
export async function opened(
  job: Job,
  { allowsOriginal, allowsDownloads }: Pick<Row, "allowsOriginal" | "allowsDownloads">,
  now: number,
): Promise<Opened> {
  const { attempt, landed } = playing(job);
  const posterKey = posterKeyOf(job);
  const { pk, sk } = Table.key.rendition(job.id, attempt, "");
  const rows = await Table.queryAll({ partition: pk, prefix: sk });
  // In whole seconds, like signatures.
  const ends = new Date((Math.floor(now / 1000) + LIFE_SECONDS) * 1000);
  const sign = (key: string) => briefMediaUrl({ key, ends });
  const renditions = rows
    .map((row) => Rendition.Info.parse(row))
    .filter(({ label }) => landed.includes(label));
  const stream = renditions.find(({ kind }) => kind === "hls");
  const files = renditions
    .filter(Rendition.isFile)
    .sort((a, b) => (b.height ?? 0) - (a.height ?? 0))
    .map(({ key, kind, label, width, height }) => ({
      label,
      kind,
      url: sign(key),
      downloadUrl: allowsDownloads
        ? briefMediaUrl({ key, ends, attachmentName: downloadName(job, { kind, width, height }) })
        : undefined,
      width,
      height,
    }));
  const durationSeconds = job.source.media?.durationSeconds;
  return {
    title: job.title,
    durationSeconds,
    playback: {
      expires: ends.toISOString(),
      complete: playsComplete(job),
      posterUrl: posterKey === undefined ? undefined : sign(posterKey),
      captions: await offersOf(job.id, sign),
      chapters: playingChapters(job),
      source: allowsOriginal ? await playingSource(job, { now, ends }) : undefined,
      hls: stream && folderUrl({ key: stream.key, ends }),
      renditions: files,
    },
  };
}

/** The name of a downloaded file, from what the visitor sees: the title and the size of the picture. */
function downloadName(
  { title }: Pick<Job, "title">,
  { kind, width, height }: Pick<Rendition.Info, "kind" | "width" | "height">,
): string {
  const name = stem(title) || title;
  if (kind !== "mp4") return `${name}.m4a`;
  return width && height ? `${name}-${sizeName({ width, height })}.mp4` : `${name}.mp4`;
}
