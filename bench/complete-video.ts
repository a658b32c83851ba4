/** A complete video for benchmarks of its pages. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import * as z from "zod";
import { FFMPEG } from "../packages/testing/clips.ts";
import { until } from "../packages/testing/until.ts";

/** The length of the video. */
export const CLIP_SECONDS = 60;
const ENCODE_MS = 10 * 60_000;

const Uploads = z.object({
  results: z.array(
    z.object({
      upload: z.object({ id: z.string() }),
      requests: z.array(z.object({ url: z.string(), headers: z.record(z.string(), z.string()) })),
    }),
  ),
});
const Upload = z.object({ upload: z.object({ jobId: z.string().optional() }) });
const Job = z.object({ job: z.object({ status: z.string() }) });

/** Writes a clip of 720p30. */
export const makeClip = (path: string) =>
  promisify(execFile)(FFMPEG, [
    ...["-v", "error", "-y"],
    ...["-f", "lavfi", "-i", `testsrc2=size=1280x720:rate=30:duration=${CLIP_SECONDS}`],
    ...["-f", "lavfi", "-i", `sine=frequency=330:duration=${CLIP_SECONDS}`],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "3M", "-pix_fmt", "yuv420p"],
    ...["-c:a", "aac", "-movflags", "+faststart", path],
  ]);

/** The JSON that a request of the API returns. Throws if it fails. */
export async function json(url: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}.`);
  return response.json();
}

/** Uploads the clip with the profile `web`, and returns the id of its job once that is complete. */
export async function completeVideo(dashboard: string, clip: string): Promise<string> {
  const body = await readFile(clip);
  const file = {
    name: "minute.mp4",
    sizeBytes: body.length,
    contentType: "video/mp4",
    profile: "web",
  };
  const made = Uploads.parse(
    await json(`${dashboard}/api/uploads`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ files: [file] }),
    }),
  );
  const [result] = made.results;
  const [request] = result?.requests ?? [];
  if (!result || !request) throw new Error("The upload was rejected.");
  await fetch(request.url, { method: "PUT", headers: request.headers, body });
  const jobId = await until(async () => {
    const answer = await json(`${dashboard}/api/uploads/${result.upload.id}`);
    return Upload.parse(answer).upload.jobId;
  });
  await until(async () => {
    const { job } = Job.parse(await json(`${dashboard}/api/jobs/${jobId}`));
    return job.status === "complete";
  }, ENCODE_MS);
  return z.string().parse(jobId);
}
