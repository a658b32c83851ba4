import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { Outbox } from "../level/outbox.ts";
import { listen } from "../wire/listen.ts";
import { Api } from "./api.ts";
import type { BusEvent } from "./events.ts";
import { Gateway } from "./gateway.ts";
import { Inputs } from "./input.ts";
import { ENCODER_LIMITS, type EncoderLimits } from "./limits.ts";
import { Queue } from "./queue.ts";
import { Store } from "./store.ts";
import { createWire } from "./wire.ts";

export interface Options {
  /** Jobs, pending events and the files of running jobs are kept here. */
  dataDir: string;
  host: string;
  /** 0 for any that is free. */
  port: number;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  ffmpegPath: string;
  ffprobePath: string;
  s3Endpoint: string;
  /** How many jobs are encoded at a time; one needs about half a GiB and two cores. */
  concurrency: number;
  /** What one encode may use, where it is not the usual. */
  limits?: Partial<EncoderLimits>;
  /** Refuse also what ffmpeg can and MediaConvert cannot do. */
  strict?: boolean;
  /** Takes an event of the bus; it is sent again until this resolves. */
  emit(event: BusEvent): Promise<void>;
  /** Where the reasons of failed jobs go, with ffmpeg's last lines; the console unless given. */
  onLog?(line: string): void;
  /** Receives a sentence for each damage that was found in the data. */
  onDamage?(sentence: string): void;
}

const ACCOUNT = "000000000000";

/** A MediaConvert endpoint that encodes with ffmpeg. Jobs that a dead process left begin anew. */
export async function start(
  options: Options,
): Promise<{ url: string; port: number; close(): Promise<void> }> {
  const workFolder = join(options.dataDir, "work");
  await rm(workFolder, { recursive: true, force: true });
  await mkdir(workFolder, { recursive: true });
  const { region, credentials } = options;
  const s3 = new S3Client({
    region,
    credentials,
    endpoint: options.s3Endpoint,
    forcePathStyle: true,
  });
  const store = await Store.open(join(options.dataDir, "store"));
  for (const sentence of store.damage) options.onDamage?.(sentence);
  const limits = { ...ENCODER_LIMITS, ...options.limits };
  const gateway = new Gateway(s3);
  const inputs = new Inputs(s3, gateway, options.ffprobePath, limits.framePixels);
  const onLog = options.onLog ?? ((line: string) => console.error(`mediaconvert: ${line}`));
  const outbox = new Outbox<BusEvent>({
    load: (key) => store.event(key),
    deliver: options.emit,
    remove: (key) => store.sent(key),
    concurrency: 1,
    maxRetryMs: 5_000,
    onError: (error, retryMs) =>
      onLog(`An event could not be sent, next attempt in ${retryMs} ms: ${error}`),
  });
  const queue = new Queue(
    store,
    outbox,
    {
      ...{ s3, inputs, limits, ffmpegPath: options.ffmpegPath, workFolder },
      strict: options.strict ?? false,
    },
    { concurrency: options.concurrency, onLog },
  );
  const server = createWire({
    api: new Api(store, queue, region, ACCOUNT),
    ...{ inputs, gateway, region, credentials },
  });
  const { url, port, close } = await listen(server, options);
  gateway.listensAt(url);
  await queue.resume();
  return {
    ...{ url, port },
    async close() {
      await Promise.all([close(), queue.close()]);
      await outbox.close();
      s3.destroy();
      await store.close();
    },
  };
}
