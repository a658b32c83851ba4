import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { rushes, startSite } from "./stack.fixture.ts";

let site: Awaited<ReturnType<typeof startSite>>;
let folder: string;

beforeAll(async () => {
  [site, folder] = await Promise.all([startSite(), mkdtemp(join(tmpdir(), "rushes-login-"))]);
});
afterAll(async () => {
  await site.stop();
  await rm(folder, { recursive: true, force: true });
});

const file = () => join(folder, "rushes", "login.json");
const run = (...args: string[]) => rushes({ args, env: { XDG_CONFIG_HOME: folder } });

test("login checks the token, stores it for its owner alone, and the next command uses it", async () => {
  const login = (token: string) => run("login", "--url", `${site.url}/`, "--token", token);
  expect(await login("wrong")).toMatchObject({ code: 1, out: "" });
  expect(await login(await site.token(["read"]))).toMatchObject({ code: 0, said: "" });
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(file(), "utf8"))).toMatchObject({ url: site.url });
  expect(await run("list")).toEqual({ code: 0, out: "", said: "There are no such videos.\n" });
});

test("login asks for a token if the server needs one, and says so without a terminal", async () => {
  const said = "There is no terminal to ask on. Give --url and --token.\n";
  expect(await run("login", "--url", site.url)).toEqual({ code: 2, out: "", said });
});

test("login asks for no token if the server needs none, and commands work without one", async () => {
  const { resource } = await import("@rushes/core/resource");
  const links = resource();
  const { SignIn } = links;
  links.SignIn = { required: false };
  onTestFinished(() => {
    links.SignIn = SignIn;
  });
  const stored = { code: 0, out: `Stored in ${file()}.\n`, said: "" };
  expect(await run("login", "--url", site.url)).toEqual(stored);
  expect(JSON.parse(await readFile(file(), "utf8"))).toEqual({ url: site.url });
  const none = { code: 0, out: "", said: "There are no access keys.\n" };
  expect(await run("key", "list")).toEqual(none);
});
