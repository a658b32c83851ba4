/** For the test of a sudden death: runs one encoder that would never end, until it is killed. */
import { runFfmpeg } from "./ffmpeg.ts";

const [path = "ffmpeg", cwd = "."] = process.argv.slice(2);
await runFfmpeg({
  path,
  cwd,
  args: [
    ..."-hide_banner -nostdin -nostats -loglevel warning -y".split(" "),
    ..."-progress pipe:1 -stats_period 0.1".split(" "),
    ..."-re -f lavfi -i testsrc2=s=64x36 -c:v libx264 endless.mp4".split(" "),
  ],
  signal: new AbortController().signal,
  onProgress: () => process.send?.("progress"),
});
