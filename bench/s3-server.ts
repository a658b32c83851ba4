/** A server of the s3 benchmark in its own process. It reports its memory on request. */
import { start } from "../packages/aws-local/s3/index.ts";
import { startSink } from "./sink.ts";

export const BUCKET = "bench";
export const credentials = { accessKeyId: "AKIDBENCH", secretAccessKey: "bench" };
const SAMPLE_MS = 20;

async function serve(kind: string, dataDir: string): Promise<string> {
  if (kind === "sink") return (await startSink(dataDir)).url;
  const server = await start({
    ...{ dataDir, host: "127.0.0.1", port: 0, region: "us-east-1", credentials },
    buckets: [{ name: BUCKET, notifications: [] }],
    deliver: async () => {},
  });
  return server.url;
}

if (process.send) {
  const [, , kind = "s3", dataDir = "."] = process.argv;
  const url = await serve(kind, dataDir);
  let peak = 0;
  setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, SAMPLE_MS);
  // Usage since the last request: the peak memory in bytes, CPU time in seconds.
  let cpu = process.cpuUsage();
  process.on("message", () => {
    const { user, system } = process.cpuUsage(cpu);
    const used = { peak: Math.max(peak, process.memoryUsage.rss()), cpu: (user + system) / 1e6 };
    process.send?.(used);
    peak = 0;
    cpu = process.cpuUsage();
  });
  process.on("disconnect", () => process.exit());
  process.send({ url });
}
