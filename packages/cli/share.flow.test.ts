import { OWNER } from "@rushes/testing/owner";
import { fill, jobRow, withSource } from "@rushes/testing/rows";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rushes, startSite } from "./stack.fixture.ts";

let site: Awaited<ReturnType<typeof startSite>>;
let run: (...args: string[]) => ReturnType<typeof rushes>;
let id: string;

beforeAll(async () => {
  site = await startSite();
  const env = { RUSHES_URL: site.url, RUSHES_TOKEN: await site.token(["share"]) };
  run = (...args) => rushes({ args, env });
  const row = await withSource(jobRow({ ownerId: OWNER.ownerId }));
  await fill([row]);
  id = row.id;
});
afterAll(() => site.stop());

const links = async () => (await run("share", id, "--list")).out.split("\n").filter(Boolean);
/** Whether the link plays the video without sign-in. */
async function opens(url: string): Promise<boolean> {
  const address = url.split("/").at(-1);
  return (await fetch(`${site.url}/api/watch/${address}`, { method: "POST" })).ok;
}

test("a token with the scope share creates links, lists them and revokes them, with sign-in required", async () => {
  const { out, ...made } = await run("share", id, "--expires", "48");
  expect(made).toEqual({ code: 0, said: "" });
  const url = out.trim();
  expect(await opens(url)).toBe(true);
  const second = JSON.parse((await run("share", id, "--json")).out);
  expect(second).toMatchObject({ jobId: id, url: expect.stringMatching(/\/watch\//) });
  const end = new Date(Date.now() + 48 * 3_600_000).toISOString().slice(0, 10);
  const minute = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\dZ";
  expect(await links()).toEqual([
    expect.stringMatching(new RegExp(`^${second.id}  ${minute}  until revoked  ${second.url}$`)),
    expect.stringMatching(new RegExp(`^shr_\\w+  \\S+  until ${end}T\\d\\d:\\d\\dZ  ${url}$`)),
  ]);

  const revoked = await run("unshare", url, second.id);
  expect(revoked).toEqual({ code: 0, out: `${url}: revoked\n${second.id}: revoked\n`, said: "" });
  expect(await opens(url)).toBe(false);
  expect(await run("share", id, "--list")).toEqual({
    ...{ code: 0, out: "", said: "This video has no share links.\n" },
  });
});

test("says what is wrong with a link, an end, and a token without the scope", async () => {
  const gone = { code: 1, out: "", said: "There is no such share.\n" };
  expect(await run("unshare", "https://example.com/elsewhere")).toEqual(gone);
  for (const hours of ["8761", "soon"]) {
    expect(await run("share", id, "--expires", hours), hours).toEqual({
      ...{ code: 2, out: "" },
      said: "--expires must be a whole number of hours from 1 to 8760.\n",
    });
  }
  const env = { RUSHES_URL: site.url, RUSHES_TOKEN: await site.token(["manage"]) };
  expect(await rushes({ args: ["share", id], env })).toMatchObject({
    ...{ code: 1, out: "" },
    said: 'This token does not have the required scope. Create one with the scope "share".\n',
  });
});
