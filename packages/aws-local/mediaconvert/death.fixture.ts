/** For the test of a sudden death: runs one encoder that would never end, until it is killed. */
import { runFfmpeg } from "./ffmpeg.ts";

const [path = "ffmpeg", cwd = "."] = process.argv.slice(2);
await runFfmpeg({
  path,
  cwd,
  args: "-re -f lavfi -i testsrc2=s=64x36 -c:v libx264 endless.mp4".split(" "),
  signal: new AbortController().signal,
  onProgress: () => process.send?.("progress"),
});
