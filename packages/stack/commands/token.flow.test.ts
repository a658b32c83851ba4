import { join } from "node:path";
import { runCommand } from "@rushes/testing/cli";
import { fill } from "@rushes/testing/rows";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeRun } from "../run.ts";

const COMMAND = join(import.meta.dirname, "token.ts");

let stack: Stack;
let resolve: typeof import("@rushes/core/token/index").resolve;

beforeAll(async () => {
  stack = await startStack();
  ({ resolve } = await import("@rushes/core/token/index"));
  const { key, index } = await import("@rushes/core/table/index");
  const time = { created: "2031-05-06T10:00:00.000Z", seen: "2031-05-06T10:00:00.000Z" };
  const user = (id: string, email: string, role = "member") => ({
    ...key.user(id),
    ...index.users(email, id),
    id,
    email,
    time,
    role,
    issuer: "https://id.example.com",
    subject: id,
    disabled: false,
  });
  await fill([
    user("own_anna", "anna@example.com"),
    user("own_boss", "boss@example.com", "admin"),
    user("own_twin1", "twin@example.com"),
    user("own_twin2", "Twin@example.com"),
  ]);
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^(SST_RESOURCE|AWS)_/.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
  await writeRun(stack.folder, {
    pid: process.pid,
    started: new Date().toISOString(),
    env,
    addresses: { dashboard: "http://127.0.0.1:3000", inbox: stack.inboxUrl },
    control: { url: "http://127.0.0.1:1", token: "control" },
  });
});
afterAll(() => stack.close());

const token = (...args: string[]) => runCommand({ command: COMMAND, args, dataDir: stack.folder });

describe("npm run token", () => {
  test("creates a token with only its secret on stdout, lists it, and revokes it", async () => {
    const made = await token("add", "night job", "--scopes", "upload, read", "--expires", "7");
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^rsh_\w{38}\n$/) });
    const secret = made.out.trim();
    const owner = await resolve(secret);
    expect(owner).toMatchObject({ ownerId: "local", scopes: ["upload", "read"] });
    const id = /tok_\w+/.exec(made.said)?.[0] ?? "";
    expect(made.said).not.toContain(secret);

    const { out } = await token("list");
    expect(out).toMatch(`${id}  ${secret.slice(0, 8)}…  you@example.com  upload,read`);
    expect(out).toContain("night job");
    expect(out).not.toContain(secret);

    expect(await token("revoke", id)).toMatchObject({ code: 0, out: "" });
    expect(await resolve(secret)).toBeUndefined();
    const again = { code: 1, said: expect.stringContaining("There is no token") };
    expect(await token("revoke", id)).toMatchObject(again);
  });

  test("creates a token for another user, but not for an ambiguous or unknown one", async () => {
    const made = await token("add", "ci", "--scopes=manage", "--owner", "Anna@Example.com");
    expect(await resolve(made.out.trim())).toMatchObject({ ownerId: "own_anna" });
    const { out } = await token("list", "--owner", "anna@example.com");
    expect(out.trim().split("\n")).toHaveLength(1);
    const rejected = await Promise.all(
      ["nobody@example.com", "twin@example.com"].map((email) =>
        token("add", "ci", "--scopes=read", "--owner", email),
      ),
    );
    expect(rejected).toMatchObject([
      { code: 1, out: "", said: expect.stringContaining("nobody@example.com has signed in") },
      { code: 1, out: "", said: expect.stringContaining("Several users") },
    ]);
  });

  test("gives the scope for access keys to admins only", async () => {
    const add = (email: string) => token("add", "ci", "--scopes=keys", "--owner", email);
    const made = await add("boss@example.com");
    expect(await resolve(made.out.trim())).toMatchObject({ role: "admin", scopes: ["keys"] });
    const said = 'Only an admin can create a token with the scope "keys".\n';
    expect(await add("anna@example.com")).toMatchObject({ code: 1, out: "", said });
  });

  test("prints its usage for missing or wrong arguments", async () => {
    const wrong = [[], ["add", "x"], ["add", "x", "--scopes", "everything"], ["list", "--all"]];
    for (const answer of await Promise.all(wrong.map((args) => token(...args)))) {
      expect(answer).toMatchObject({ code: 1, out: "", said: expect.stringContaining("--scopes") });
    }
  });
});
