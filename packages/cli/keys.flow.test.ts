import { afterAll, beforeAll, expect, test } from "vitest";
import { rushes, startSite } from "./stack.fixture.ts";

let site: Awaited<ReturnType<typeof startSite>>;

beforeAll(async () => {
  site = await startSite({ required: false });
});
afterAll(() => site.stop());

const run = (...args: string[]) => rushes({ args, env: { RUSHES_URL: site.url } });

test("rushes key adds a key as shell commands, lists it without its secret, and revokes it", async () => {
  const added = await run("key", "add", "Card reader");
  expect(added).toMatchObject({
    code: 0,
    said: expect.stringMatching(/^RSHK\w{16} puts videos of /),
  });
  const id = /^export AWS_ACCESS_KEY_ID='(RSHK\w{16})'$/m.exec(added.out)?.[1] ?? "";
  const secret = /^export AWS_SECRET_ACCESS_KEY='([\w-]{43})'$/m.exec(added.out)?.[1] ?? "none";
  expect(added.out).toMatch(/^export AWS_ENDPOINT_URL_S3='http:\/\/127\.0\.0\.1:\d+'$/m);
  const listed = await run("key", "list");
  expect(listed.out).toMatch(
    new RegExp(`^${id}  \\d{4}-\\d\\d-\\d\\d  \\S+@\\S+  Card reader\\n$`),
  );
  expect(listed.out).not.toContain(secret);
  expect(await run("key", "revoke", id)).toEqual({ code: 0, out: `${id}: revoked\n`, said: "" });
  expect(await run("key", "revoke", id)).toEqual({
    ...{ code: 1, out: "", said: "There is no such access key.\n" },
  });
});

test("rushes key says what is wrong with an owner", async () => {
  expect(await run("key", "add", "a key", "--owner", "own_nobody")).toEqual({
    ...{ code: 1, out: "", said: "There is no such user.\n" },
  });
});
