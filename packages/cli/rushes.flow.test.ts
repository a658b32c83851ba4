import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ONE_FILE } from "@rushes/testing/one-file";
import { freePort } from "@rushes/testing/ports";
import { sampleVideo } from "@rushes/testing/sample-video";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PART_BYTES, SIZE_BYTES, variantOf, writeLargeClip } from "./clips.fixture.ts";
import { endOf, rushes, start, startProxy, startSite, untilPrinted } from "./stack.fixture.ts";

let site: Awaited<ReturnType<typeof startSite>>;
let folder: string;
let env: Record<string, string>;
let clip: Buffer;

beforeAll(async () => {
  [site, folder] = await Promise.all([startSite(), mkdtemp(join(tmpdir(), "rushes-cli-"))]);
  const token = await site.token(["upload", "read", "manage"]);
  env = { XDG_CONFIG_HOME: join(folder, "config"), RUSHES_URL: site.url, RUSHES_TOKEN: token };
  clip = await sampleVideo(folder, "clip.mp4");
});
afterAll(async () => {
  await site.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The environment of a command whose requests to the storage go through a proxy. */
const through = (proxyUrl: string) => ({
  ...{ ...env, NODE_USE_ENV_PROXY: "1", HTTP_PROXY: proxyUrl },
  NO_PROXY: new URL(site.url).host,
});

const run = (...args: string[]) => rushes({ args, env, cwd: folder });

test("a killed upload of many parts resumes with the missing part only", async () => {
  const file = await writeLargeClip(folder, "large.mp4", clip);
  const proxy = await startProxy();
  const proxied = through(proxy.url);
  const args = ["upload", file, "--wait", "--json"];
  proxy.state.stalledPart = "2";
  const killed = start({ args, env: proxied, cwd: folder });
  const closed = endOf(killed);
  await proxy.untilStored(5);
  killed.kill("SIGKILL");
  await closed;

  Object.assign(proxy.state, { stalledPart: "", sentBytes: 0 });
  const resumed = await rushes({ args, env: proxied, cwd: folder });
  proxy.close();
  expect(resumed).toMatchObject({ code: 0, said: "" });
  expect(JSON.parse(resumed.out)).toMatchObject({
    file,
    status: "complete",
    jobId: expect.stringMatching(/^job_/),
    sizeBytes: SIZE_BYTES,
    resumedBytes: SIZE_BYTES - PART_BYTES,
  });
  expect(proxy.state.sentBytes).toBe(PART_BYTES);

  const again = await run(...args);
  expect(JSON.parse(again.out)).toMatchObject({ resumedBytes: SIZE_BYTES });
  expect(JSON.parse(again.out).jobId).toBe(JSON.parse(resumed.out).jobId);
});

describe("an upload in progress", () => {
  /** Starts an upload whose second part gets no answer, and resolves when the other parts are stored. */
  async function startStalled(file: string) {
    const proxy = await startProxy();
    proxy.state.stalledPart = "2";
    const proxied = through(proxy.url);
    const child = start({ args: ["upload", file], env: proxied, cwd: folder });
    const result = endOf(child);
    await proxy.untilStored(2);
    return { child, proxy, result };
  }

  test("ends on Ctrl-C with a sentence and the code of a shell", async () => {
    const { child, proxy, result } = await startStalled(
      await writeLargeClip(folder, "interrupted.mp4", clip),
    );
    child.kill("SIGINT");
    expect(await result).toMatchObject({
      code: 130,
      said: expect.stringMatching(/Interrupted\. Run the same command again to continue\.\n$/),
    });
    proxy.close();
  });

  test("fails if the file changes while it is sent, and makes no video", async () => {
    const { proxy, result } = await startStalled(
      await writeLargeClip(folder, "changing.mp4", clip),
    );
    await appendFile(join(folder, "changing.mp4"), "more");
    proxy.resume();
    expect(await result).toMatchObject({
      code: 1,
      said: expect.stringMatching(/changing\.mp4 changed while it was sent\. Wait until /),
    });
    proxy.close();
    expect((await run("list", "--name", "changing")).said).toBe("There are no such videos.\n");
  });
});

describe("a watched folder", () => {
  /** Watches until the command has printed a line for each of these files, and returns the lines. */
  async function watchFor(files: number, work: () => Promise<void>, ...flags: string[]) {
    const XDG_STATE_HOME = join(folder, "state");
    const args = ["watch", "inbox", "--profile", ONE_FILE.profile, "--settle", "0.3", ...flags];
    const child = start({ args, env: { ...env, XDG_STATE_HOME }, cwd: folder });
    const result = endOf(child);
    await untilPrinted(child.stderr, /^Watching inbox\./m);
    await work();
    await untilPrinted(child.stdout, new RegExp(`^(?:[^\n]*\n){${files}}`));
    child.kill("SIGINT");
    const { code, out } = await result;
    expect(code).toBe(130);
    return out.trim().split("\n").sort();
  }

  test("uploads what appears in it, also between two runs, and nothing twice", async () => {
    const inbox = join(folder, "inbox");
    await mkdir(join(inbox, "b"), { recursive: true });
    await writeFile(join(inbox, "old.mp4"), clip);
    const first = await watchFor(2, async () => {
      await writeFile(join(inbox, ".hidden.mp4"), clip);
      await writeFile(join(inbox, "a.mp4"), clip);
      // In two steps, as a slow program writes.
      await writeFile(join(inbox, "b", "b.mp4"), clip.subarray(0, 100));
      await appendFile(join(inbox, "b", "b.mp4"), clip.subarray(100));
    });
    expect(first).toEqual([
      expect.stringMatching(/^inbox\/a\.mp4: uploaded, job_/),
      expect.stringMatching(/^inbox\/b\/b\.mp4: uploaded, job_/),
    ]);
    await writeFile(join(inbox, "c.mp4"), clip);
    const second = await watchFor(1, async () => {});
    expect(second).toEqual([expect.stringMatching(/^inbox\/c\.mp4: uploaded, job_/)]);
  });

  test("must exist", async () => {
    const { code, said } = await run("watch", "nowhere");
    expect({ code, said }).toEqual({ code: 1, said: "There is no folder nowhere.\n" });
  });
});

describe("a small video", () => {
  let id: string;

  test("uploads, and has a line with its job", async () => {
    const uploaded = await run("upload", "clip.mp4", "--profile", "original", "--wait");
    expect(uploaded).toMatchObject({ code: 0 });
    id = /^clip\.mp4: complete, (job_\w+)\n$/.exec(uploaded.out)?.[1] ?? "";
    expect(id).not.toBe("");
  });

  test("has the tags that it is uploaded with, which filter the list", async () => {
    await writeFile(join(folder, "tagged.mp4"), variantOf(clip, 9));
    const tags = ["--tag", "Day 1", "--tag", "B-roll", "--tag", "day 1"];
    const uploaded = await run("upload", ...tags, "tagged.mp4", "--json");
    const { jobId } = JSON.parse(uploaded.out);
    expect((await run("list", "--tag", "b-roll")).out).toMatch(new RegExp(`^${jobId} .*\\n$`));
    expect((await run("show", jobId)).out).toMatch(/^tags: +Day 1, B-roll$/m);
    await writeFile(join(folder, "other.mp4"), clip);
    expect(await run("upload", "other.mp4", "--tag", " ")).toMatchObject({ code: 1, out: "" });
  });

  test("is named if another file has its bytes, and uploaded again if you ask for it", async () => {
    await writeFile(join(folder, "copy of clip.mp4"), clip);
    const args = ["upload", "copy of clip.mp4", "--profile", "original"];
    expect(await run(...args)).toEqual({
      code: 0,
      out: `copy of clip.mp4: already there as “clip.mp4”, not uploaded (see --again), ${id}\n`,
      said: "",
    });
    expect(JSON.parse((await run(...args, "--json")).out)).toMatchObject({
      jobId: id,
      existing: "clip.mp4",
      resumedBytes: clip.length,
    });
    const again = JSON.parse((await run(...args, "--again", "--json")).out);
    expect(again).toMatchObject({ resumedBytes: 0, status: "uploaded" });
    expect(again.jobId).not.toBe(id);
    expect(await run("delete", again.jobId)).toMatchObject({ code: 0 });
  });

  test("appears in the list and shows its renditions", async () => {
    const listed = await run("list", "--name", "clip", "--status", "complete");
    expect(listed.out).toMatch(
      new RegExp(`^${id}  complete .* \\d{4}-\\S+T\\d\\d:\\d\\dZ  clip\\.mp4\\n$`),
    );
    const shown = await run("show", id);
    expect(shown.out).toMatch(/status:\s+complete\n/);
    expect((await run("open", id)).out).toBe(`${site.url}/jobs/${id}\n`);
    expect(shown.out).toMatch(/1080p\s+\S+ kB {2}320×180\n/);
  });
});

describe("a video that was uploaded", () => {
  test("downloads as it was, once, and can be encoded again and deleted", async () => {
    await writeFile(join(folder, "keep.mp4"), variantOf(clip, 8));
    const args = ["upload", "keep.mp4", "--wait", "--json"];
    const { jobId: id } = JSON.parse((await run(...args)).out);
    const download = () => run("download", id, "--rendition", "original", "--output", "copy.mp4");
    expect(await download()).toEqual({ code: 0, out: "copy.mp4\n", said: "" });
    const [copy, kept] = await Promise.all(
      ["copy.mp4", "keep.mp4"].map((name) => readFile(join(folder, name))),
    );
    expect(copy).toEqual(kept);
    expect(await download()).toMatchObject({ code: 1, said: "copy.mp4 already exists.\n" });
    expect((await run("retry", id)).out).toMatch(/: (received|submitted|progressing)\n$/);
    expect(await run("delete", id)).toEqual({ code: 0, out: `${id}: deleted\n`, said: "" });
    expect(await run("show", id)).toMatchObject({ code: 1, said: "There is no such video.\n" });
    // The server no longer has the video, so the same file is a new one.
    expect(JSON.parse((await run(...args)).out)).toMatchObject({ resumedBytes: 0 });
  });
});

describe("a folder", () => {
  test("uploads its files, but none that are hidden or from the system", async () => {
    const day = join(folder, "day");
    await mkdir(join(day, "b"), { recursive: true });
    await writeFile(join(day, ".hidden.mp4"), clip);
    await writeFile(join(day, "Thumbs.db"), "system");
    await writeFile(join(day, "a.mp4"), variantOf(clip, 10));
    await writeFile(join(day, "b", "b.mp4"), variantOf(clip, 11));
    const { code, out } = await run("upload", "day", "--json");
    expect(code).toBe(0);
    const files = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).file);
    expect(files.sort()).toEqual(["day/a.mp4", "day/b/b.mp4"]);
  });

  test("without files fails with a sentence", async () => {
    await mkdir(join(folder, "empty"));
    expect(await run("upload", "empty")).toEqual({
      code: 1,
      out: "",
      said: "empty: There are no files to upload in empty.\n",
    });
  });
});

describe("a failure has a sentence and an exit code", () => {
  test("for a file that does not exist, after the other files", async () => {
    await writeFile(join(folder, "last.mp4"), variantOf(clip, 12));
    const { code, out, said } = await run("upload", "none.mp4", "last.mp4");
    expect({ code, said }).toEqual({ code: 1, said: "none.mp4: There is no file none.mp4.\n" });
    expect(out).toMatch(/^last\.mp4: uploaded, job_/);
  });

  test("for an empty file", async () => {
    await writeFile(join(folder, "empty.mp4"), "");
    const { code, said } = await run("upload", "empty.mp4");
    expect({ code, said }).toEqual({
      code: 1,
      said: "empty.mp4: This file is empty. Choose another file, or export it again.\n",
    });
  });

  test("for a server that does not respond", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await rushes({ args: ["list"], env: { ...env, RUSHES_URL: url } })).toEqual({
      code: 1,
      out: "",
      said: `${url} does not respond. Check the address, and that Rushes is running there.\n`,
    });
  });

  test("for a wrong token", async () => {
    const RUSHES_TOKEN = `rsh_${"0".repeat(38)}`;
    const { code, said } = await rushes({ args: ["list"], env: { ...env, RUSHES_TOKEN } });
    expect(code).toBe(1);
    expect(said).toMatch(/^The server requires a valid API token\. .* run `rushes login`\.\n$/);
  });

  test("for wrong arguments", async () => {
    expect(await run("upload")).toMatchObject({ code: 2, out: "" });
    expect(await run("list", "--status", "done")).toMatchObject({
      code: 2,
      said: expect.stringMatching(/^"done" is not a status\. Choose one of received, /),
    });
  });
});
