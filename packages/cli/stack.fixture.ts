/** A running Rushes that requires sign-in, the command `rushes` against it, and a proxy in front of its S3. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { on, once } from "node:events";
import * as http from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Owner, Role, Scope } from "@rushes/core/actor";
import { listen, serveApi } from "@rushes/testing/api-server";
import { ONE_FILE } from "@rushes/testing/one-file";
import { OWNER } from "@rushes/testing/owner";
import { startWiredServices } from "@rushes/testing/services";

const SIGN_IN = {
  required: true,
  issuer: "https://id.example.com",
  clientId: "rushes",
  clientSecret: "the client's secret",
  groupsClaim: "groups",
  adminGroup: "admin",
  adminEmails: [],
  trustEmail: false,
};

/** Forwards requests to S3, counts the bytes of PUTs, and can keep the requests of one part without an answer. */
export async function startProxy() {
  const state = { sentBytes: 0, stored: 0, stalledPart: "" };
  const stalled: http.ServerResponse[] = [];
  let onStored = () => {};
  const server = http.createServer((incoming, outgoing) => {
    const target = incoming.url ?? "";
    if (state.stalledPart !== "" && target.includes(`partNumber=${state.stalledPart}&`)) {
      stalled.push(outgoing);
      return;
    }
    incoming.on("data", (chunk: Buffer) => {
      state.sentBytes += chunk.length;
    });
    const { method, headers } = incoming;
    const forwarded = http.request(target, { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
      state.stored += 1;
      onStored();
    });
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  const url = await listen(server);
  return {
    state,
    url,
    /** Resolves when S3 has answered this many requests. */
    async untilStored(count: number): Promise<void> {
      while (state.stored < count) {
        await new Promise<void>((resolve) => {
          onStored = resolve;
        });
      }
    },
    /** Ends the requests that have no answer with an error that is worth another try. */
    resume() {
      state.stalledPart = "";
      for (const outgoing of stalled.splice(0)) outgoing.writeHead(503).end();
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export async function startSite() {
  const services = await startWiredServices(ONE_FILE);
  process.env.SST_RESOURCE_SignIn = JSON.stringify(SIGN_IN);
  const [{ url, server }, { withActor }, Token, table] = await Promise.all([
    serveApi(),
    import("@rushes/core/actor"),
    import("@rushes/core/token/index"),
    import("@rushes/core/table/index"),
  ]);
  const time = { created: "2031-05-06T10:00:00.000Z", seen: "2031-05-06T10:00:00.000Z" };
  /** Writes the user's row, as a sign-in does. */
  async function recordSignIn({ ownerId: id, email, role }: Owner) {
    const user = { id, email, role, time, issuer: SIGN_IN.issuer, subject: id, disabled: false };
    const row = { ...table.key.user(id), ...table.index.users(email, id), ...user };
    await table.transact([table.put(row)]);
  }
  await recordSignIn(OWNER);
  return {
    url,
    async token(scopes: Scope[]): Promise<string> {
      const input = { name: "test", scopes, expiresInDays: 1 };
      const session = { ...OWNER, via: "session" } as const;
      return (await withActor(session, () => Token.create(input))).secret;
    },
    /** A token of a user of this role, and how that user gets another role. */
    async tokenOf(role: Role, scopes: Scope[]) {
      const owner: Owner = { ...OWNER, role, via: "session", ownerId: `own_${role}` };
      await recordSignIn(owner);
      const input = { name: "test", scopes, expiresInDays: 1 };
      const { secret } = await withActor(owner, () => Token.create(input));
      return { secret, become: (next: Role) => recordSignIn({ ...owner, role: next }) };
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await services.stop();
    },
  };
}

const MAIN = join(import.meta.dirname, "main.ts");

interface Run {
  args: readonly string[];
  env?: Record<string, string>;
  cwd?: string;
}

type Command = ChildProcessByStdio<null, Readable, Readable>;

/** Starts the command as a shell does, without the environment of the tests. */
export function start({ args, env, cwd }: Run): Command {
  const { PATH = "", NODE_COMPILE_CACHE } = process.env;
  const variables = { PATH, NODE_COMPILE_CACHE, ...env };
  const options = { cwd, env: { NODE_ENV: "test" as const, ...variables } };
  return spawn(process.execPath, [MAIN, ...args], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Resolves with the exit code and the output of a started command once it has ended. */
export async function endOf(child: Command) {
  const [out, said, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: Number(code), out, said };
}

/** Resolves when the whole output so far matches. */
export async function untilPrinted(output: Readable, wanted: RegExp): Promise<void> {
  let printed = "";
  for await (const [chunk] of on(output, "data")) {
    printed += String(chunk);
    if (wanted.test(printed)) return;
  }
}

/** Runs the command to its end. */
export const rushes = (run: Run) => endOf(start(run));
