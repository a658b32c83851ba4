import type { JobId } from "@rushes/core/id";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Action, initial, reduce } from "./state.ts";
import type { State, UploadFile } from "./upload-file.ts";
import { total } from "./view.ts";

const signals = Array.from({ length: 4 }, () => new AbortController().signal);
const signalOf = (index: number) => signals[index] ?? AbortSignal.abort();

function choose(keys: string[], sizeBytes = 1000): State {
  const files = keys.map((key) => ({ key, name: key, sizeBytes, signal: signalOf(0) }));
  return reduce(initial, { type: "chosen", files, atMs: 0 });
}

const key = fc.constantFrom("a", "b");
const signal = fc.nat(3).map(signalOf);
const atMs = fc.nat(100_000);
const sentBytes = fc.nat(1500);
const late: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    type: fc.constant("opened" as const),
    ...{ key, signal, sentBytes, atMs },
    upload: fc.constant({ id: "upl_1" } as never),
  }),
  fc.record({
    type: fc.constant("progressed" as const),
    files: fc.array(fc.record({ key, signal, sentBytes }), { maxLength: 3 }),
    atMs,
  }),
  fc.record({
    type: fc.constant("waiting" as const),
    waiting: fc.constantFrom("offline" as const, "retry", "signed_out", undefined),
    ...{ key, signal },
  }),
  fc.record({ type: fc.constantFrom("sent" as const, "differed"), key, signal }),
  fc.record({
    type: fc.constant("comparing" as const),
    comparing: fc.constantFrom("sent" as const, "video"),
    ...{ key, signal },
  }),
  fc.record({ type: fc.constant("finished" as const), jobId: fc.constant("job_1"), key, signal }),
  fc.record({
    type: fc.constant("failed" as const),
    problem: fc.constant({ type: "damaged" } as const),
    ...{ key, signal },
  }),
);
const video = {
  jobId: "job_1" as JobId,
  title: "Take",
  created: "2026-11-30T10:00:00.000Z",
  same: "file" as const,
};
const any: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: late },
  fc.record({ type: fc.constant("canceled" as const), keys: fc.tuple(key) }),
  fc.record({ type: fc.constant("paused" as const), keys: fc.tuple(key) }),
  fc.record({
    type: fc.constant("restarted" as const),
    runs: fc.tuple(fc.record({ key, signal })),
  }),
  fc.record({ type: fc.constant("dismissed" as const), keys: fc.tuple(key) }),
  fc.record({ type: fc.constant("existing" as const), video: fc.constant(video), key, signal }),
);

/** The fields that each status has, and those that it may have. */
const FIELDS: Record<UploadFile["status"], { has: string[]; may: string[] }> = {
  queued: { has: [], may: ["sentBytes", "waiting", "comparing"] },
  paused: { has: ["sentBytes"], may: [] },
  sending: { has: ["uploadId", "sentBytes", "meter"], may: ["waiting"] },
  finishing: { has: ["uploadId"], may: ["waiting"] },
  done: { has: ["uploadId"], may: ["jobId"] },
  failed: { has: ["problem", "sentBytes"], may: ["uploadId"] },
  canceled: { has: [], may: [] },
};
const ALWAYS = ["key", "name", "signal", "sizeBytes", "status"];
/** With any status. */
const MAYBE = ["differed"];

/** What a file may become with one action. A file that becomes itself is left out. */
const NEXT: Record<UploadFile["status"], UploadFile["status"][]> = {
  queued: ["sending", "failed", "paused", "canceled"],
  paused: ["queued", "canceled"],
  sending: ["finishing", "done", "failed", "paused", "canceled"],
  finishing: ["done", "failed"],
  done: [],
  failed: ["queued"],
  canceled: [],
};

const find = (state: State, wanted: string) => state.files.find((file) => file.key === wanted);

describe("the upload's state", () => {
  it("never brings a canceled file back, in any order of late actions", () => {
    fc.assert(
      fc.property(fc.array(any), fc.array(any), (before, after) => {
        const canceled = reduce(before.reduce(reduce, choose(["a", "b"])), {
          type: "canceled",
          keys: ["a"],
        });
        if (find(canceled, "a")?.status !== "canceled") return;
        const end = after.reduce(reduce, canceled);
        expect(["canceled", undefined]).toContain(find(end, "a")?.status);
      }),
    );
  });

  it("has exactly the fields of each status, and changes only to statuses that may follow", () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), (actions) => {
        let state = choose(["a", "b"]);
        for (const action of actions) {
          const next = reduce(state, action);
          for (const file of next.files) {
            const { has, may } = FIELDS[file.status];
            const fields = Object.keys(file);
            expect(fields).toEqual(expect.arrayContaining([...ALWAYS, ...has]));
            expect([...ALWAYS, ...MAYBE, ...has, ...may]).toEqual(expect.arrayContaining(fields));
            expect(Reflect.get(file, "sentBytes") ?? 0).toBeLessThanOrEqual(file.sizeBytes);
            const before = find(state, file.key);
            if (before && before.status !== file.status) {
              expect(NEXT[before.status]).toContain(file.status);
            }
          }
          state = next;
        }
      }),
    );
  });

  it("loses no file: one that is not listed was dismissed after its end, or waits for a decision", () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), (actions) => {
        let state = choose(["a", "b"]);
        for (const action of actions) {
          const next = reduce(state, action);
          const left = state.files.filter((file) => !find(next, file.key));
          if (action.type === "existing") {
            expect(next.repeated.length - state.repeated.length).toBe(left.length);
            for (const file of left) expect(file.status).toBe("queued");
          } else if (left.length > 0) expect(action.type).toBe("dismissed");
          state = next;
        }
      }),
    );
  });

  it("keeps a paused file as it is until it is resumed, in any order of late actions", () => {
    fc.assert(
      fc.property(fc.array(late), fc.array(late), (before, after) => {
        const paused = reduce(before.reduce(reduce, choose(["a"])), {
          ...{ type: "paused", keys: ["a"] },
        });
        if (find(paused, "a")?.status !== "paused") return;
        expect(find(after.reduce(reduce, paused), "a")).toBe(find(paused, "a"));
      }),
    );
  });

  it.each(["failed", "paused"] as const)(
    "ignores an earlier run of a file that was %s",
    (status) => {
      const run = { key: "a", signal: signalOf(0) };
      const stop: Record<typeof status, Action> = {
        failed: { type: "failed", ...run, problem: { type: "damaged" } },
        paused: { type: "paused", keys: ["a"] },
      };
      fc.assert(
        fc.property(fc.array(late), (actions) => {
          const again: Action = { type: "restarted", runs: [{ key: "a", signal: signalOf(3) }] };
          const restarted = [stop[status], again].reduce(reduce, choose(["a"]));
          const stale = actions.filter(
            (action) => "signal" in action && action.signal !== signalOf(3),
          );
          expect(stale.reduce(reduce, restarted)).toBe(restarted);
        }),
      );
    },
  );

  it("counts what was sent before a pause until the next run knows what has arrived", () => {
    const run = { key: "a", signal: signalOf(0) };
    const actions: Action[] = [
      { type: "opened", ...run, sentBytes: 700, atMs: 0, upload: { id: "upl_1" } as never },
      { type: "paused", keys: ["a"] },
      { type: "restarted", runs: [{ key: "a", signal: signalOf(1) }] },
    ];
    const percents = actions.map(
      (_, index) => total(actions.slice(0, index + 1).reduce(reduce, choose(["a"])))?.percent,
    );
    expect(percents).toEqual([70, 70, 70]);
  });

  it("only moves the total forward, also while parts are sent again", () => {
    fc.assert(
      fc.property(fc.array(fc.array(sentBytes, { minLength: 2, maxLength: 2 })), (ticks) => {
        let state = choose(["a", "b"]);
        for (const name of ["a", "b"]) {
          state = reduce(state, {
            ...{ type: "opened", key: name, signal: signalOf(0), sentBytes: 0, atMs: 0 },
            upload: { id: "upl_1" } as never,
          });
        }
        let last = 0;
        for (const [index, [a = 0, b = 0]] of ticks.entries()) {
          const files = [
            { key: "a", signal: signalOf(0), sentBytes: a },
            { key: "b", signal: signalOf(0), sentBytes: b },
          ];
          state = reduce(state, { type: "progressed", files, atMs: (index + 1) * 250 });
          const now = total(state)?.percent ?? -1;
          expect(now).toBeGreaterThanOrEqual(last);
          expect(now).toBeLessThanOrEqual(100);
          last = now;
        }
      }),
    );
  });

  it("counts uploaded files whose rows have left, until the page has nothing to upload", () => {
    const run = { key: "a", signal: signalOf(0) };
    const more: Action = {
      type: "chosen",
      files: [{ key: "c", name: "c", sizeBytes: 2000, signal: signalOf(0) }],
      atMs: 0,
    };
    const left = (
      [
        { type: "opened", ...run, sentBytes: 0, atMs: 0, upload: { id: "upl_1" } as never },
        { type: "finished", ...run, jobId: "job_1" },
        { type: "dismissed", keys: ["a"] },
      ] satisfies Action[]
    ).reduce<State>(reduce, choose(["a", "b"]));
    expect(total(left)).toMatchObject({ percent: 50, title: "Uploading 1 file, 1 done" });
    expect(total(reduce(left, more))).toMatchObject({ percent: 25 });
    const over = reduce(left, { type: "canceled", keys: ["b"] });
    expect(total(reduce(over, more))).toMatchObject({ percent: 0, title: "Uploading 1 file" });
  });

  it("keeps a file waiting for a sign-in while its last parts arrive", () => {
    const run = { key: "a", signal: signalOf(0) };
    const actions: Action[] = [
      { type: "opened", ...run, sentBytes: 0, atMs: 0, upload: { id: "upl_1" } as never },
      { type: "waiting", ...run, waiting: "signed_out" },
      { type: "progressed", files: [{ ...run, sentBytes: 500 }], atMs: 250 },
    ];
    expect(find(actions.reduce(reduce, choose(["a"])), "a")).toMatchObject({
      waiting: "signed_out",
      sentBytes: 500,
    });
  });

  it("does not dismiss a running upload", () => {
    const state = choose(["a"]);
    expect(find(reduce(state, { type: "dismissed", keys: ["a"] }), "a")).toBeDefined();
  });

  it("keeps an uploaded file when cancel is too late", () => {
    const run = { key: "a", signal: signalOf(0) };
    const actions: Action[] = [
      { type: "opened", ...run, sentBytes: 0, atMs: 0, upload: { id: "upl_1" } as never },
      { type: "sent", ...run },
      { type: "canceled", keys: ["a"] },
      { type: "finished", ...run, jobId: "job_1" },
    ];
    expect(find(actions.reduce(reduce, choose(["a"])), "a")).toMatchObject({
      status: "done",
      jobId: "job_1",
    });
  });
});
