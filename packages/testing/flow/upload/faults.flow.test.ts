/**
 * Uploads through a proxy that injects faults, with the engine of the page and with the client for Node, against the real
 * API and S3. However often it fails on the way, each upload ends in one identical object and one job, leaves no other
 * upload or part, and sends no byte again that S3 has acknowledged.
 *
 * RUSHES_FAULT_ROUNDS sets how many uploads run with each kind of fault. Each has its own seed. A failure names the
 * command that repeats it.
 */
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from "@aws-sdk/client-s3";
import type * as PlanModule from "@rushes/core/upload/plan";
import type { Plan } from "@rushes/core/upload/schema";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { endOf, start } from "../../../cli/stack.fixture.ts";
import type { Fault, Planned } from "../../fault-proxy.ts";
import { random } from "../../random.ts";
import { startSite } from "./fault-site.ts";

const ROUNDS = Number(process.env.RUSHES_FAULT_ROUNDS ?? 2);
/** Even, because the lowest bit chooses the program. */
const FIRST_SEED = Number(process.env.RUSHES_FAULT_SEED ?? randomInt(2 ** 30) * 2);
/** A round takes a second, and several on a busy machine. */
const TIMEOUT = { timeout: 60_000 + ROUNDS * 30_000 };
/** The smallest parts that S3 accepts: the size of real ones would only take time. */
const PART_BYTES = vi.hoisted(() => 5 * 1024 ** 2);
vi.mock("@rushes/core/upload/plan", async (original) => ({
  ...(await original<typeof PlanModule>()),
  SINGLE_LIMIT_BYTES: PART_BYTES,
  planFor: (sizeBytes: number): Plan =>
    sizeBytes <= PART_BYTES
      ? { kind: "single" }
      : {
          kind: "multipart",
          partSizeBytes: PART_BYTES,
          partCount: Math.ceil(sizeBytes / PART_BYTES),
        },
}));
const BUCKET = "rushes-uploads";

const site = await startSite();
// After the API, which extends the schemas that they share.
const { openPage, uploadFromDisk } = await import("./fault-clients.ts");
const { proxy, clock, core } = site;
const { s3 } = core.storage;
const source = randomBytes(3 * PART_BYTES);

/** One upload, and what to do to it. */
interface Round {
  name: string;
  bytes: Buffer<ArrayBuffer>;
  isNode: boolean;
  parts: number;
  next(): number;
}

/** Faults for one to three requests in a row, of which the first is one that every upload has. */
function inARow({ parts, next }: Round, call: Planned["call"], fault: () => Fault): Planned[] {
  const from = call === "put" ? Math.floor(next() * parts) : 0;
  return Array.from({ length: 1 + Math.floor(next() * 3) }, (_, at) => ({
    ...{ call, number: from + at },
    fault: fault(),
  }));
}

interface Kind {
  /** Every upload has parts. */
  inParts?: boolean;
  faults?(round: Round): Planned[];
  /** Runs once a random byte is on its way. */
  during?(): Promise<void>;
  /** The program is killed at a random byte, and started again. */
  killsClient?: boolean;
}

const status = (code: number) => (round: Round) => {
  const calls = ["create", "put", "complete"] as const;
  const call = calls[Math.floor(round.next() * calls.length)] ?? "put";
  return inARow(round, call, () => ({ type: "status", status: code }));
};
const lost = (call: Planned["call"]) => (round: Round) =>
  inARow(round, call, () => ({
    type: round.next() < 0.5 && call !== "put" ? "cut answer" : "lost",
  }));
async function cutNetwork(ms: number): Promise<void> {
  proxy.disconnect();
  await clock.sleep(ms);
  proxy.connect();
}

const KINDS: Record<string, Kind> = {
  "a connection that breaks at a random byte": {
    faults: (round) => inARow(round, "put", () => ({ type: "cut", at: round.next() })),
  },
  "a changed byte": {
    faults: (round) => inARow(round, "put", () => ({ type: "flip", at: round.next() })),
  },
  // Three fresh signatures of one part that S3 rejects mean that a clock is wrong.
  "status 403": {
    faults: (round) => inARow(round, "put", () => ({ type: "status", status: 403 })).slice(0, 2),
  },
  "status 500": { faults: status(500) },
  "status 503": { faults: status(503) },
  "a lost answer of create": { faults: lost("create") },
  "a lost answer of sign": { inParts: true, faults: lost("sign") },
  "a lost answer of a part": { faults: lost("put") },
  "a lost answer of complete": { faults: lost("complete") },
  "a server that is killed": { during: () => site.restart(20_000) },
  "no network for 30 s": { during: () => cutNetwork(30_000) },
  "no network for 10 min": { during: () => cutNetwork(10 * 60_000) },
  "a program that is killed": { killsClient: true },
};

let rounds = 0;

function roundOf(kind: string, seed: number): Round {
  const next = random(seed);
  const isNode = seed % 2 === 1;
  // Two rounds in a row have both programs and both ways to upload.
  const inParts = KINDS[kind]?.inParts || isNode === (seed >> 1) % 2 > 0;
  const parts = inParts ? 2 + Math.floor(next() * 1.1) : 1;
  const sizeBytes = (parts - 1) * PART_BYTES + Math.floor(100_000 + next() * 100_000);
  const from = Math.floor(next() * 900_000);
  // A second try has the same seeds.
  rounds += 1;
  return {
    ...{ isNode, next, parts },
    name: `${kind} ${seed} ${rounds}.mp4`,
    bytes: source.subarray(from, from + sizeBytes),
  };
}

const fileOf = ({ bytes, name }: Round) => new File([bytes], name, { lastModified: 1 });

async function uploadOnce(round: Round, path: string): Promise<void> {
  const context = { clock, random: round.next };
  if (round.isNode) await uploadFromDisk(proxy.url, path, context);
  else await openPage(context).upload(fileOf(round));
}

const jobsOf = async ({ name }: Round) => {
  const { jobs } = await core.asOwner(() => core.job.list({ q: name }));
  return jobs.filter(({ fileName }) => fileName === name);
};

/** Kills the program at this byte, and starts it again until it has uploaded the file. */
async function uploadWithKills(round: Round, path: string, at: number): Promise<void> {
  if (round.isNode) {
    const env = { RUSHES_URL: proxy.url, XDG_CONFIG_HOME: site.folder };
    const first = start({ args: ["upload", path], env });
    proxy.at(at, () => {
      proxy.hit();
      first.kill("SIGKILL");
    });
    await endOf(first);
  } else {
    const page = openPage({ clock, random: round.next });
    const killed = new Promise<void>((resolve) => {
      proxy.at(at, () => {
        page.close();
        proxy.disconnect();
        resolve();
      });
    });
    void page.upload(fileOf(round));
    await killed;
    proxy.connect();
  }
  await site.settled();
  // A person who sees the video does not upload it again.
  if ((await jobsOf(round)).length === 0) await uploadOnce(round, path);
}

async function run(kind: Kind, round: Round): Promise<void> {
  const { name, bytes, parts, next } = round;
  const path = join(site.folder, name);
  if (round.isNode) await writeFile(path, bytes);
  proxy.plan(kind.faults?.(round) ?? []);
  const at = 1 + Math.floor(next() * (bytes.length - 1));
  if (kind.killsClient) {
    await uploadWithKills(round, path, at);
  } else {
    const during = Promise.withResolvers<void>();
    if (kind.during) proxy.at(at, () => void kind.during?.().then(during.resolve, during.reject));
    else during.resolve();
    await Promise.all([uploadOnce(round, path), during.promise]);
  }
  await site.settled();
  await rm(path, { force: true });
  const partBytes = parts > 1 ? PART_BYTES : bytes.length;
  await expectWhole(round, partBytes);
}

/** Whether an object has these bytes. Not with the SDK, which takes longer than the upload. */
async function isStored(key: string, bytes: Buffer): Promise<boolean> {
  const { url } = await core.storage.readUrl({ bucket: BUCKET, key });
  const [answer]: IncomingMessage[] = await once(get(url), "response");
  let offset = 0;
  for await (const chunk of answer ?? []) {
    if (!bytes.subarray(offset, offset + chunk.length).equals(chunk)) return false;
    offset += chunk.length;
  }
  return offset === bytes.length;
}

/** One identical object, one job, and nothing else. */
async function expectWhole(round: Round, partBytes: number): Promise<void> {
  const { bytes, name } = round;
  const { left, sentBytes, hitPuts } = proxy.counts();
  expect(left, "faults that were not met").toEqual([]);
  const jobs = await jobsOf(round);
  expect(jobs.map(({ fileName }) => fileName)).toEqual([name]);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
  const { uploads } = await core.asOwner(() => core.upload.list({ status: "open" }));
  const [object] = Contents;
  expect({ objects: Contents.length, parts: Uploads ?? [], uploads }).toEqual({
    objects: 1,
    parts: [],
    uploads: [],
  });
  expect(await isStored(object?.Key ?? "", bytes)).toBe(true);
  expect(sentBytes).toBeLessThanOrEqual(bytes.length + hitPuts * partBytes);
  // The next round begins with an empty bucket.
  await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: object?.Key }));
}

/** Removes what a failed round has left, which would fail the others. */
async function removeRest(): Promise<void> {
  const { uploads } = await core.asOwner(() => core.upload.list({ status: "open" }));
  for (const { id } of uploads) await core.asOwner(() => core.upload.remove(id));
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
}

describe("an upload ends in one identical object and one job after", () => {
  beforeEach(removeRest);

  test.each(Object.entries(KINDS))("%s", TIMEOUT, async (name, kind) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const seed = FIRST_SEED + round;
      await run(kind, roundOf(name, seed)).catch((error) => {
        const repeat = `RUSHES_FAULT_SEED=${seed} RUSHES_FAULT_ROUNDS=1`;
        error.message += `\nRepeat with ${repeat} npx vitest run --project flow upload/faults -t "${name}"`;
        throw error;
      });
    }
  });
});

test("no file of S3 is left without an object", async () => {
  expect(await site.stop()).toEqual([]);
});
