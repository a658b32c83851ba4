/** Runs the built web app in a child process that cannot outlive this one. */
import { once } from "node:events";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { spawnWatched } from "@rushes/aws-local/process/child";
import { CliError } from "@rushes/core/cli-error";

/** A machine with all cores busy took 70 s. A server that exits is noticed at once. */
const READY_MS = 600_000;
const NOTICE_MS = 10_000;
const PRELOAD = pathToFileURL(join(import.meta.dirname, "preload.ts")).href;
const HEALTH_MS = 5_000;
/** Longer than the reverse proxy keeps an idle connection, so that neither closes one that the other uses. */
const KEEP_ALIVE_MS = 70_000;
/** A server that exits this often in a minute will not recover with another restart. */
const MAX_RESTARTS = 5;

export interface Web {
  url: string;
  /** Resolves with a message if the server keeps exiting. */
  failed: Promise<string>;
  stop(): Promise<void>;
}

export interface WebOptions {
  root: string;
  host: string;
  port: number;
  env: Record<string, string>;
  onLog(line: string): void;
  /** Called every ten seconds while the start waits. */
  onWait(seconds: number): void;
  /** Aborts the wait and stops the web app. */
  signal?: AbortSignal;
  /** For tests: the milliseconds between two calls of `onWait`. */
  noticeMs?: number;
}

/** Starts Next's standalone server. Resolves when /api/health answers. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const folder = join(options.root, "packages/web/.next/standalone/packages/web");
  await access(join(folder, "server.js")).catch(() => {
    throw new CliError("The web app is not built. npm start builds it.");
  });
  const { failed, stop } = supervise(options, folder);
  const url = `http://${options.host}:${options.port}`;
  try {
    await waitUntilHealthy(url, failed, options);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, failed, stop };
}

/** Keeps a server process running until it is stopped or exits too often. */
function supervise(options: WebOptions, folder: string): Pick<Web, "failed" | "stop"> {
  const { host, port, onLog } = options;
  const failure = Promise.withResolvers<string>();
  const restarts: number[] = [];
  let isStopped = false;
  let output = "";
  let current = launch();

  function launch() {
    const child = spawnServer(options, folder, (text) => {
      output = `${output}${text}`.slice(-4000);
      onLog(text);
    });
    return { child, ended: once(child, "close").then(() => onExit()) };
  }

  function onExit(): void {
    if (isStopped) return;
    if (output.includes("EADDRINUSE")) {
      failure.resolve(
        `Another program took the web app's port ${port} of ${host}. Stop it, or set RUSHES_PORT to another port.`,
      );
      return;
    }
    const now = Date.now();
    restarts.push(now);
    if (restarts.filter((at) => now - at < 60_000).length > MAX_RESTARTS) {
      failure.resolve("The web server keeps exiting. See logs/web.log in the data folder.");
      return;
    }
    onLog("The web server exited and is restarted.");
    current = launch();
  }

  async function stop(): Promise<void> {
    isStopped = true;
    current.child.stdin.destroy();
    await current.ended;
  }

  return { failed: failure.promise, stop };
}

function spawnServer(
  { host, port, env }: WebOptions,
  folder: string,
  onOutput: (text: string) => void,
) {
  const child = spawnWatched(process.execPath, ["--import", PRELOAD, join(folder, "server.js")], {
    cwd: folder,
    env: {
      ...process.env,
      ...env,
      NODE_ENV: "production",
      HOSTNAME: host,
      PORT: String(port),
      KEEP_ALIVE_TIMEOUT: String(KEEP_ALIVE_MS),
    },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", onOutput);
  }
  return child;
}

async function waitUntilHealthy(
  url: string,
  failed: Promise<string>,
  { noticeMs = NOTICE_MS, onWait, signal }: WebOptions,
): Promise<void> {
  const error = failed.then((message) => new CliError(message));
  const began = Date.now();
  for (let notices = 0; ; ) {
    if (await isHealthy(url)) return;
    const failure = await Promise.race([error, wait(20)]);
    const waitedMs = Date.now() - began;
    if (waitedMs >= (notices + 1) * noticeMs) {
      notices += 1;
      onWait(Math.round(waitedMs / 1000));
    }
    signal?.throwIfAborted();
    if (failure) throw failure;
    if (waitedMs > READY_MS) {
      throw new Error("The web app did not answer in time. See logs/web.log in the data folder.");
    }
  }
}

async function isHealthy(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/health`, {
    // A request that never gets a response must not block the start.
    signal: AbortSignal.timeout(HEALTH_MS),
  }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok ?? false;
}
