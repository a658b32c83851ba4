import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const ENCODING = ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"];

/** Creates a video of one second with a picture and a tone. `args` replace the encoding options. */
export async function sampleVideo(
  folder: string,
  name: string,
  args: string[] = [],
): Promise<Buffer> {
  const file = join(folder, name);
  const picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30:duration=1"];
  const tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=1"];
  const encoding = args.length > 0 ? args : ENCODING;
  await run("ffmpeg", ["-v", "error", "-y", ...picture, ...tone, ...encoding, file]);
  return readFile(file);
}
