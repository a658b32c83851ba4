/** A fake server and storage for the tests of the engine. */

import { createCrc64 } from "@rushes/core/transfer/crc64";
import { crc64Of } from "@rushes/core/transfer/crc64-of";
import { createPolls, createPool } from "@rushes/core/transfer/pool";
import type { NewUpload, Put, UploadApi } from "@rushes/core/transfer/ports";
import { type Outcome, UploadError } from "@rushes/core/transfer/upload-error";
import type { Existing, SignedRequest, Info as Upload } from "@rushes/core/upload/schema";
import { createEngine, type Engine } from "./engine.ts";
import type { EngineEnvironment } from "./engine-context.ts";
import type { State, UploadFile } from "./upload-file.ts";

export const PART = 10;
export const DAY_MS = 24 * 3_600_000;
/** The lifetime of an upload under the default settings. */
export const EXPIRES_MS = 7 * DAY_MS;

type Options = {
  /** The outcome of PUT number `count` of a part, counted from 1. Undefined stores the part. */
  putOutcome?(partNumber: number, count: number): Outcome | undefined;
  online?: () => boolean;
  /** What the server lists as unfinished. */
  openUploads?: Upload[];
  create?: UploadApi["create"];
  /** The video that the server has of a file. */
  existing?(file: NewUpload): Existing | undefined;
  complete?: UploadApi["complete"];
  /** How far the browser's clock is ahead of the server's. */
  aheadMs?: number;
  remove?: UploadApi["remove"];
  /** The profile that the page shows as chosen. */
  profile?: () => string;
  /** Whether the session is valid at call number `call` of the API, counted from 1. */
  signedIn?(call: number): boolean;
  /** Resolves when the user has signed in again. */
  signIn?(): Promise<void>;
  /** What this tab shares with others. Without it, it is alone. */
  tabs?: EngineEnvironment["tabs"];
  /** The server that several tabs share. */
  server?: ReturnType<typeof newServer>;
  /** False once the tab has closed: then none of its requests is sent or answered. */
  isOpen?(): boolean;
  /** Runs in the middle of a request for the job of an upload. */
  polled?(): Promise<void>;
  /** Runs in the middle of a read for a checksum. */
  hashing?(): Promise<void>;
  /** Runs in the middle of a PUT. */
  during?(partNumber: number): void | Promise<void>;
};

function emptyLog() {
  return {
    stored: new Map<string, Map<number, string>>(),
    removed: [] as string[],
    /** The part numbers of each request to sign; none for the single PUT. */
    signed: [] as number[][],
    /** How often each part of each upload was sent. */
    puts: new Map<string, number>(),
    /** The most PUTs that were under way at once. */
    most: 0,
    completed: [] as string[],
    /** The checksums with which parts (`upl_1/2`) were signed and uploads (`upl_1`) completed. */
    checksums: new Map<string, string | undefined>(),
    /** The milliseconds of each wait for the network. */
    waits: [] as number[],
    bodies: [] as Blob[],
    /** How often bytes were read for a checksum. */
    hashed: 0,
  };
}
type Log = ReturnType<typeof emptyLog>;
type Clock = { ms: number };

function requestOf(clock: Clock, id: string, partNumber?: number): SignedRequest {
  return {
    partNumber,
    method: "PUT",
    url: `https://s3.test/${id}`,
    headers: {},
    sizeBytes: 0,
    expires: new Date(clock.ms + 3_600_000).toISOString(),
  };
}

export function uploadOf(id: string, sizeBytes: number): Upload {
  return {
    id,
    status: "open",
    time: { created: new Date(0).toISOString(), expires: new Date(EXPIRES_MS).toISOString() },
    plan:
      sizeBytes <= PART
        ? { kind: "single" }
        : { kind: "multipart", partSizeBytes: PART, partCount: Math.ceil(sizeBytes / PART) },
  } as Upload;
}

function fakeCreate(log: Log, clock: Clock): UploadApi["create"] {
  let created = 0;
  return async (files) =>
    files.map((file) => {
      created += 1;
      const upload = uploadOf(`upl_${created}`, file.sizeBytes);
      log.stored.set(upload.id, new Map());
      return {
        upload,
        requests: upload.plan.kind === "single" ? [requestOf(clock, upload.id)] : [],
      };
    });
}

function fakeApi(options: Options, log: Log, clock: Clock, create: UploadApi["create"]): UploadApi {
  const named: UploadApi["create"] = async (files, ...rest) => {
    const videos = files.map((file) => (file.onlyNew ? options.existing?.(file) : undefined));
    const created = await create(
      files.filter((_, at) => !videos[at]),
      ...rest,
    );
    return videos.flatMap((existing) => (existing ? { existing } : (created.shift() ?? [])));
  };
  return {
    create: options.create ?? named,
    openUploads: async () => options.openUploads ?? [],
    sign: async (id, parts) => {
      log.signed.push(parts.flatMap(({ partNumber }) => partNumber ?? []));
      for (const { partNumber = 0, crc64nvme } of parts) {
        log.checksums.set(`${id}/${partNumber}`, crc64nvme);
      }
      return parts.map(({ partNumber }) => requestOf(clock, id, partNumber));
    },
    parts: async (id) =>
      Promise.all(
        [...(log.stored.get(id) ?? [])].map(async ([partNumber, content]) => ({
          partNumber,
          sizeBytes: content.length,
          crc64nvme: await crc64Of(new Blob([content])),
        })),
      ),
    complete: async (id, crc64nvme, signal) => {
      if (options.complete) await options.complete(id, crc64nvme, signal);
      log.completed.push(id);
      log.checksums.set(id, crc64nvme);
      return { ...uploadOf(id, 1), status: "completing" };
    },
    fromId: async (id) => {
      await options.polled?.();
      if (log.removed.includes(id)) return { ...uploadOf(id, 1), status: "aborted" };
      return log.completed.includes(id)
        ? ({ ...uploadOf(id, 1), status: "completed", jobId: "job_1" } as Upload)
        : (options.openUploads?.find((upload) => upload.id === id) ?? uploadOf(id, 1));
    },
    remove:
      options.remove ??
      (async (id) => {
        log.removed.push(id);
      }),
  };
}

/** The API, which rejects every call while no one is signed in. */
function requireSession(api: UploadApi, { signedIn, isOpen }: Options): UploadApi {
  let calls = 0;
  return new Proxy(api, {
    get:
      (target, name: keyof UploadApi) =>
      async (...args: never[]) => {
        calls += 1;
        if (isOpen?.() === false) return new Promise(() => {});
        if (signedIn?.(calls) === false) throw new UploadError({ type: "sign_in" });
        return (target[name] as (...given: never[]) => unknown)(...args);
      },
  });
}

function fakePut(options: Options, log: Log): Put {
  let active = 0;
  return async (request, body, { signal, onProgress }) => {
    log.bodies.push(body);
    active += 1;
    log.most = Math.max(log.most, active);
    try {
      const content = await body.text();
      onProgress(content.length / 2);
      const number = request.partNumber ?? 0;
      await options.during?.(number);
      if (options.isOpen?.() === false) await new Promise(() => {});
      signal.throwIfAborted();
      const id = request.url.split("/").at(-1) ?? "";
      const count = (log.puts.get(`${id}/${number}`) ?? 0) + 1;
      log.puts.set(`${id}/${number}`, count);
      const outcome = options.putOutcome?.(number, count);
      if (outcome) throw new UploadError(outcome);
      log.stored.get(id)?.set(number, content);
    } finally {
      active -= 1;
    }
  };
}

/** A server for the engines of several tabs. */
export function newServer() {
  const log = emptyLog();
  const clock: Clock = { ms: 0 };
  return { log, clock, create: fakeCreate(log, clock) };
}

/** An engine with a server and a storage in memory. Its clock advances only while it waits. */
export function service(options: Options) {
  const { log, clock, create } = options.server ?? newServer();
  const sleep = async (ms: number, signal: AbortSignal) => {
    clock.ms += ms;
    signal.throwIfAborted();
  };
  const back = async (ms: number, signal: AbortSignal) => {
    log.waits.push(ms);
    await sleep(ms, signal);
  };
  const engine = createEngine({
    api: requireSession(fakeApi(options, log, clock, create), options),
    put: fakePut(options, log),
    hash: async (bytes, signal) => {
      log.hashed += 1;
      await options.hashing?.();
      signal.throwIfAborted();
      // In one step, so that it is as fast as the storage.
      const hasher = createCrc64();
      hasher.update(new Uint8Array(await bytes.arrayBuffer()));
      return hasher.digest();
    },
    smallBytes: options.openUploads ? PART : Number.POSITIVE_INFINITY,
    sleep,
    pool: createPool(),
    polls: createPolls(),
    random: () => 0.5,
    now: () => clock.ms + (options.aheadMs ?? 0),
    network: { online: options.online ?? (() => true), back },
    session: { back: options.signIn ?? (async () => {}) },
    every: () => () => {},
    after: (_ms, task) => queueMicrotask(task),
    tabs: options.tabs,
    nextTask: () => new Promise((resolve) => setImmediate(resolve)),
    profile: () => options.profile?.(),
  });
  return { engine, log, create, now: () => clock.ms };
}

export const fileOf = (content: string, name = "a.mp4") => new File([content], name);
export const text = (length: number) =>
  Array.from({ length }, (_, index) => String.fromCharCode(97 + (index % 26))).join("");
export const whole = (parts: Map<number, string> | undefined) =>
  [...(parts ?? [])]
    .sort(([a], [b]) => a - b)
    .map(([, part]) => part)
    .join("");

/** Resolves with the first state in which `test` is true. */
export function reached(engine: Engine, test: (state: State) => boolean): Promise<State> {
  return new Promise((resolve) => {
    const stop = engine.subscribe(() => check());
    const check = () => {
      if (!test(engine.state())) return;
      stop();
      resolve(engine.state());
    };
    check();
  });
}
export const status = (wanted: UploadFile["status"]) => (state: State) =>
  state.files.length > 0 && state.files.every((file) => file.status === wanted);
