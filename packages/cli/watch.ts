import { stat } from "node:fs/promises";
import { relative } from "node:path";
import { type Client, ClientError } from "@rushes/client";
import { watch as watchFolder } from "chokidar";
import { UsageError } from "./exit.ts";
import { filesIn, isWanted } from "./files.ts";
import { createUploader, type UploadFlags } from "./upload.ts";
import { openRecord, type WatchRecord } from "./watch-record.ts";

/** An outage of a night loses nothing. After it, the next start tries again. */
const RETRY_FOR_MS = 24 * 60 * 60_000;
const POLL_MS = 250;

export interface WatchFlags extends Pick<UploadFlags, "profile" | "tag" | "json"> {
  /** Seconds for which a file must not have changed. */
  settle: string;
  existing?: boolean;
}

/**
 * Uploads each file that appears in the folder or in a folder below it, once it has stopped growing, until the signal
 * aborts. It also uploads the files that appeared since the last call for this folder. The first call leaves out the
 * files that exist, unless `existing` is set. Rejects with the signal's reason, or if the folder cannot be watched.
 */
export async function watch(
  client: Client,
  server: string,
  folder: string,
  flags: WatchFlags,
  signal: AbortSignal,
): Promise<void> {
  const settleMs = settleMsOf(flags.settle);
  await assertFolder(folder);
  const record = await openRecord(server, folder);
  if (record.isNew && !flags.existing) await skipExisting(record, folder);
  const uploader = createUploader(client, flags, signal, RETRY_FOR_MS);
  const uploadNew = async (file: string): Promise<void> => {
    const version = await versionOf(file);
    const name = relative(folder, file);
    if (version === undefined || record.has(name, version)) return;
    if (await uploader.upload(file)) await record.add([[name, version]]);
  };
  const watcher = watchFolder(folder, {
    ignored: (path) => path !== folder && !isWanted(folder, path),
    awaitWriteFinish: { stabilityThreshold: settleMs, pollInterval: POLL_MS },
  });
  try {
    await new Promise<void>((_, reject) => {
      const enqueue = perFile(uploadNew, reject);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      watcher
        .on("add", enqueue)
        .on("change", enqueue)
        .on("unlinkDir", (path) => path === folder && reject(removed(folder)))
        .on("error", reject)
        .on("ready", () => process.stderr.write(`Watching ${folder}. Press Ctrl-C to stop.\n`));
    });
  } finally {
    uploader.stop();
    await watcher.close();
  }
}

/** Runs the work of one file after the other, and the work of different files at the same time. */
function perFile(work: (file: string) => Promise<void>, onError: (error: unknown) => void) {
  const running = new Map<string, Promise<void>>();
  return (file: string): void => {
    const last = running.get(file) ?? Promise.resolve();
    const next = last.then(() => work(file)).catch(onError);
    running.set(file, next);
    void next.then(() => running.get(file) === next && running.delete(file));
  };
}

/** Changes whenever a program writes to the file. Undefined if there is no such file. */
const versionOf = (file: string): Promise<string | undefined> =>
  stat(file).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => undefined,
  );

async function skipExisting(record: WatchRecord, folder: string): Promise<void> {
  const files = await filesIn(folder);
  const versions = await Promise.all(files.map(versionOf));
  await record.add(files.map((file, at) => [relative(folder, file), versions[at] ?? ""]));
  if (files.length === 0) return;
  process.stderr.write(
    `Left out ${files.length} existing ${files.length === 1 ? "file" : "files"}. Upload them with \`rushes upload\`.\n`,
  );
}

function settleMsOf(settle: string): number {
  const seconds = Number(settle);
  if (seconds > 0 && seconds <= 3600) return seconds * 1000;
  throw new UsageError("--settle must be a number of seconds up to 3600.");
}

async function assertFolder(folder: string): Promise<void> {
  const stats = await stat(folder).catch(() => undefined);
  if (!stats) throw new ClientError("file", `There is no folder ${folder}.`);
  if (!stats.isDirectory()) throw new ClientError("file", `${folder} is not a folder.`);
}

const removed = (folder: string) => new ClientError("file", `${folder} was removed.`);
