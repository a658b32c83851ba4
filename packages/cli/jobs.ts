import { spawn } from "node:child_process";
import { type Client, listJobs, showJob } from "@rushes/client";
import { formatBytes, formatUtc } from "@rushes/core/format";
import { STATUSES } from "@rushes/core/job/status";
import { UsageError } from "./exit.ts";
import { print } from "./print.ts";

const printJson = (value: unknown) => print(JSON.stringify(value));

export interface ListFlags {
  status?: string;
  name?: string;
  tag?: string;
  limit: string;
  json?: boolean;
}

/** Prints the newest videos, one per line. */
export async function list(client: Client, { status, name, tag, limit, json }: ListFlags) {
  const known = STATUSES.find((one) => one === status);
  if (status !== undefined && !known) {
    throw new UsageError(`"${status}" is not a status. Choose one of ${STATUSES.join(", ")}.`);
  }
  const count = Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > 100) {
    throw new UsageError("--limit must be a whole number from 1 to 100.");
  }
  const { jobs } = await listJobs(client, { status: known, q: name, tag, limit: count });
  if (jobs.length === 0 && !json) process.stderr.write("There are no such videos.\n");
  for (const job of jobs) {
    if (json) printJson(job);
    else {
      const cells = [job.id, job.status.padEnd(11), formatBytes(job.source.sizeBytes).padStart(9)];
      print([...cells, formatUtc(job.time.created), job.title].join("  "));
    }
  }
}

/** Prints one video with its renditions. */
export async function show(client: Client, id: string, { json }: { json?: boolean }) {
  const details = await showJob(client, id);
  if (json) return printJson(details);
  const { job, renditions } = details;
  const facts = {
    id: job.id,
    title: job.title,
    file: job.fileName,
    status: job.status,
    profile: job.profile,
    tags: job.tags?.join(", "),
    created: formatUtc(job.time.created),
    size: formatBytes(job.source.sizeBytes),
    failure: job.failureMessage,
  };
  for (const [name, value] of Object.entries(facts)) {
    if (value !== undefined) print(`${`${name}:`.padEnd(9)} ${value}`);
  }
  for (const { label, sizeBytes, width, height } of renditions) {
    const size = width === undefined ? "" : `  ${width}×${height}`;
    print(`  ${label.padEnd(9)} ${formatBytes(sizeBytes).padStart(9)}${size}`);
  }
}

/** Opens the page of a video in the browser, and prints its URL. */
export function open(url: string, id: string): void {
  const page = `${url}/jobs/${id}`;
  print(page);
  if (!process.stdout.isTTY) return;
  const program = process.platform === "darwin" ? "open" : "xdg-open";
  // A machine without a desktop has no such program. The URL is printed already.
  spawn(program, [page], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
