import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CliError } from "@rushes/core/cli-error";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DataFolder, openData } from "./data.ts";
import { findRun } from "./run.ts";

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

test("creates a random access key and another secret, keeps them over restarts, and hides them from other users", async () => {
  const first = await open();
  await first.close();
  const second = await open();
  expect(second.credentials).toEqual(first.credentials);
  expect(second.secret).toBe(first.secret);
  expect(first.secret).not.toBe(first.credentials.secretAccessKey);
  expect((await stat(join(path, "secrets.json"))).mode & 0o777).toBe(0o600);
});

test("rejects a second process on the same folder", async () => {
  const first = await open();
  await expect(open({ timeoutMs: 0 })).rejects.toThrow(/Another Rushes is running on/);
  await first.close();
  await open({ timeoutMs: 0 });
});

test("opens after the previous process was killed with -9", async () => {
  const program = `import { openData } from ${JSON.stringify(join(import.meta.dirname, "data.ts"))};
await openData(${JSON.stringify(path)}); console.log("open"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  await expect(open({ timeoutMs: 0 })).rejects.toThrow(/Another Rushes/);
  child.kill("SIGKILL");
  await once(child, "close");
  await open({ timeoutMs: 0 });
});

test("upgrades data of an earlier version step by step, once", async () => {
  await (await open({ version: 1 })).close();
  const steps: number[] = [];
  const migrations = { 1: async () => void steps.push(1), 2: async () => void steps.push(2) };
  await (await open({ version: 3, migrations })).close();
  await (await open({ version: 3, migrations })).close();
  expect(steps).toEqual([1, 2]);
  expect(await readFile(join(path, "version"), "utf8")).toBe("3\n");
});

test("rejects a folder that cannot be written or is a file, and says what to do", async () => {
  const file = join(path, "file");
  await writeFile(file, "");
  await expect(openData(file)).rejects.toThrow(/is not a folder. Remove that file/);
  const closed = join(path, "closed");
  await mkdir(closed, { mode: 0o555 });
  await chmod(path, 0o755);
  const program = `import { openData } from ${JSON.stringify(join(import.meta.dirname, "data.ts"))};
await openData(${JSON.stringify(closed)}).catch((error) => console.log(error.message));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
    // Root can write everywhere, and another user cannot. That user must be able to read Node itself.
    ...(process.getuid?.() === 0 && { uid: 65_534 }),
  });
  const [said] = await once(child.stdout, "data");
  expect(String(said)).toMatch(
    /is not writable by this user. Change its owner or mode with chown or chmod/,
  );
});

test("says that a missing key file was replaced, and what that costs", async () => {
  const first = await open();
  expect(first.damage).toEqual([]);
  await first.close();
  const second = await open();
  expect(second.damage).toEqual([]);
  await second.close();
  await rm(join(path, "secrets.json"));
  expect((await open()).damage).toEqual([
    expect.stringMatching(/secrets.json was missing.*share links and access keys.*backup/),
  ]);
});

test("reports a damaged run.json in a sentence", async () => {
  for (const text of ["", "{}", '{"pid":1', "\0\0"]) {
    await writeFile(join(path, "run.json"), text);
    await expect(findRun(path)).rejects.toThrow(CliError);
    await expect(findRun(path)).rejects.toThrow(/run.json is damaged. .* delete the file\.$/);
  }
});

test("rejects a damaged key file, says what to do, and does not replace it", async () => {
  await (await open()).close();
  const file = join(path, "secrets.json");
  const text = await readFile(file, "utf8");
  const flipped = text.replace(/"secretAccessKey":"./, (found) =>
    found.endsWith("A") ? found.replace(/.$/, "B") : found.replace(/.$/, "A"),
  );
  for (const damaged of ["", text.slice(0, 40), flipped]) {
    await writeFile(file, damaged);
    await expect(open()).rejects.toThrow(/secrets.json is damaged; restore it from a backup/);
    expect(await readFile(file, "utf8")).toBe(damaged);
  }
});

test.each(["1", "2"])(
  "keeps the app's secret of version %s and replaces the access key, once",
  async (version) => {
    const keys = { accessKeyId: "RUSHES1", secretAccessKey: "as before" };
    const upgrade = async () => {
      await writeFile(join(path, "version"), `${version}\n`);
      const { credentials, secret, close } = await openData(path);
      await close();
      return { credentials, secret };
    };
    await writeFile(join(path, "version"), `${version}\n`);
    await writeFile(join(path, "secrets.json"), JSON.stringify(keys));
    const first = await upgrade();
    expect(first.secret).toBe(keys.secretAccessKey);
    expect(first.credentials.accessKeyId).not.toBe(keys.accessKeyId);
    expect(first.credentials.secretAccessKey).not.toBe(keys.secretAccessKey);
    expect(await readFile(join(path, "secrets.json"), "utf8")).toContain('"checksum"');
    expect(await readFile(join(path, "version"), "utf8")).toBe("3\n");
    // A power failure between the step and the new version repeats the step.
    expect(await upgrade()).toEqual(first);
  },
);

test("does not upgrade a folder whose key file is damaged", async () => {
  await writeFile(join(path, "version"), "2\n");
  await writeFile(join(path, "secrets.json"), '{"accessKeyId":"RUSHES1"}');
  await expect(open()).rejects.toThrow(/secrets.json is damaged; restore it from a backup/);
  expect(await readFile(join(path, "version"), "utf8")).toBe("2\n");
});

test("says how to restore a missing or damaged version file", async () => {
  await writeFile(join(path, "version"), "");
  await expect(open()).rejects.toThrow(/"version" in .* is damaged. If .* write 3 into that file/);
  await rm(join(path, "version"));
  await mkdir(join(path, "s3"));
  await mkdir(join(path, "dynamo"));
  await expect(open()).rejects.toThrow(/"version" in .* is missing. If .* write 3 into that file/);
});

test("changes nothing in data of a later version or in a foreign folder", async () => {
  await (await open({ version: 2 })).close();
  await expect(open({ version: 1 })).rejects.toThrow(
    /has version 2, and this Rushes reads up to version 1/,
  );
  await rm(path, { recursive: true });
  path = await mkdtemp(join(tmpdir(), "rushes-data-"));
  await writeFile(join(path, "thesis.txt"), "");
  await expect(open()).rejects.toThrow(/contains other files/);
  expect(await readdir(path)).toEqual(["thesis.txt"]);
});
