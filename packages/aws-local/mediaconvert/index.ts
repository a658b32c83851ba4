import { mkdir, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { Outbox } from "../level/outbox.ts";
import { createHandler } from "../wire/endpoint.ts";
import { createHttpServer } from "../wire/http-server.ts";
import { listen } from "../wire/listen.ts";
import type { StateChangeEvent } from "./events.ts";
import { Gateway } from "./gateway.ts";
import { Inputs } from "./input.ts";
import { JobApi } from "./job-api.ts";
import { JobQueue } from "./job-queue.ts";
import { ENCODER_LIMITS, type EncoderLimits } from "./limits.ts";
import { mediaConvertService } from "./service.ts";
import { JobStore } from "./store.ts";

export interface MediaConvertOptions {
  /** The folder for jobs, pending events and the files of running jobs. */
  dataDir: string;
  host: string;
  /** 0 for any free port. */
  port: number;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  ffmpegPath: string;
  ffprobePath: string;
  s3Endpoint: string;
  /** How many jobs to encode at the same time. One needs about half a GiB and two cores. */
  concurrency: number;
  /** Overrides ENCODER_LIMITS. */
  limits?: Partial<EncoderLimits>;
  /** Also reject input that ffmpeg can decode and MediaConvert cannot. */
  strict?: boolean;
  /** Receives an event for the bus. It is sent again until this resolves. */
  emit(event: StateChangeEvent): Promise<void>;
  /** Receives why jobs failed, with ffmpeg's last lines. The default is the console. */
  onLog?(line: string): void;
  /** Receives one sentence for each damage found in the data. */
  onDamage?(sentence: string): void;
}

/** Starts a MediaConvert endpoint that encodes with ffmpeg. Unfinished jobs start again. */
export async function start(
  options: MediaConvertOptions,
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
  const store = await JobStore.open(join(options.dataDir, "store"));
  for (const sentence of store.damage) options.onDamage?.(sentence);
  const limits = { ...ENCODER_LIMITS, ...options.limits };
  const gateway = new Gateway(s3);
  const inputs = new Inputs(s3, gateway, options.ffprobePath, limits.framePixels);
  const onLog = options.onLog ?? ((line: string) => console.error(`mediaconvert: ${line}`));
  const outbox = createOutbox(store, options.emit, onLog);
  const queue = new JobQueue(
    store,
    outbox,
    {
      s3,
      inputs,
      limits,
      ffmpegPath: options.ffmpegPath,
      workFolder,
      strict: options.strict ?? false,
    },
    { concurrency: options.concurrency, onLog },
  );
  const api = new JobApi(store, queue, region);
  const handleApi = createHandler({ region, credentials }, mediaConvertService({ api, inputs }));
  const handle: RequestListener = (request, response) => {
    // ffmpeg does not sign its requests. It has a password for its one input.
    if (!gateway.owns(request)) return handleApi(request, response);
    gateway.handle(request, response).catch(() => response.destroy());
  };
  const { url, port, close } = await listen(createHttpServer(handle, { hosts: "own" }), options);
  gateway.setOrigin(url);
  await queue.resume();
  return {
    url,
    port,
    async close() {
      await Promise.all([close(), queue.close()]);
      await outbox.close();
      s3.destroy();
      await store.close();
    },
  };
}

function createOutbox(
  store: JobStore,
  emit: MediaConvertOptions["emit"],
  onLog: (line: string) => void,
): Outbox<StateChangeEvent> {
  return new Outbox({
    load: (key) => store.event(key),
    deliver: emit,
    remove: (key) => store.removeEvent(key),
    concurrency: 1,
    maxRetryMs: 5_000,
    onError: (error, retryMs) =>
      onLog(`An event could not be sent, next attempt in ${retryMs} ms: ${error}`),
  });
}
