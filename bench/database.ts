/** A database of the local stack with many jobs, in a process of its own: for benchmarks that compare sizes. */
import { type ChildProcess, fork } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const credentials = { accessKeyId: "AKIDBENCH", secretAccessKey: "secret" };

/** Times in milliseconds by the name of what was called. */
export type Sample = Record<string, number[]>;

/** Runs the benchmark's file with `count` and a folder as arguments. It must call `serve`. */
async function measurer(file: string, count: number) {
  // In memory if possible: each written row is synced, and 200,000 of them take a quarter of an hour on a disk. Pages
  // are read from memory in both cases.
  const place = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const folder = await mkdtemp(join(place, "rushes-list-"));
  const child: ChildProcess = fork(file, [String(count), folder]);
  await once(child, "message");
  return {
    async measure(): Promise<Sample> {
      child.send("measure");
      const [sample] = await once(child, "message");
      return sample;
    },
    async stop() {
      const gone = once(child, "exit");
      child.send("stop");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The measured process: starts a database, fills it, and measures whenever the parent requests it. */
export async function serve(
  folder: string,
  prepare: () => Promise<{ measure(): Promise<Sample> }>,
): Promise<void> {
  const { start } = await import("../packages/aws-local/dynamodb/index.ts");
  const { wiring } = await import("../packages/core/wiring.ts");
  const dynamo = await start({
    ...{ dataDir: folder, host: "127.0.0.1", port: 0, region: "us-east-1", credentials },
    tables: wiring.tables,
  });
  Object.assign(process.env, environment(dynamo.url));
  const { measure } = await prepare();
  await dynamo.upkeep();
  process.on("message", async (message) => {
    if (message === "stop") {
      await dynamo.close();
      process.exit(0);
    }
    process.send?.(await measure());
  });
  process.send?.("ready");
}

/** The samples of `runs` rounds of each size. The sizes alternate, so that a slow machine affects both. */
async function compare(file: string, sizes: { small: number; large: number }, runs: number) {
  const small = await measurer(file, sizes.small);
  const large = await measurer(file, sizes.large);
  const samples = { small: [] as Sample[], large: [] as Sample[] };
  try {
    // The first round warms both up and is not counted.
    for (let round = 0; round <= runs; round += 1) {
      const [a, b] = [await small.measure(), await large.measure()];
      if (round === 0) continue;
      samples.small.push(a);
      samples.large.push(b);
    }
  } finally {
    await Promise.all([small.stop(), large.stop()]);
  }
  return samples;
}

/** Measures both sizes and returns the section of a benchmark in markdown. `file` calls `serve`. */
export async function report(of: {
  name: string;
  file: string;
  sizes: { small: number; large: number };
  runs: number;
  /** What each number is the time of. */
  what: string;
  target: number;
}): Promise<string> {
  const samples = await compare(of.file, of.sizes, of.runs);
  const { what, runs } = of;
  return [
    `### ${of.name}`,
    "",
    `${what}, medians of ${runs}. Milliseconds, p95.`,
    "",
    table(of.sizes, samples, of.target),
  ].join("\n");
}

/** A table in markdown of the p95 of each call, and whether their ratios meet the target. */
function table(
  sizes: { small: number; large: number },
  samples: { small: Sample[]; large: Sample[] },
  target: number,
): string {
  const row = (of: string) => {
    const [a, b] = [samples.small, samples.large].map((rounds) =>
      percentile(
        rounds.map((one) => percentile(one[of] ?? [], 95)),
        50,
      ),
    );
    const ratio = (b ?? 0) / (a ?? 1);
    const result = ratio <= target ? "met" : "missed";
    return `| ${of} | ${a?.toFixed(1)} | ${b?.toFixed(1)} | **${ratio.toFixed(2)}** (target ≤ ${target}: ${result}) |`;
  };
  return [
    `| | ${sizes.small.toLocaleString("en")} jobs | ${sizes.large.toLocaleString("en")} jobs | ratio |`,
    "| --- | --- | --- | --- |",
    ...Object.keys(samples.small[0] ?? {}).map(row),
  ].join("\n");
}

function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
}

function environment(url: string): Record<string, string> {
  const link = (value: object) => JSON.stringify(value);
  const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ format: "pem", type: "pkcs8" })
    .toString();
  return {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9",
    SST_RESOURCE_App: link({ name: "rushes", stage: "bench" }),
    SST_RESOURCE_Table: link({ name: "rushes" }),
    SST_RESOURCE_Uploads: link({ name: "rushes-uploads" }),
    SST_RESOURCE_Renditions: link({ name: "rushes-renditions" }),
    SST_RESOURCE_Email: link({ sender: "rushes@example.com" }),
    SST_RESOURCE_Transcode: link({ roleArn: "-", queueArn: "-" }),
    SST_RESOURCE_Settings: link({
      defaultOwnerId: "local",
      defaultOwnerEmail: "you@example.com",
      siteUrl: "http://127.0.0.1:3000",
      ...{ maxSizeBytes: 1, maxDurationSeconds: 1, uploadExpiresSeconds: 1 },
      ...{ maxOpenUploads: 1, maxOwnerBytes: 0 },
    }),
    SST_RESOURCE_SignIn: link({ required: false }),
    SST_RESOURCE_Secret: link({ value: "-".repeat(32) }),
    SST_RESOURCE_Media: link({ url: "http://127.0.0.1:9/media", keyPairId: "K", privateKey }),
  };
}
