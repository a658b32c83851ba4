import { cp, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { start as startDynamo } from "@rushes/aws-local/dynamodb/index";
import { wiring } from "@rushes/core/wiring";
import { openAccounts } from "@rushes/identity/accounts";
import { runCommand } from "@rushes/testing/cli";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeRun } from "../run.ts";

const COMMAND = join(import.meta.dirname, "../commands/user.ts");
const ISSUER = "https://video.example.com/identity";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^(SST_RESOURCE|AWS)_/.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
  await writeFile(join(stack.folder, "version"), "1\n");
  await writeRun(stack.folder, {
    pid: process.pid,
    started: new Date().toISOString(),
    env,
    addresses: { dashboard: "http://127.0.0.1:3000", inbox: stack.inboxUrl },
    control: { url: "http://127.0.0.1:1", token: "control" },
  });
});
afterAll(() => stack.close());

const user = (...args: string[]) => userOf(stack.folder, ...args);

const userOf = (dataDir: string, ...args: string[]) =>
  runCommand({ command: COMMAND, args, dataDir });

/** A user with an account who has signed in to the running stack. */
async function signedIn(email: string) {
  const accounts = openAccounts(join(stack.folder, "identity"));
  await accounts.add({ email, admin: false });
  const account = await accounts.byEmail(email);
  const [{ withActor }, User, Session, Table] = await Promise.all([
    import("@rushes/core/actor"),
    import("@rushes/core/user/index"),
    import("@rushes/core/session/index"),
    import("@rushes/core/table/index"),
  ]);
  const identity = { issuer: ISSUER, subject: account?.id ?? "", email, emailVerified: true };
  return withActor({ type: "system" }, async () => {
    const { id: ownerId } = await User.signIn({ ...identity, groups: [] });
    const { cookie } = await Session.create({ ownerId });
    const key = Table.key.user(ownerId);
    return {
      /** As a sign-in at a provider that names the user as an admin. */
      becomeAdmin: () => Table.apply(Table.update({ key, set: { role: "admin" } })),
      role: async () => (await Table.get(key))?.role,
      isSignedIn: async () => (await Session.resume(cookie)) !== undefined,
      signInAgain: () =>
        withActor({ type: "system" }, () => User.signIn({ ...identity, groups: [] })),
    };
  });
}

test("signs a removed user out at once and disables the user", async () => {
  const [ann, bob] = [await signedIn("ann@example.com"), await signedIn("bob@example.com")];

  const removed = await user("remove", "ann@example.com");

  expect(removed).toMatchObject({ code: 0, said: expect.not.stringContaining("    at ") });
  expect([await ann.isSignedIn(), await bob.isSignedIn()]).toEqual([false, true]);
  await expect(ann.signInAgain()).rejects.toMatchObject({ code: "user.disabled" });
});

test("signs out a user whose password is reset or who is no longer admin, without disabling the user", async () => {
  const [carl, dora] = [await signedIn("carl@example.com"), await signedIn("dora@example.com")];
  await Promise.all([carl.becomeAdmin(), dora.becomeAdmin()]);

  await user("password", "carl@example.com");
  await user("admin", "dora@example.com", "off");

  expect([await carl.isSignedIn(), await dora.isSignedIn()]).toEqual([false, false]);
  // A token with the scope `keys` works as long as its owner has the role.
  expect([await carl.role(), await dora.role()]).toEqual(["admin", "member"]);
  await expect(carl.signInAgain()).resolves.toMatchObject({ email: "carl@example.com" });
});

test("disables a user who is removed while the stack is stopped", async () => {
  await signedIn("eve@example.com");
  // The state that a killed stack leaves.
  const folder = await mkdtemp(join(tmpdir(), "rushes-killed-"));
  for (const name of ["dynamo", "identity", "version"]) {
    await cp(join(stack.folder, name), join(folder, name), { recursive: true });
  }

  const removed = await userOf(folder, "remove", "eve@example.com");
  const rows = await rowsOf(folder, "eve@example.com");

  expect(removed).toMatchObject({ code: 0 });
  expect(rows).toEqual({ disabled: true, sessions: 0 });
});

/** A user's rows in the table of a stopped stack. */
async function rowsOf(folder: string, email: string) {
  const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "secret" };
  const shared = { region: "us-east-1", credentials };
  const at = { host: "127.0.0.1", port: 0, dataDir: join(folder, "dynamo") };
  const dynamo = await startDynamo({ ...shared, ...at, tables: wiring.tables });
  const client = new DynamoDBClient({ ...shared, endpoint: dynamo.url });
  const { Items = [] } = await client.send(new ScanCommand({ TableName: "rushes" }));
  client.destroy();
  await dynamo.close();
  const person = Items.find((item) => item.email?.S === email && item.sk?.S === "USER");
  const sessions = Items.filter(
    ({ sk, ownerId }) => sk?.S === "SESSION" && ownerId?.S === person?.id?.S,
  );
  return { disabled: person?.disabled?.BOOL, sessions: sessions.length };
}
