import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start as startMail } from "@rushes/aws-local/ses/index";
import { hasAccount, openAccounts } from "@rushes/identity/accounts";
import { isPassword } from "@rushes/identity/password";
import { runCommand } from "@rushes/testing/cli";
import { beforeAll, describe, expect, test } from "vitest";
import { openData } from "../data.ts";
import { removeRun, writeRun } from "../run.ts";

const COMMAND = join(import.meta.dirname, "user.ts");
const PASSWORD = "a quiet cutting room";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-user-"));
});

const accounts = () => openAccounts(join(folder, "identity"));

const user = (args: string[], { stdin, ...env }: Record<string, string> = {}) =>
  runCommand({ command: COMMAND, args, dataDir: folder, stdin, env });

describe("npm run user", () => {
  test("creates the first account before the first start, and prints only the link to stdout", async () => {
    const before = await hasAccount(join(folder, "identity"));
    const made = await user(["add", "Ann@example.com", "--admin", "--name", "Ann"]);

    expect(made.code).toBe(0);
    expect(made.out).toMatch(/^http:\/\/127\.0\.0\.1:3000\/identity\/welcome\/[\w-]{43}\n$/);
    const code = made.out.trim().split("/").at(-1) ?? "";
    expect(made.said).not.toContain(code);
    expect([before, await hasAccount(join(folder, "identity"))]).toEqual([false, true]);
    expect(await accounts().byInvite(code)).toMatchObject({ admin: true, name: "Ann" });
    const file = join(folder, "identity", "accounts.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).not.toContain(code);
    // A start accepts the folder afterwards.
    await (await openData(folder)).close();
  });

  test("creates the link for the URL of public mode", async () => {
    const url = "https://video.example.com";
    const made = await user(["password", "ann@example.com"], { RUSHES_PUBLIC_URL: url });
    expect(made.out).toMatch(/^https:\/\/video\.example\.com\/identity\/welcome\/[\w-]{43}\n$/);
  });

  test("also mails the link while Rushes runs", async () => {
    const credentials = { accessKeyId: "local", secretAccessKey: "secret" };
    const where = { host: "127.0.0.1", port: 0, region: "us-east-1", credentials };
    const mail = await startMail({ ...where, dataDir: join(folder, "mail") });
    await writeRun(folder, {
      pid: process.pid,
      started: new Date().toISOString(),
      addresses: { dashboard: mail.url, inbox: mail.inboxUrl },
      control: { url: mail.url, token: "none" },
      env: {
        AWS_REGION: where.region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_ENDPOINT_URL_SESV2: mail.url,
        SST_RESOURCE_Email: JSON.stringify({ sender: "rushes@localhost.localdomain" }),
      },
    });
    const made = await user(["add", "cleo@example.com"]);
    const mails = await fetch(`${mail.url}/inbox.json`).then((answer) => answer.json());
    await removeRun(folder);
    await mail.close();

    expect(made.code).toBe(0);
    expect(mails).toMatchObject([{ to: ["cleo@example.com"] }]);
    expect(mails[0].text).toContain(made.out.trim());
  });

  test("sets a password from stdin, and rejects a weak one", async () => {
    const weak = await user(["password", "ann@example.com", "--password-stdin"], {
      stdin: "short\n",
    });
    const args = ["add", "bob@example.com", "--password-stdin"];
    const set = await user(args, { stdin: `${PASSWORD}\n` });

    expect(weak).toMatchObject({ code: 1, out: "", said: expect.stringContaining("at least 12") });
    expect(set).toMatchObject({ code: 0, out: "" });
    const { passwordHash } = (await accounts().byEmail("BOB@example.com")) ?? {};
    expect(await isPassword(PASSWORD, passwordHash)).toBe(true);
  });

  test("loses no account when many commands run at once", async () => {
    const names = Array.from({ length: 4 }, (_, at) => `many${at}@example.com`);
    const outcomes = await Promise.all(names.map((name) => user(["add", name])));

    expect(outcomes.map(({ code }) => code)).toEqual(names.map(() => 0));
    const kept = (await accounts().list()).map(({ email }) => email);
    expect(kept).toEqual(expect.arrayContaining(names));
  });

  test("lists accounts, adds and removes the admin role, and removes accounts", async () => {
    await user(["admin", "bob@example.com", "on"]);
    const listed = await user(["list"]);
    await user(["admin", "bob@example.com", "off"]);
    const off = await accounts().byEmail("bob@example.com");
    await user(["remove", "bob@example.com"]);

    expect(listed.out).toMatch(/^bob@example\.com {2}admin {2}has a password$/m);
    expect(off?.admin).toBe(false);
    expect(await accounts().byEmail("bob@example.com")).toBeUndefined();
  });

  test("prints what is wrong, without a stack", async () => {
    const wrong: [string[], string][] = [
      [["add", "ANN@example.com"], "already has an account"],
      [["add", "no address"], "is not an email address"],
      [["remove", "nobody@example.com"], "No account has the address"],
      [["add", "x@example.com", "--unknown"], "Usage"],
      [[], "Usage"],
    ];
    const answers = await Promise.all(wrong.map(([args]) => user(args)));
    for (const [at, { code, out, said }] of answers.entries()) {
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(said).toContain(wrong[at]?.[1]);
      expect(said).not.toContain("    at ");
    }
  });

  test("does not write accounts into a foreign folder or over a damaged file", async () => {
    const other = await mkdtemp(join(tmpdir(), "rushes-other-"));
    await writeFile(join(other, "thesis.txt"), "mine");
    const strange = await user(["add", "eve@example.com"], { RUSHES_DATA_DIR: other });
    const file = join(folder, "identity", "accounts.json");
    await writeFile(file, "{");
    const damaged = await user(["add", "eve@example.com"]);

    expect(strange.said).toContain("contains other files");
    expect(damaged).toMatchObject({ code: 1, said: expect.stringContaining("is damaged") });
    expect(await readFile(file, "utf8")).toBe("{");
  });
});
