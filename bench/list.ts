/**
 * How long a page of 50 jobs takes if its owner has 1,000 or 200,000 jobs: a list that scans would take 200 times as
 * long. Each table has its own database and process. The two alternate, so that a slow machine affects both.
 */
import { fork } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OWNER } from "../packages/testing/owner.ts";

export const name = "list";

const SMALL = 1_000;
const LARGE = 200_000;
const CALLS = 200;
const TARGET = 1.5;
const credentials = { accessKeyId: "AKIDBENCH", secretAccessKey: "secret" };

interface Sample {
  first: number[];
  later: number[];
}

/** Returns a table in markdown. Filling the large table takes some minutes. */
export async function run({ runs = 3 }: { runs?: number } = {}): Promise<string> {
  const small = await measurer(SMALL);
  const large = await measurer(LARGE);
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
  const row = (title: string, of: keyof Sample) => {
    const [a, b] = [samples.small, samples.large].map((rounds) =>
      median(rounds.map((one) => percentile(one[of], 95))),
    );
    const ratio = (b ?? 0) / (a ?? 1);
    const result = ratio <= TARGET ? "met" : "missed";
    return `| ${title} | ${a?.toFixed(1)} | ${b?.toFixed(1)} | **${ratio.toFixed(2)}** (target ≤ ${TARGET}: ${result}) |`;
  };
  return [
    "### list",
    "",
    `A page of 50 jobs with the addresses of their posters, ${CALLS} calls a round one after the other, medians of ${runs}. Milliseconds, p95.`,
    "",
    `| | ${SMALL.toLocaleString("en")} jobs | ${LARGE.toLocaleString("en")} jobs | ratio |`,
    "| --- | --- | --- | --- |",
    row("the first page", "first"),
    row("the page after it", "later"),
  ].join("\n");
}

async function measurer(count: number) {
  // In memory if possible: each written row is synced, and 200,000 of them take a quarter of an hour on a disk. Pages
  // are read from memory in both cases.
  const place = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const folder = await mkdtemp(join(place, "rushes-list-"));
  const child = fork(import.meta.filename, [String(count), folder]);
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

/** The measured process: a database with this many jobs, and the core. */
async function serve(count: number, folder: string): Promise<void> {
  const { start } = await import("../packages/aws-local/dynamodb/index.ts");
  const { wiring } = await import("../packages/core/wiring.ts");
  const dynamo = await start({
    ...{ dataDir: folder, host: "127.0.0.1", port: 0, region: "us-east-1", credentials },
    tables: wiring.tables,
  });
  Object.assign(process.env, environment(dynamo.url));
  const { fill, jobRow } = await import("../packages/testing/rows.ts");
  const { withActor } = await import("../packages/core/actor.ts");
  const { list } = await import("../packages/core/job/list.ts");
  const began = Date.now() - count * 1000;
  const rows = function* () {
    for (let at = 0; at < count; at += 1) yield jobRow({ created: began + at * 1000 });
  };
  await fill(rows());
  await dynamo.upkeep();
  const timed = async (into: number[], cursor?: string) => {
    const from = performance.now();
    const page = await withActor(OWNER, () => list({ limit: 50, cursor }));
    into.push(performance.now() - from);
    if (page.jobs.length !== 50) throw new Error(`A page had ${page.jobs.length} jobs.`);
    return page.cursor;
  };
  process.on("message", async (message) => {
    if (message === "stop") {
      await dynamo.close();
      process.exit(0);
    }
    const sample: Sample = { first: [], later: [] };
    for (let call = 0; call < CALLS; call += 1) {
      await timed(sample.later, await timed(sample.first));
    }
    process.send?.(sample);
  });
  process.send?.("ready");
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

function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
}

function median(values: number[]): number {
  return percentile(values, 50);
}

const [, , count, folder] = process.argv;
if (process.send && process.argv[1] === import.meta.filename && count && folder) {
  await serve(Number(count), folder);
}
