import type { Row as Job } from "../job/row.ts";
import * as Rendition from "../rendition/schema.ts";
import { resource } from "../resource.ts";
import { briefUrl } from "../storage.ts";
import * as Table from "../table.ts";
import { LIFE_SECONDS } from "./life.ts";
import type { Opened } from "./schema.ts";

/** What a visitor gets of a job: its title and addresses that end within a minute, and nothing else. */
export async function opened(job: Job, now: number): Promise<Opened> {
  const { pk, sk } = Table.key.rendition(job.id, job.attempt, "");
  const rows = await Table.queryAll({
    KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
    ExpressionAttributeValues: { ":pk": pk, ":sk": sk },
    ConsistentRead: true,
  });
  const bucket = resource().Renditions.name;
  const from = new Date(Math.floor(now / 1000) * 1000);
  const sign = (key: string) => briefUrl({ bucket, key, from, seconds: LIFE_SECONDS });
  const videos = rows
    .map((row) => Rendition.Info.parse(row))
    .filter((rendition) => rendition.kind === "mp4")
    .sort((a, b) => (b.height ?? 0) - (a.height ?? 0));
  const [poster, ...files] = await Promise.all([
    job.posterKey === undefined ? undefined : sign(job.posterKey),
    ...videos.map(async ({ key, label, width, height }) => ({
      label,
      kind: "mp4" as const,
      url: await sign(key),
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
    })),
  ]);
  const durationSeconds = job.source.media?.durationSeconds;
  return {
    title: job.title,
    ...(durationSeconds !== undefined && { durationSeconds }),
    playback: {
      expires: new Date(from.getTime() + LIFE_SECONDS * 1000).toISOString(),
      ...(poster !== undefined && { posterUrl: poster }),
      renditions: files,
    },
  };
}
