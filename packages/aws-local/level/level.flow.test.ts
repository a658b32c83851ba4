import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CliError } from "@rushes/core/cli-error";
import { ClassicLevel } from "classic-level";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { acquireLock } from "./lock.ts";
import { openLevel } from "./open.ts";

/** The rows of the test databases; some compress well and some do not. */
const row = (at: number) => ({
  at,
  text: (at % 2 ? "x" : `${at * 7919}`).repeat(at < 15 ? 40 : 2000),
});

/** Writes `count` rows and kills its process, as in a crash. */
async function killed(folder: string, count: number): Promise<void> {
  const program = `import { openLevel } from ${JSON.stringify(join(import.meta.dirname, "open.ts"))};
const { level } = await openLevel(${JSON.stringify(folder)});
const row = ${row.toString()};
for (let at = 0; at < ${count}; at += 1)
  await level.put("row" + String(at).padStart(6, "0"), row(at), { sync: at === ${count - 1} });
process.kill(process.pid, "SIGKILL");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  await once(child, "close");
}

let small: string;
/** A database with tables, an index and a second log. */
let large: string;
const SMALL = 15;
const LARGE = 1500;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "rushes-level-"));
  [small, large] = [join(folder, "small"), join(folder, "large")];
  await Promise.all([killed(small, SMALL), killed(large, LARGE)]);
  return () => rm(folder, { recursive: true });
}, 60_000);

async function copyOf(folder: string): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), "rushes-level-"));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const copy = join(parent, "rows");
  await cp(folder, copy, { recursive: true });
  return copy;
}

const named = async (folder: string, pattern: RegExp) =>
  (await readdir(folder)).filter((name) => pattern.test(name)).map((name) => join(folder, name));

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] = (bytes[place] ?? 0) ^ 0x10;
  await writeFile(path, bytes);
}

/** Opens the database, counts its intact rows, and closes it. */
async function reopen(folder: string): Promise<{ intact: number; damage: string[] }> {
  const { level, damage } = await openLevel(folder);
  let intact = 0;
  for await (const [key, value] of level.iterator()) {
    expect(JSON.stringify(value) === JSON.stringify(row(Number(key.slice(3))))).toBe(true);
    intact += 1;
  }
  await level.close();
  return { intact, damage };
}

const asideOf = async (folder: string) =>
  (await readdir(dirname(folder))).filter((name) => name.includes(".damaged-"));

test("opens a database after a crash with all rows, and reports nothing", async () => {
  for (const [folder, count] of [
    [await copyOf(small), SMALL],
    [await copyOf(large), LARGE],
  ] as const) {
    expect(await reopen(folder)).toEqual({ intact: count, damage: [] });
    expect(await reopen(folder)).toEqual({ intact: count, damage: [] });
    expect(await readdir(dirname(folder))).toEqual(["rows"]);
  }
});

test("loses one row to a flipped byte in a log, keeps the damaged log, and reports it", async () => {
  const [log = ""] = await named(small, /\.log$/);
  const { length } = await readFile(log);
  // In headers, keys and values, from the first record to the last byte.
  for (const at of [0, 4, 5, 6, 7, 30, 200, Math.floor(length / 2), length - 60, length - 1]) {
    const folder = await copyOf(small);
    const [copy = ""] = await named(folder, /\.log$/);
    await flip(copy, at);
    const damaged = await readFile(copy);
    const { intact, damage } = await reopen(folder);
    expect(damage, `byte ${at}`).toHaveLength(1);
    expect(intact, `byte ${at}`).toBe(SMALL - 1);
    const [aside = ""] = await asideOf(folder);
    expect(damage[0]).toContain(aside);
    const [kept = ""] = await named(join(dirname(folder), aside), /\.log$/);
    expect(await readFile(kept)).toEqual(damaged);
    // The damage is repaired and not reported again.
    expect(await reopen(folder)).toEqual({ intact: SMALL - 1, damage: [] });
  }
});

test("accepts a log that ends within its last record, as after a crash", async () => {
  const [log = ""] = await named(small, /\.log$/);
  const { length } = await readFile(log);
  for (const cut of [1, 30, 60]) {
    const folder = await copyOf(small);
    const [copy = ""] = await named(folder, /\.log$/);
    await truncate(copy, length - cut);
    expect(await reopen(folder)).toEqual({ intact: SMALL - 1, damage: [] });
  }
  const folder = await copyOf(small);
  const [copy = ""] = await named(folder, /\.log$/);
  await writeFile(copy, Buffer.alloc(4096), { flag: "a" });
  expect(await reopen(folder)).toEqual({ intact: SMALL, damage: [] });
});

test("loses the rows of one block at most to damage in a table", async () => {
  const [table = ""] = await named(large, /\.ldb$/);
  const { length } = await readFile(table);
  for (const at of [10, Math.floor(length / 2), -200, -46, -1]) {
    const folder = await copyOf(large);
    await flip(join(folder, table.slice(large.length + 1)), at);
    const { intact, damage } = await reopen(folder);
    expect(damage, `byte ${at}`).toHaveLength(1);
    expect(intact, `byte ${at}`).toBeGreaterThan(LARGE - 20);
    expect(await asideOf(folder)).toHaveLength(1);
  }
  const folder = await copyOf(large);
  await truncate(join(folder, table.slice(large.length + 1)), Math.floor(length / 2));
  const { intact, damage } = await reopen(folder);
  expect(damage).toHaveLength(1);
  expect(intact).toBeGreaterThan(LARGE / 3);
});

test.each([
  ["a flipped CURRENT", /^CURRENT$/, (path: string) => flip(path, 3)],
  ["an empty CURRENT", /^CURRENT$/, (path: string) => truncate(path)],
  ["a missing CURRENT", /^CURRENT$/, (path: string) => rm(path)],
  ["a flipped manifest", /^MANIFEST/, (path: string) => flip(path, 20)],
  ["a truncated manifest", /^MANIFEST/, (path: string) => truncate(path, 40)],
  ["an empty manifest", /^MANIFEST/, (path: string) => truncate(path)],
  ["a missing manifest", /^MANIFEST/, (path: string) => rm(path)],
] as const)("loses no row to %s, and reports it", async (_, pattern, harm) => {
  const folder = await copyOf(large);
  const [path = ""] = await named(folder, pattern);
  await harm(path);
  const { intact, damage } = await reopen(folder);
  expect(damage).toHaveLength(1);
  expect(intact).toBe(LARGE);
  expect(await asideOf(folder)).toHaveLength(1);
});

test("reports a missing table or log, and keeps the other rows", async () => {
  for (const pattern of [/\.ldb$/, /\.log$/]) {
    const folder = await copyOf(large);
    const [path = ""] = await named(folder, pattern);
    await rm(path);
    const { intact, damage } = await reopen(folder);
    expect(damage).toHaveLength(1);
    expect(damage[0]).toContain("is missing");
    expect(intact).toBeGreaterThan(50);
  }
});

test("reports rows that LevelDB dropped, and keeps the log that it deletes", async () => {
  const folder = await copyOf(small);
  const [copy = ""] = await named(folder, /\.log$/);
  // An intact record that is not a batch: eight bytes with their CRC, which only LevelDB rejects.
  const { crc32c, mask } = await import("./crc.ts");
  const data = Buffer.from("\x01notbatch", "latin1");
  const head = Buffer.alloc(6);
  head.writeUInt32LE(mask(crc32c(data)), 0);
  head.writeUInt16LE(data.length - 1, 4);
  await writeFile(copy, Buffer.concat([head, data]), { flag: "a" });
  const written = await readFile(copy);

  const { intact, damage } = await reopen(folder);

  expect(intact).toBe(SMALL);
  expect(damage[0]).toContain("lost rows when it was opened");
  const [aside = ""] = await asideOf(folder);
  const [kept = ""] = await named(join(dirname(folder), aside), /\.log$/);
  expect(await readFile(kept)).toEqual(written);
});

test("moves a row with a wrong checksum to a file, and adds checksums to rows of older versions", async () => {
  const folder = await copyOf(small);
  const raw = new ClassicLevel(folder, { valueEncoding: "utf8" });
  await raw.put("row000020", JSON.stringify(row(20)));
  await raw.put("row000021", `~00000000${JSON.stringify(row(21))}`);
  await raw.close();

  const { intact, damage } = await reopen(folder);

  expect(intact).toBe(SMALL + 1);
  expect(damage).toEqual([expect.stringContaining("1 rows with a wrong checksum")]);
  const [aside = ""] = await asideOf(folder);
  expect(await readFile(join(dirname(folder), aside), "utf8")).toContain("row000021");
  const again = new ClassicLevel(folder, { valueEncoding: "utf8" });
  expect(await again.get("row000020")).toMatch(/^~[0-9a-f]{8}\{/);
  await again.close();
});

test("completes a rebuild that was killed between its two renames", async () => {
  const folder = await copyOf(small);
  await cp(folder, `${folder}.rebuilt`, { recursive: true });
  await rm(folder, { recursive: true });
  expect(await reopen(folder)).toEqual({ intact: SMALL, damage: [] });
});

test("opens the database although its lock files are damaged", async () => {
  const folder = join(await mkdtemp(join(tmpdir(), "rushes-level-")), "lock");
  const first = await acquireLock(folder, 0);
  await first?.close();
  for (const name of await readdir(folder)) if (name !== "LOCK") await truncate(join(folder, name));
  const second = await acquireLock(folder, 0);
  expect(second).toBeDefined();
  expect(await acquireLock(folder, 0)).toBeUndefined();
  await second?.close();
});

test.each(["CURRENT", /^MANIFEST/, /\.log$/, "LOCK"])(
  "says what to do if the system does not open %s, and changes nothing",
  async (pattern) => {
    const folder = await copyOf(small);
    const [path = ""] = await named(folder, new RegExp(pattern));
    await rm(path);
    // Like the rights of another user's file, which do not bind every user that runs the tests.
    await mkdir(path);
    const before = await readdir(folder);
    await expect(openLevel(folder)).rejects.toThrow(CliError);
    await expect(openLevel(folder)).rejects.toThrow(
      /cannot be opened \(.+\)\. Give this user the right/,
    );
    expect(await readdir(folder)).toEqual(expect.arrayContaining(before));
    expect(await asideOf(folder)).toEqual([]);
  },
);
