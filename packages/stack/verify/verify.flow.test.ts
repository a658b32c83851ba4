import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { fill } from "./filled.fixture.ts";
import { verify } from "./index.ts";

let filled: string;
beforeAll(async () => {
  filled = join(await mkdtemp(join(tmpdir(), "rushes-verify-")), "data");
  await fill(filled);
  return () => rm(join(filled, ".."), { recursive: true });
});

async function copyOf(): Promise<string> {
  const copy = join(await mkdtemp(join(tmpdir(), "rushes-verify-")), "data");
  onTestFinished(() => rm(join(copy, ".."), { recursive: true }));
  await cp(filled, copy, { recursive: true });
  return copy;
}

/** Files that can change without loss: caches, logs, and files that the next start rewrites. */
const FREE =
  /^(version$|lock\/|identity\/lock\/)|\/(LOCK|LOG|LOG\.old)$|\.(seal|daily)$|blobs\/[0-9a-f]+\.json$/;

test("finds no problems in an intact folder, and changes nothing", async () => {
  const folder = await copyOf();
  const before = (await readdir(folder, { recursive: true })).sort();
  const report = await verify(folder);
  expect(report).toMatchObject({ objects: 2, bytes: 10_000, jobs: 1, mails: 1, problems: [] });
  expect(report.notes).toEqual([]);
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(before);
});

test("finds a changed byte and a truncation in every file with data", async () => {
  const names = (await readdir(filled, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(filled.length + 1))
    .filter((name) => !FREE.test(name));
  // Every kind exists, so that the test leaves none out unnoticed.
  for (const kind of [
    /secrets.json$/,
    /media\/keys.json$/,
    /identity\/keys.json$/,
    /accounts.json$/,
    /blobs\/[0-9a-f]+$/,
    /dynamo.db$/,
    /\.eml$/,
    /s3\/rows\/\d+.log$/,
    /events\/\d+.log$/,
    /s3\/rows\/CURRENT$/,
    /s3\/rows\/MANIFEST/,
    /store\/MANIFEST/,
    /identity\/rows\/CURRENT$/,
  ]) {
    expect(
      names.some((name) => kind.test(name)),
      String(kind),
    ).toBe(true);
  }
  const folder = await copyOf();
  for (const name of names) {
    const path = join(folder, name);
    const bytes = await readFile(path);
    // An empty log of a database without rows has no data to lose.
    if (bytes.length === 0) continue;
    const flipped = Buffer.from(bytes);
    const middle = Math.floor(bytes.length / 2);
    flipped[middle] = (flipped[middle] ?? 0) ^ 1;
    await writeFile(path, flipped);
    expect((await verify(folder)).problems, `${name} with a changed byte`).not.toEqual([]);
    // A crash may leave a log without its end. The job that needs the object shows that it is missing.
    if (!/events\/\d+.log$|identity\/rows\/\d+.log$/.test(name)) {
      await writeFile(path, bytes.subarray(0, middle));
      expect((await verify(folder)).problems, `${name} without its end`).not.toEqual([]);
    }
    await writeFile(path, bytes);
  }
  expect((await verify(folder)).problems).toEqual([]);
}, 60_000);

test("npm run verify reports damage and exits with 1", async () => {
  const folder = await copyOf();
  const command = join(import.meta.dirname, "../commands/verify.ts");
  const run = () =>
    promisify(execFile)(process.execPath, [command], {
      env: { NODE_ENV: "test", PATH: process.env.PATH ?? "", RUSHES_DATA_DIR: folder },
    });
  expect((await run()).stdout).toContain("Everything is intact.");
  const [blob = ""] = (await readdir(join(folder, "s3/blobs"))).filter((one) => !one.includes("."));
  await writeFile(join(folder, "s3/blobs", blob), Buffer.alloc(5000, "x"));
  await expect(run()).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/Damage: The object .* has changed bytes/),
  });
});
