import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rushes, startSite } from "./stack.fixture.ts";

let site: Awaited<ReturnType<typeof startSite>>;

beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.stop());

/** The command with an API token, on a server that requires sign-in. */
const as = (RUSHES_TOKEN: string) => {
  return (...args: string[]) => rushes({ args, env: { RUSHES_URL: site.url, RUSHES_TOKEN } });
};

test("rushes key adds a key as shell commands, lists it without its secret, and revokes it", async () => {
  const run = as((await site.tokenOf("admin", ["keys"])).secret);
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
    new RegExp(`^${id}  \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\dZ  \\S+@\\S+  Card reader\\n$`),
  );
  expect(listed.out).not.toContain(secret);
  expect(await run("key", "revoke", id)).toEqual({ code: 0, out: `${id}: revoked\n`, said: "" });
  expect(await run("key", "revoke", id)).toEqual({
    ...{ code: 1, out: "", said: "There is no such access key.\n" },
  });
  expect(await run("key", "add", "a key", "--owner", "own_nobody")).toEqual({
    ...{ code: 1, out: "", said: "There is no such user.\n" },
  });
});

describe("rushes key says what is missing", () => {
  const rejection = (said: string) => ({ code: 1, out: "", said: `${said}\n` });

  test("with a token that has every other scope, even an admin's", async () => {
    const { secret } = await site.tokenOf("admin", ["upload", "read", "manage", "share"]);
    const message =
      'This token does not have the required scope. An admin can create one with the scope "keys".';
    expect(await as(secret)("key", "add", "a key")).toEqual(rejection(message));
  });

  test("once the token's owner is no admin any more", async () => {
    const { secret, become } = await site.tokenOf("admin", ["keys"]);
    await become("member");
    for (const args of [["list"], ["add", "a key"], ["revoke", "RSHK0000000000000000"]]) {
      expect(await as(secret)("key", ...args)).toEqual(rejection("Only an admin can do this."));
    }
    await become("admin");
    expect(await as(secret)("key", "list")).toMatchObject({ code: 0 });
  });

  test("with a token for keys alone, of everything else", async () => {
    const run = as((await site.tokenOf("admin", ["keys"])).secret);
    const id = "job_01J9ZQ3V5X8Y2K4M6N7P9R1S3T";
    const others = [["list"], ["show", id], ["download", id], ["retry", id], ["delete", id]];
    for (const args of others) {
      expect(await run(...args), args[0]).toMatchObject({
        code: 1,
        said: expect.stringMatching(/^This token does not have the required scope\. Create one /),
      });
    }
  });
});
