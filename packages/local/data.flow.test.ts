import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DataFolder, openData } from "./data.ts";

let path: string;
const opened: DataFolder[] = [];
const open = async (
  ...options: Parameters<typeof openData> extends [string, ...infer R] ? R : []
) => {
  const folder = await openData(path, ...options);
  opened.push(folder);
  return folder;
};

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "rushes-data-"));
});
afterEach(async () => {
  for (const folder of opened.splice(0)) await folder.close();
  await rm(path, { recursive: true, force: true });
});

test("the key pair is random, kept over restarts, and nobody else may read it", async () => {
  const first = await open();
  await first.close();
  const second = await open();
  expect(second.credentials).toEqual(first.credentials);
  expect((await stat(join(path, "secrets.json"))).mode & 0o777).toBe(0o600);
});

test("two homes cannot use one folder at once", async () => {
  const first = await open();
  await expect(open({ patienceMs: 0 })).rejects.toThrow(/Another Rushes is running on/);
  await first.close();
  await open({ patienceMs: 0 });
});

test("a home that was killed with -9 leaves no lock behind", async () => {
  const program = `import { openData } from ${JSON.stringify(join(import.meta.dirname, "data.ts"))};
await openData(${JSON.stringify(path)}); console.log("open"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  await expect(open({ patienceMs: 0 })).rejects.toThrow(/Another Rushes/);
  child.kill("SIGKILL");
  await once(child, "close");
  await open({ patienceMs: 0 });
});

test("data of an earlier version is brought up step by step, once", async () => {
  await (await open({ version: 1 })).close();
  const steps: number[] = [];
  const migrations = { 1: async () => void steps.push(1), 2: async () => void steps.push(2) };
  await (await open({ version: 3, migrations })).close();
  await (await open({ version: 3, migrations })).close();
  expect(steps).toEqual([1, 2]);
  expect(await readFile(join(path, "version"), "utf8")).toBe("3\n");
});

test("data of a later version, or a folder of somebody's own, is left alone", async () => {
  await (await open({ version: 2 })).close();
  await expect(open({ version: 1 })).rejects.toThrow(
    /is of version 2, and this Rushes reads up to 1/,
  );
  await rm(path, { recursive: true });
  path = await mkdtemp(join(tmpdir(), "rushes-data-"));
  await writeFile(join(path, "thesis.txt"), "");
  await expect(open()).rejects.toThrow(/holds other files/);
  expect(await readdir(path)).toEqual(["thesis.txt"]);
});
