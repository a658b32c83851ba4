import type { NewUpload, UploadApi } from "@rushes/core/transfer/ports";
import type { Info as Upload } from "@rushes/core/upload/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createClaims } from "./claims.ts";
import {
  fileOf,
  newServer,
  reached,
  service,
  status,
  text,
  uploadOf,
  whole,
} from "./engine-testing.ts";
import { broadcastUploads, createTabs } from "./tabs.ts";

type Grant = (lock: Lock | null) => unknown;
type Request = {
  tab: object;
  grant: Grant;
  resolve(value: unknown): void;
  reject(e: unknown): void;
};

/** The locks and channels of a browser, as its tabs see them. */
function browser() {
  const holders = new Map<string, Request>();
  const queues = new Map<string, Request[]>();
  const channels = new Map<object, BroadcastChannel>();

  function next(name: string) {
    const [request, ...rest] = queues.get(name) ?? [];
    queues.set(name, rest);
    if (!request) return void holders.delete(name);
    holders.set(name, request);
    void give(name, request);
  }
  async function give(name: string, request: Request) {
    const value = await request.grant({ name, mode: "exclusive" });
    if (holders.get(name) === request) next(name);
    request.resolve(value);
  }
  function locksOf(tab: object) {
    const request = (name: string, options: LockOptions, grant: Grant) =>
      new Promise((resolve, reject) => {
        const waiter = { tab, grant, resolve, reject };
        if (!holders.has(name)) {
          holders.set(name, waiter);
          return void give(name, waiter);
        }
        if (options.ifAvailable) return resolve(grant(null));
        queues.set(name, [...(queues.get(name) ?? []), waiter]);
        options.signal?.addEventListener("abort", () => {
          queues.set(
            name,
            (queues.get(name) ?? []).filter((one) => one !== waiter),
          );
          reject(options.signal?.reason);
        });
      });
    const query = async () => ({
      held: [...holders.keys()].map((name) => ({ name })),
      pending: [],
    });
    // Only these two are used, in one of their forms.
    return { request, query } as unknown as LockManager;
  }
  function channelOf(tab: object) {
    const post = (data: unknown) => {
      for (const [other, channel] of channels) {
        if (other !== tab) channel.onmessage?.({ data } as MessageEvent);
      }
    };
    const channel = { postMessage: post, onmessage: null } as unknown as BroadcastChannel;
    channels.set(tab, channel);
    return channel;
  }
  return {
    locksOf,
    channelOf,
    close(tab: object) {
      channels.delete(tab);
      for (const [name, queue] of queues)
        queues.set(
          name,
          queue.filter((one) => one.tab !== tab),
        );
      for (const [name, holder] of holders) if (holder.tab === tab) next(name);
    },
  };
}

/** A server that lists what it has created, and the tabs of one browser. */
function setUp(during?: () => void | Promise<void>) {
  const server = newServer();
  const shared = browser();
  const rows = new Map<string, NewUpload>();
  const sending = new Map<string, Set<object>>();
  const most = { tabs: 0 };
  const create: UploadApi["create"] = async (files, ...rest) => {
    const results = await server.create(files, ...rest);
    for (const [index, result] of results.entries()) {
      const row = files[index];
      if ("upload" in result && row) rows.set(result.upload.id, row);
    }
    return results;
  };
  const openUploads = () =>
    [...rows]
      .filter(([id]) => !server.log.completed.includes(id) && !server.log.removed.includes(id))
      .map(
        ([id, { name, ...row }]): Upload =>
          ({ ...uploadOf(id, row.sizeBytes), ...row, fileName: name }) as Upload,
      );

  function open(hasLocks = true) {
    const tab = {};
    let isOpen = true;
    const tabs = createTabs(shared.channelOf(tab));
    const claims = createClaims(hasLocks ? shared.locksOf(tab) : undefined);
    const options = {
      ...{ server, create, tabs: { claims, uploadOf: tabs.uploadOf }, isOpen: () => isOpen },
      get openUploads() {
        return openUploads();
      },
      async during(number: number) {
        const active = sending.get("file") ?? new Set();
        sending.set("file", active.add(tab));
        most.tabs = Math.max(most.tabs, active.size);
        await during?.();
        if (isOpen) active.delete(tab);
        expect(number).toBeGreaterThanOrEqual(0);
      },
    };
    const { engine } = service(options);
    broadcastUploads(engine, tabs, (_ms, task) => queueMicrotask(task));
    return {
      engine,
      claims,
      isOpen: () => isOpen,
      close() {
        isOpen = false;
        sending.get("file")?.delete(tab);
        shared.close(tab);
      },
    };
  }
  return { open, log: server.log, most };
}

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
};

describe("two tabs of a browser", () => {
  it("send a file that was chosen in both once, and both show its job", async () => {
    const { open, log } = setUp();
    const [one, two] = [open(), open()];
    const file = fileOf(text(45));
    one.engine.add([file]);
    two.engine.add([file]);
    await reached(
      two.engine,
      ({ files: [row] }) => row?.status === "queued" && row.waiting === "other_tab",
    );
    const ends = await Promise.all([one, two].map(({ engine }) => reached(engine, status("done"))));
    for (const end of ends) expect(end.files[0]).toMatchObject({ jobId: "job_1" });
    expect(new Set(log.completed)).toEqual(new Set(["upl_1"]));
    expect(new Set(log.puts.values())).toEqual(new Set([1]));
  });

  it("continue in one when the other closes or crashes at any time, and send no part at the same time", async () => {
    const step = fc.nat(12);
    await fc.assert(
      fc.asyncProperty(
        step,
        step,
        fc.option(step),
        fc.constantFrom(5, 45),
        async (first, second, closes, size) => {
          const both = Promise.withResolvers<void>();
          const { open, log, most } = setUp(() => both.promise);
          const [one, two] = [open(), open()];
          const file = fileOf(text(size));
          const act = async (after: number, task: () => unknown) => {
            await turns(after);
            task();
          };
          await Promise.all([
            act(first, () => one.isOpen() && one.engine.add([file])),
            act(second, () => two.engine.add([file])),
            ...(closes === null ? [] : [act(closes, one.close)]),
          ]);
          both.resolve();
          const end = await reached(two.engine, status("done"));
          expect(end.files[0]).toMatchObject({ jobId: "job_1" });
          expect(new Set(log.completed).size).toBe(1);
          expect(most.tabs).toBe(1);
          expect(whole(log.stored.get(log.completed[0] ?? ""))).toBe(text(size));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("send a file in the other tab after it was canceled in the first", async () => {
    const { open, log } = setUp(() => stop());
    const [one, two] = [open(), open()];
    const file = fileOf(text(45));
    let isStopped = false;
    const stop = () => {
      if (!isStopped) one.engine.cancel("file-1");
      isStopped = true;
    };
    one.engine.add([file]);
    two.engine.add([file]);
    await reached(two.engine, status("done"));
    expect(log.removed).toEqual(["upl_1"]);
    expect(log.completed).toEqual(["upl_2"]);
  });

  it("open the files that wait behind those that the other tab has left", async () => {
    const gate = Promise.withResolvers<void>();
    const { open } = setUp(() => gate.promise);
    const [one, two] = [open(), open()];
    const filesOf = (count: number, name: string) =>
      Array.from({ length: count }, (_, index) => fileOf(text(5), `${name} ${index}.mp4`));
    const files = filesOf(100, "left");
    one.engine.add(files);
    two.engine.add(files);
    await reached(two.engine, ({ files: rows }) =>
      rows.every((row) => row.status === "queued" && row.waiting === "other_tab"),
    );
    await reached(one.engine, status("sending"));
    one.close();
    await reached(two.engine, status("sending"));
    two.engine.add(filesOf(30, "added"));
    gate.resolve();
    await reached(two.engine, status("done"));
  });

  it("keep the claim on a paused file", async () => {
    const gate = Promise.withResolvers<void>();
    const { open } = setUp(() => gate.promise);
    const [one, two] = [open(), open()];
    one.engine.add([fileOf(text(45))]);
    await reached(one.engine, status("sending"));
    one.engine.pause("file-1");
    await turns(5);
    expect((await two.claims.taken()).size).toBe(1);
    expect((await one.claims.taken()).size).toBe(0);
  });

  it("upload as if they were alone without Web Locks", async () => {
    const { open, log } = setUp();
    const tab = open(false);
    tab.engine.add([fileOf(text(45))]);
    await reached(tab.engine, status("done"));
    expect(log.completed).toEqual(["upl_1"]);
  });
});
