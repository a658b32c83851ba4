/**
 * Every kind of file in the data folder, with a changed byte and without its end: the services that open it at a start
 * reject it with a message, or repair it and report that. All data is still there afterwards.
 */
import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadMediaKeys } from "@rushes/aws-local/cloudfront/keys";
import { start as startDynamo } from "@rushes/aws-local/dynamodb/index";
import { RunnerStore } from "@rushes/aws-local/lambda/store";
import { JobStore } from "@rushes/aws-local/mediaconvert/store";
import { start as startS3 } from "@rushes/aws-local/s3/index";
import { start as startMail } from "@rushes/aws-local/ses/index";
import { wiring } from "@rushes/core/wiring";
import { hasAccount } from "@rushes/identity/accounts";
import { signingKeys } from "@rushes/identity/keys";
import { openRows } from "@rushes/identity/rows";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { openData } from "./data.ts";
import { fill, shared } from "./verify/filled.fixture.ts";

let filled: string;
beforeAll(async () => {
  filled = join(await mkdtemp(join(tmpdir(), "rushes-corrupt-")), "data");
  await fill(filled);
  return () => rm(join(filled, ".."), { recursive: true });
});

/** Files that every start rewrites, or reads only to compare. data.flow.test.ts covers the version. */
const FREE = /^version$|lock\/|\/(LOCK|LOG|LOG\.old)$|\.(seal|daily)$/;

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !FREE.test(name));
}

/** Opens and closes the parts of a stack in the order of a start. Returns every message. */
async function startParts(path: string): Promise<string[]> {
  const said: string[] = [];
  const onDamage = (sentence: string) => void said.push(sentence);
  const open: { close(): Promise<void> }[] = [];
  const keep = async <T extends { close(): Promise<void> }>(part: Promise<T>) => {
    open.push(await part);
    return part;
  };
  const at = (name: string) => join(path, name);
  try {
    const { credentials } = await keep(openData(path));
    await hasAccount(at("identity"));
    await signingKeys(at("identity"));
    said.push(...(await keep(openRows(at("identity/rows")))).damage);
    await loadMediaKeys(at("media"));
    const common = { ...shared, credentials, onDamage };
    await keep(
      startDynamo({
        ...common,
        dataDir: at("dynamo"),
        tables: wiring.tables,
        // The folder was closed cleanly, so no database can still be stopping.
        hasObjects: true,
        retryForMs: 0,
      }),
    );
    await keep(
      startS3({
        ...common,
        dataDir: at("s3"),
        deliver: async () => {},
        buckets: wiring.buckets.map(({ name }) => ({ name, notifications: [] })),
        scrub: { delayMs: 0, bytesPerSecond: 1e9, everyMs: 0 },
      }),
    );
    await keep(startMail({ ...common, dataDir: at("mail") }));
    said.push(...(await keep(RunnerStore.open(at("events")))).damage);
    said.push(...(await keep(JobStore.open(at("mediaconvert/store")))).damage);
    // Checks that run in the background of a start: lengths, bytes, mails.
    const ends = Date.now() + 400;
    while (said.length === 0 && Date.now() < ends) await new Promise((done) => setTimeout(done, 5));
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    said.push(error instanceof Error ? error.message : "");
  } finally {
    for (const part of open.reverse()) await part.close();
  }
  return said;
}

const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

async function hashesOf(folder: string): Promise<Set<string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const all = names.map(async (entry) =>
    hashOf(await readFile(join(entry.parentPath, entry.name))),
  );
  return new Set(await Promise.all(all));
}

/** Files whose damage looks like a crash, or does not matter, so a start need not report it. */
const isSilent = (name: string, isCut: boolean) =>
  // The end of a log, which a crash may cut off.
  (isCut && /(events|identity\/rows|mediaconvert\/store)\/\d+\.log$/.test(name)) ||
  // Rewritten from its row.
  /blobs\/[0-9a-f]+\.json$/.test(name);

async function copyOf(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), "rushes-corrupt-"));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  await cp(filled, join(parent, "data"), { recursive: true });
  return join(parent, "data");
}

test("starts from an intact folder without a message", async () => {
  expect(await startParts(await copyOf())).toEqual([]);
});

test.each(["a changed byte", "no end"])(
  "every kind of file with %s",
  async (harm) => {
    for (const name of await filesOf(filled)) {
      const isCut = harm === "no end";
      if (isSilent(name, isCut)) continue;
      const folder = await copyOf();
      const path = join(folder, name);
      const bytes = await readFile(path);
      if (bytes.length === 0) continue;
      const middle = Math.floor(bytes.length / 2);

      const damaged = isCut ? bytes.subarray(0, middle) : Buffer.from(bytes);
      if (!isCut) damaged[middle] = (damaged[middle] ?? 0) ^ 1;
      await writeFile(path, damaged);

      const said = await startParts(folder);
      expect(said, name).not.toEqual([]);
      for (const sentence of said) expect(sentence, name).toMatch(/^[A-Z0-9/].{30,}\.$/s);
      const after = await hashesOf(folder);
      // As after a crash, a log without its end is deleted when its rows have been read.
      const isKept = after.has(hashOf(damaged)) || (isCut && name.endsWith(".log"));
      expect(isKept, `${name} is still there`).toBe(true);
      for (const blob of (await filesOf(filled)).filter((one) => /blobs\/[0-9a-f]+$/.test(one))) {
        if (blob === name) continue;
        const intact = hashOf(await readFile(join(filled, blob)));
        expect(after.has(intact), `${blob} after ${name}`).toBe(true);
      }
    }
  },
  120_000,
);
