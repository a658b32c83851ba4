/** The web app as it is built, in a process of its own that cannot outlive this one. */
import { once } from "node:events";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { spawnWatched } from "@rushes/aws-local/process/child";
import { CliError } from "@rushes/core/cli-error";

/** A machine whose cores are all busy took 70 s; whatever ends by itself is noticed at once. */
const READY_MS = 600_000;
const NOTICE_MS = 10_000;
const PRELOAD = pathToFileURL(join(import.meta.dirname, "preload.ts")).href;
const HEALTH_MS = 5_000;
/** Longer than the door in front keeps an idle connection: neither ends one that the other uses. */
const KEEP_ALIVE_MS = 70_000;
/** A server that ends so often in a minute will not get better by one more start. */
const MAX_RESTARTS = 5;

export interface Web {
  url: string;
  /** Resolves with a sentence if it keeps ending. */
  broken: Promise<string>;
  stop(): Promise<void>;
}

export interface WebOptions {
  root: string;
  host: string;
  port: number;
  env: Record<string, string>;
  onLog(line: string): void;
  /** Called every ten seconds that the start has to wait. */
  onWait(seconds: number): void;
  /** Ends the wait, and the web app. */
  signal?: AbortSignal;
  /** For tests: how often, in milliseconds. */
  noticeMs?: number;
}

/** Starts the standalone server of Next; resolves when /api/health is well. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { root, host, port, env, onLog } = options;
  const folder = join(root, "packages/web/.next/standalone/packages/web");
  const server = join(folder, "server.js");
  await access(server).catch(() => {
    throw new CliError("The web app is not built; npm start builds it.");
  });
  const url = `http://${host}:${port}`;
  const broken = Promise.withResolvers<string>();
  const restarts: number[] = [];
  let stopped = false;
  let output = "";

  const launch = () => {
    const child = spawnWatched(process.execPath, ["--import", PRELOAD, server], {
      cwd: folder,
      env: {
        ...process.env,
        ...env,
        ...{ NODE_ENV: "production", HOSTNAME: host, PORT: String(port) },
        KEEP_ALIVE_TIMEOUT: String(KEEP_ALIVE_MS),
      },
    });
    const ended = once(child, "close").then(() => relaunch());
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output = `${output}${text}`.slice(-4000);
        onLog(text);
      });
    }
    return { child, ended };
  };
  let current = launch();

  function relaunch(): void {
    if (stopped) return;
    if (output.includes("EADDRINUSE")) {
      broken.resolve(
        `Another program took the web app's port ${port} of ${host}; stop it, or set RUSHES_PORT to another.`,
      );
      return;
    }
    const now = Date.now();
    restarts.push(now);
    if (restarts.filter((at) => now - at < 60_000).length > MAX_RESTARTS) {
      broken.resolve(
        "The web server ends again and again; logs/web.log in the data folder says why.",
      );
      return;
    }
    onLog("The web server ended; it is started again.");
    current = launch();
  }
  const stop = async () => {
    stopped = true;
    current.child.stdin.destroy();
    await current.ended;
  };
  const failed = broken.promise.then((sentence) => new CliError(sentence));
  const began = Date.now();
  const { noticeMs = NOTICE_MS } = options;
  let notices = 0;
  for (;;) {
    const answer = await fetch(`${url}/api/health`, {
      // A question that is never answered must not keep the start waiting.
      signal: AbortSignal.timeout(HEALTH_MS),
    }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return { url, broken: broken.promise, stop };
    const error = await Promise.race([failed, wait(20)]);
    const waitedMs = Date.now() - began;
    if (waitedMs >= (notices + 1) * noticeMs) {
      notices += 1;
      options.onWait(Math.round(waitedMs / 1000));
    }
    if (error || waitedMs > READY_MS || options.signal?.aborted) {
      await stop();
      options.signal?.throwIfAborted();
      throw (
        error ??
        new Error("The web app was not well in time; logs/web.log in the data folder says why.")
      );
    }
  }
}
