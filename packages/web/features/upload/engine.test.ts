import type { SignedRequest, Info as Upload } from "@rushes/core/upload/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEngine, type Engine } from "./engine.ts";
import { createPool } from "./pool.ts";
import type { Put, UploadApi } from "./ports.ts";
import type { State, UploadFile } from "./state.ts";
import { type Outcome, Trouble } from "./upload-error.ts";

const PART = 10;
const DAY_MS = 24 * 3_600_000;
/** So long an upload lives, unless the settings say otherwise. */
const EXPIRES_MS = 7 * DAY_MS;

/** A service in a few lines: keeps what arrives and can be told to refuse. */
function service(options: {
  /** What the storage says to put number `count` of a part, counted from 1; undefined takes it. */
  refuse?(partNumber: number, count: number): Outcome | undefined;
  online?: () => boolean;
  create?: UploadApi["create"];
  remove?: UploadApi["remove"];
  /** Whether the session still holds at call number `call` of the API, counted from 1. */
  signedIn?(call: number): boolean;
  /** Resolves when the person has signed in again. */
  signIn?(): Promise<void>;
  /** What happens in the middle of a put. */
  during?(partNumber: number): void | Promise<void>;
}) {
  const stored = new Map<string, Map<number, string>>();
  const removed: string[] = [];
  const signed: (number[] | undefined)[] = [];
  /** How often each part of each upload was put. */
  const puts = new Map<string, number>();
  const log = {
    ...{ stored, removed, signed, puts, most: 0, completed: [] as string[] },
    /** How long each wait for the network was meant to be. */
    waits: [] as number[],
    bodies: [] as Blob[],
  };
  let now = 0;
  let made = 0;
  let flying = 0;
  let calls = 0;
  const key = (id: string, partNumber = 0) => `${id}/${partNumber}`;

  const requestOf = (id: string, partNumber?: number): SignedRequest => ({
    ...(partNumber ? { partNumber } : {}),
    method: "PUT",
    url: `https://s3.test/${id}`,
    headers: {},
    sizeBytes: 0,
    expires: new Date(now + 3_600_000).toISOString(),
  });
  const uploadOf = (id: string, sizeBytes: number): Upload =>
    ({
      id,
      status: "open",
      time: { created: new Date(0).toISOString(), expires: new Date(EXPIRES_MS).toISOString() },
      plan:
        sizeBytes <= PART
          ? { kind: "single" }
          : { kind: "multipart", partSizeBytes: PART, partCount: Math.ceil(sizeBytes / PART) },
    }) as Upload;
  const make: UploadApi["create"] = async (files) =>
    files.map((file) => {
      made += 1;
      const upload = uploadOf(`upl_${made}`, file.sizeBytes);
      stored.set(upload.id, new Map());
      const count = upload.plan.kind === "single" ? 0 : upload.plan.partCount;
      const parts = Array.from({ length: Math.min(count, 50) }, (_, index) => index + 1);
      const requests = count ? parts.map((n) => requestOf(upload.id, n)) : [requestOf(upload.id)];
      return { upload, requests };
    });
  const api: UploadApi = {
    create: options.create ?? make,
    sign: async (id, numbers) => {
      signed.push(numbers);
      return numbers ? numbers.map((n) => requestOf(id, n)) : [requestOf(id)];
    },
    parts: async (id) =>
      [...(stored.get(id) ?? [])].map(([partNumber, text]) => ({
        partNumber,
        sizeBytes: text.length,
      })),
    complete: async (id) => {
      log.completed.push(id);
      return { ...uploadOf(id, 1), status: "completing" };
    },
    fromId: async (id) =>
      log.completed.includes(id)
        ? ({ ...uploadOf(id, 1), status: "completed", jobId: "job_1" } as Upload)
        : uploadOf(id, 1),
    remove:
      options.remove ??
      (async (id) => {
        removed.push(id);
      }),
  };
  const put: Put = async (request, body, { signal, onProgress }) => {
    log.bodies.push(body);
    flying += 1;
    log.most = Math.max(log.most, flying);
    try {
      const text = await body.text();
      onProgress(text.length / 2);
      const number = request.partNumber ?? 0;
      await options.during?.(number);
      signal.throwIfAborted();
      const id = request.url.split("/").at(-1) ?? "";
      const count = (puts.get(key(id, number)) ?? 0) + 1;
      puts.set(key(id, number), count);
      const outcome = options.refuse?.(number, count);
      if (outcome) throw new Trouble(outcome);
      stored.get(id)?.set(number, text);
    } finally {
      flying -= 1;
    }
  };
  const sleep = async (ms: number, signal: AbortSignal) => {
    now += ms;
    signal.throwIfAborted();
  };
  const back = async (ms: number, signal: AbortSignal) => {
    log.waits.push(ms);
    await sleep(ms, signal);
  };
  /** The API behind its door: refuses every question while nobody is signed in. */
  const door = new Proxy(api, {
    get:
      (target, name: keyof UploadApi) =>
      async (...args: never[]) => {
        calls += 1;
        if (options.signedIn?.(calls) === false) throw new Trouble({ type: "sign_in" });
        return (target[name] as (...given: never[]) => unknown)(...args);
      },
  });
  const engine = createEngine({
    ...{ api: door, put, sleep, pool: createPool() },
    random: () => 0.5,
    now: () => now,
    network: { online: options.online ?? (() => true), back },
    session: { back: options.signIn ?? (async () => {}) },
    every: () => () => {},
    after: (_ms, task) => queueMicrotask(task),
  });
  return { engine, log, make, now: () => now };
}

const fileOf = (text: string, name = "a.mp4") => new File([text], name);
const text = (length: number) =>
  Array.from({ length }, (_, index) => String.fromCharCode(97 + (index % 26))).join("");
const whole = (parts: Map<number, string> | undefined) =>
  [...(parts ?? [])]
    .sort(([a], [b]) => a - b)
    .map(([, part]) => part)
    .join("");

/** Resolves with the first state in which `test` holds. */
function reached(engine: Engine, test: (state: State) => boolean): Promise<State> {
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
const status = (wanted: UploadFile["status"]) => (state: State) =>
  state.files.length > 0 && state.files.every((file) => file.status === wanted);

describe("the engine", () => {
  it("brings every byte of many files to the storage with at most six requests in flight", async () => {
    const { engine, log } = service({});
    const texts = [5, 10, 11, 95, 1234].map(text);
    engine.add(texts.map((content) => fileOf(content)));
    const end = await reached(engine, status("done"));
    expect([...log.stored.values()].map(whole)).toEqual(texts);
    expect(log.most).toBe(6);
    expect(end.files[0]).toMatchObject({ jobId: "job_1" });
  });

  it("signs the parts after the first fifty in batches of fifty", async () => {
    const { engine, log } = service({});
    engine.add([fileOf(text(1234))]);
    await reached(engine, status("done"));
    expect(log.signed.map((numbers) => numbers?.length)).toEqual([50, 24]);
  });

  it("sends again what broke off, and asks for a new address where one was refused", async () => {
    const { engine, log } = service({
      refuse: (number, count) => {
        if (count === 1 && number % 2) return { type: "again" };
        if (count === 1) return { type: "sign" };
        return undefined;
      },
    });
    engine.add([fileOf(text(45))]);
    await reached(engine, status("done"));
    expect(whole(log.stored.get("upl_1"))).toBe(text(45));
    expect(log.signed.flat()).toContain(2);
  });

  it("goes on after an outage of a night that the browser does not notice, with every byte kept", async () => {
    const { engine, log, now } = service({
      refuse: (number, count) =>
        number > 0 && now() > 0 && now() < DAY_MS / 2
          ? { type: "again" }
          : count === 1 && number === 3
            ? { type: "again" }
            : undefined,
    });
    engine.add([fileOf(text(1234))]);
    await reached(engine, status("done"));
    expect(whole(log.stored.get("upl_1"))).toBe(text(1234));
    expect(now()).toBeGreaterThanOrEqual(DAY_MS / 2);
    const late = log.waits.slice(-20);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(15_000);
    expect(Math.max(...log.waits)).toBeLessThanOrEqual(60_000);
  });

  it("asks again with the same key when the answer was lost, so that no second upload is made", async () => {
    const keys: string[] = [];
    let lost = 2;
    const { engine, log, make } = service({
      create: async (files, key, signal) => {
        keys.push(key);
        if (lost === 0) return make(files, key, signal);
        lost -= 1;
        throw new Trouble({ type: "again" });
      },
    });
    engine.add([fileOf(text(5))]);
    await reached(engine, status("done"));
    engine.add([fileOf(text(5), "b.mp4")]);
    await reached(engine, status("done"));
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(new Set(keys).size).toBe(2);
    expect(log.completed).toHaveLength(2);
  });

  it("keeps asking for an upload, however long the server is away", async () => {
    let tries = 0;
    const { engine, log, now } = service({
      create: async () => {
        tries += 1;
        if (now() < 30 * DAY_MS) throw new Trouble({ type: "again" });
        throw new Trouble({ type: "fail", problem: { type: "empty" } });
      },
    });
    engine.add([fileOf(text(5))]);
    await reached(engine, status("failed"));
    expect(tries).toBe(log.waits.length + 1);
  });

  it("gives up once the upload has expired", async () => {
    const { engine, now } = service({ refuse: () => ({ type: "again" }) });
    engine.add([fileOf(text(5))]);
    const end = await reached(engine, status("failed"));
    expect(end.files[0]).toMatchObject({ problem: { type: "expired" } });
    expect(now()).toBeGreaterThanOrEqual(EXPIRES_MS);
  });

  it("gives up on bytes that arrive damaged again and again, and a retry sends only what is missing", async () => {
    let broken = true;
    const { engine, log } = service({
      refuse: (number) => (broken && number === 3 ? { type: "again", damaged: true } : undefined),
    });
    engine.add([fileOf(text(45))]);
    const failed = await reached(engine, status("failed"));
    expect(failed.files[0]).toMatchObject({ problem: { type: "damaged" } });
    expect(log.removed).toEqual([]);
    broken = false;
    log.stored.get("upl_1")?.set(1, "0123456789");
    engine.retry("file-1");
    await reached(engine, status("done"));
    expect(whole(log.stored.get("upl_1"))).toBe(`0123456789${text(45).slice(10)}`);
  });

  it("opens the uploads of a thousand files a hundred at a time, and brings them all", async () => {
    const go = Promise.withResolvers<void>();
    const { engine, log } = service({ during: () => go.promise });
    engine.add(Array.from({ length: 1_000 }, (_, index) => fileOf(text(5), `${index}.mp4`)));
    await expect.poll(() => log.bodies.length).toBe(6);
    expect(log.stored.size).toBe(100);
    go.resolve();
    await reached(engine, status("done"));
    expect(log.stored.size).toBe(1_000);
  });

  it("tells many changes together: a listener renders", async () => {
    const { engine } = service({});
    let calls = 0;
    engine.subscribe(() => {
      calls += 1;
    });
    engine.add(Array.from({ length: 100 }, () => fileOf("")));
    await reached(engine, status("failed"));
    expect(calls).toBe(1);
  });

  it("sends a file of one request as itself, not as a slice that the browser would copy", async () => {
    const { engine, log } = service({});
    const file = fileOf(text(5));
    engine.add([file]);
    await reached(engine, status("done"));
    expect(log.bodies).toEqual([file]);
    expect(log.bodies[0]).toBe(file);
  });

  it("waits for the network instead of giving up while the browser is offline", async () => {
    let offline = 20;
    const { engine, log } = service({
      refuse: () => {
        offline -= 1;
        return offline >= 0 ? { type: "again" } : undefined;
      },
      online: () => offline <= 0,
    });
    engine.add([fileOf(text(5))]);
    await reached(engine, status("done"));
    expect(log.waits.length).toBeGreaterThan(15);
  });

  it("sends what is signed while nobody is signed in, then waits, and goes on where it was", async () => {
    let out = false;
    let arrived = 0;
    const [signIn, all] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { engine, log } = service({
      signedIn: () => !out,
      signIn: () => signIn.promise,
      refuse: () => {
        arrived += 1;
        if (arrived === 1) out = true;
        if (arrived === 50) all.resolve();
        return undefined;
      },
    });
    engine.add([fileOf(text(1234))]);
    await all.promise;
    // Until the last answers, too, have been heard.
    await new Promise<void>((done) => setImmediate(done));
    await reached(engine, ({ files: [file] }) => file?.status === "sending" && !!file.waiting);
    expect(engine.state().files[0]).toMatchObject({ waiting: "signed_out" });
    out = false;
    signIn.resolve();
    const end = await reached(engine, status("done"));
    expect(end.files[0]).toMatchObject({ jobId: "job_1" });
    expect(whole(log.stored.get("upl_1"))).toBe(text(1234));
    expect(new Set(log.puts.values())).toEqual(new Set([1]));
  });

  it("brings every byte exactly once, wherever the session ends, and makes no second upload", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 4 });
    const ends = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, ends, async (lengths, calls) => {
        const over = new Set(calls);
        const { engine, log } = service({ signedIn: (call) => !over.has(call) });
        engine.add(lengths.map((length) => fileOf(text(length))));
        await reached(engine, status("done"));
        expect([...log.stored.values()].map(whole)).toEqual(lengths.map(text));
        expect([...log.puts.values()].every((count) => count === 1)).toBe(true);
        expect(log.removed).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it("takes a cancel while it waits for the next sign-in", async () => {
    const { engine } = service({
      signedIn: (call) => call === 1,
      signIn: () => new Promise(() => {}),
    });
    engine.add([fileOf(text(600))]);
    await reached(engine, ({ files: [file] }) => file?.status === "sending" && !!file.waiting);
    engine.cancel("file-1");
    await reached(engine, status("canceled"));
  });

  it("stops a canceled file at once, removes it, and does not call it a failure", async () => {
    const { engine, log } = service({ during: () => engine.cancel("file-1") });
    engine.add([fileOf(text(45)), fileOf(text(5), "b.mp4")]);
    const end = await reached(engine, (state) => state.files[1]?.status === "done");
    expect(end.files[0]?.status).toBe("canceled");
    expect(log.removed).toEqual(["upl_1"]);
    expect(log.completed).toEqual(["upl_2"]);
  });

  it("removes a canceled upload once the server is back, when it was away at the cancel", async () => {
    let tries = 0;
    const removed = Promise.withResolvers<string>();
    const { engine, log } = service({
      during: () => engine.cancel("file-1"),
      remove: async (id) => {
        tries += 1;
        if (tries < 5) throw new Trouble({ type: "again" });
        removed.resolve(id);
      },
    });
    engine.add([fileOf(text(45))]);
    expect(await removed.promise).toBe("upl_1");
    expect(log.waits).toHaveLength(4);
  });

  it("removes an upload that was granted after its file was canceled", async () => {
    const { engine, log } = service({});
    engine.add([fileOf(text(5)), fileOf(text(5), "b.mp4")]);
    engine.cancel("file-1");
    await reached(engine, (state) => state.files[1]?.status === "done");
    expect(log.completed).toHaveLength(1);
    expect(log.stored.size - log.removed.length).toBe(1);
  });

  it("refuses an empty file without asking anybody, and takes the others", async () => {
    const { engine, log } = service({});
    engine.add([fileOf(""), fileOf(text(5))]);
    const end = await reached(engine, (state) => state.files[1]?.status === "done");
    expect(end.files[0]).toMatchObject({ status: "failed", problem: { type: "empty" } });
    expect(log.stored.size).toBe(1);
  });

  it("lets complete decide when storage has an object at the file's URL already", async () => {
    const { engine, log } = service({ refuse: () => ({ type: "exists" }) });
    engine.add([fileOf(text(5))]);
    const end = await reached(engine, status("done"));
    expect(end.files[0]).toMatchObject({ jobId: "job_1" });
    expect(log.completed).toEqual(["upl_1"]);
    expect(log.puts.get("upl_1/0")).toBe(1);
  });

  it("says that the storage is full, and stops the file's other parts", async () => {
    const { engine, log } = service({
      refuse: (number) =>
        number === 2 ? { type: "fail", problem: { type: "storage_full" } } : undefined,
    });
    engine.add([fileOf(text(500))]);
    const end = await reached(engine, status("failed"));
    expect(end.files[0]).toMatchObject({ problem: { type: "storage_full" } });
    expect(log.stored.get("upl_1")?.size).toBeLessThan(12);
  });

  it("says that a file was changed on the disk instead of trying it again and again", async () => {
    const { engine } = service({ refuse: () => ({ type: "again" }) });
    const file = fileOf(text(5));
    const slice = file.slice.bind(file);
    let slices = 0;
    file.slice = (...range) => {
      slices += 1;
      const part = slice(...range);
      if (slices > 1) part.arrayBuffer = () => Promise.reject(new DOMException("NotReadable"));
      return part;
    };
    engine.add([file]);
    const end = await reached(engine, status("failed"));
    expect(end.files[0]).toMatchObject({ problem: { type: "unreadable" } });
  });
});
