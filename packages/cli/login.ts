/** Which server the commands use, and with which token. */
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { answer, type Client, ClientError, connect } from "@rushes/client";
import * as z from "zod";
import { UsageError } from "./exit.ts";
import { ask } from "./prompt.ts";

const Login = z.object({ url: z.string(), token: z.string().optional() });
export type Login = z.infer<typeof Login>;

/** Where `npm start` serves by default. */
const USUAL_URL = "http://127.0.0.1:3000";

type Environment = Record<string, string | undefined>;

function fileIn({ XDG_CONFIG_HOME }: Environment): string {
  return join(XDG_CONFIG_HOME || join(homedir(), ".config"), "rushes", "login.json");
}

async function stored(env: Environment): Promise<Login | undefined> {
  const file = fileIn(env);
  try {
    return Login.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new UsageError(`${file} cannot be read. Run \`rushes login\` to write it again.`);
  }
}

/** The origin of a URL. Throws a `UsageError`. */
function originOf(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url).origin;
  throw new UsageError(`"${url}" is not a URL. Write it like https://rushes.example.com.`);
}

/**
 * `RUSHES_URL` and `RUSHES_TOKEN`, or else what `rushes login` has stored, or else a local Rushes without a token. A
 * stored token is only sent to the server that it was stored for.
 */
export async function currentLogin(env: Environment = process.env): Promise<Login> {
  const saved = env.RUSHES_URL && env.RUSHES_TOKEN ? undefined : await stored(env);
  const url = originOf(env.RUSHES_URL || saved?.url || USUAL_URL);
  const token = env.RUSHES_TOKEN || (saved?.url === url ? saved.token : undefined);
  return { url, token };
}

/** Writes the login with mode 600, and returns the path of its file. */
async function save(login: Login, env: Environment = process.env): Promise<string> {
  const file = fileIn(env);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.new`;
  await writeFile(next, `${JSON.stringify(login)}\n`, { mode: 0o600 });
  // The mode above applies to a new file only.
  await chmod(next, 0o600);
  await rename(next, file);
  return file;
}

/** A client for the current login. Throws a `ClientError` if its server does not respond. */
export async function currentClient(): Promise<Client> {
  const client = connect(await currentLogin());
  await answer(client.GET("/api/health"));
  return client;
}

export interface LoginFlags {
  url?: string;
  token?: string;
}

/**
 * Checks the server and the token, asks for what is missing, and returns the path of the file that stores them. Throws a
 * `UsageError` if there is no terminal to ask on.
 */
export async function logIn(flags: LoginFlags): Promise<string> {
  const url = originOf(flags.url ?? (await ask("URL of the server:")));
  if (flags.token === undefined && !(await requiresToken(url))) return save({ url });
  const token = flags.token ?? (await ask("API token:", { secret: true }));
  await check({ url, token });
  return save({ url, token });
}

async function requiresToken(url: string): Promise<boolean> {
  try {
    await check({ url });
    return false;
  } catch (error) {
    if (error instanceof ClientError && error.code === "actor.required") return true;
    throw error;
  }
}

/** Throws a `ClientError` unless the server is a Rushes that accepts the token. */
async function check(login: Login): Promise<void> {
  const client = connect(login);
  await answer(client.GET("/api/health"));
  try {
    await answer(client.GET("/api/account"));
  } catch (error) {
    // A token without the scope `read` is valid too.
    if (!(error instanceof ClientError && error.code === "actor.scope")) throw error;
  }
}
