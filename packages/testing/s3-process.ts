import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { S3Options } from "@rushes/aws-local/s3/index";
import { credentials } from "./s3.ts";

type Delivery = Parameters<S3Options["deliver"]>[0];

interface Options extends Pick<S3Options, "dataDir" | "buckets"> {
  /** Any free port if it is left out. */
  port?: number;
  /** Keeps every event undelivered. */
  keepsEvents?: boolean;
}
/** What the process receives. */
export type Started = Options & Pick<S3Options, "credentials">;

export interface S3Process {
  url: string;
  /** Sends SIGKILL, and resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Starts S3 in a process of its own, and resolves when it accepts requests. It ends with this process. */
export async function forkS3(
  options: Options,
  onDelivery: (delivery: Delivery) => void = () => {},
): Promise<S3Process> {
  const started: Started = { ...options, credentials };
  const child = fork(join(import.meta.dirname, "s3-process.fixture.ts"), [JSON.stringify(started)]);
  const gone = once(child, "exit");
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", () => reject(new Error("The server did not start.")));
    child.on("message", (message: { url?: string; delivery?: Delivery }) => {
      if (message.url) resolve(message.url);
      if (message.delivery) onDelivery(message.delivery);
    });
  });
  return {
    url,
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
