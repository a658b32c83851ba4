import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Deletion, Deletions, UNDO_MS } from "./deletions.ts";

/** The server, and the storage of a browser, which its pages share. */
function environment() {
  const deleted = new Set<string>();
  let stored: Deletion[] = [];
  let nowMs = 0;
  let down = false;
  let timers: { dueMs: number; run(): void }[] = [];

  function open() {
    const hidden = new Set<string>();
    let gone = false;
    const deletions = new Deletions(
      {
        nowMs: () => nowMs,
        after(ms, run) {
          const timer = { dueMs: nowMs + ms, run: () => !gone && run() };
          timers.push(timer);
          return () => {
            timers = timers.filter((one) => one !== timer);
          };
        },
        store(change) {
          stored = change(stored);
        },
        stored: () => stored,
        async send(ids) {
          if (down) throw new Error("The server is not responding.");
          for (const id of ids) if (id !== "locked") deleted.add(id);
          return ids.includes("locked") ? [{ id: "locked", message: "It is locked." }] : [];
        },
        hide(ids, on) {
          for (const id of ids) on ? hidden.add(id) : hidden.delete(id);
        },
        onSettled() {},
      },
      () => {},
    );
    deletions.resume();
    return Object.assign(deletions, { hidden, crash: () => (gone = true) });
  }
  return {
    deleted,
    open,
    stored: () => stored,
    setDown(next: boolean) {
      down = next;
    },
    async wait(ms: number) {
      const until = nowMs + ms;
      for (;;) {
        const [next] = timers
          .filter(({ dueMs }) => dueMs <= until)
          .sort((a, b) => a.dueMs - b.dueMs);
        if (!next) break;
        timers = timers.filter((one) => one !== next);
        nowMs = next.dueMs;
        next.run();
        // Lets the requests settle.
        await new Promise((done) => setImmediate(done));
      }
      nowMs = until;
      await new Promise((done) => setImmediate(done));
    },
  };
}
const jobs = (...ids: string[]) => ids.map((id) => ({ id, title: id }));

describe("a deletion", () => {
  it("is sent after the time to undo, and never after it was undone", async () => {
    const { open, wait, deleted } = environment();
    const page = open();
    page.remove(jobs("a", "b"));
    page.remove(jobs("c"));
    expect([...page.hidden]).toEqual(["a", "b", "c"]);
    await wait(UNDO_MS - 1);
    expect(deleted.size).toBe(0);
    const [first] = page.shown().waiting;
    expect(first && page.undo(first)).toBe(true);
    await wait(60_000);
    expect([...deleted]).toEqual(["c"]);
    expect([...page.hidden]).toEqual(["c"]);
    expect(first && page.undo(first)).toBe(false);
  });

  it("is repeated while the server is not responding", async () => {
    const { open, wait, deleted, setDown } = environment();
    setDown(true);
    open().remove(jobs("a"));
    await wait(60_000);
    expect(deleted.size).toBe(0);
    setDown(false);
    await wait(10_000);
    expect([...deleted]).toEqual(["a"]);
  });

  it("that fails shows the job again, with the reason", async () => {
    const { open, wait, deleted } = environment();
    const page = open();
    page.remove(jobs("a", "locked"));
    await wait(UNDO_MS);
    expect([...deleted]).toEqual(["a"]);
    expect(page.hidden.has("locked")).toBe(false);
    expect(page.shown().failed).toEqual([
      { id: "locked", title: "locked", message: "It is locked." },
    ]);
  });

  it("of a crashed page is sent by a later one, but not while another tab can undo it", async () => {
    const { open, wait, deleted } = environment();
    const page = open();
    page.remove(jobs("a"));
    page.crash();
    await wait(UNDO_MS);
    open();
    await wait(1_000);
    expect(deleted.size).toBe(0);
    await wait(60_000);
    open();
    await wait(0);
    expect([...deleted]).toEqual(["a"]);
  });

  it("is neither lost nor sent after an undo, whatever happens to its page", async () => {
    const step = fc.oneof(
      fc.record({ type: fc.constant("remove" as const) }),
      fc.record({ type: fc.constant("undo" as const), at: fc.nat(5) }),
      fc.record({ type: fc.constant("wait" as const), ms: fc.nat(12_000) }),
      fc.record({ type: fc.constantFrom("leave", "crash", "down", "up") }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const all = environment();
        const undone = new Set<string>();
        let page = all.open();
        let count = 0;
        for (const one of steps) {
          if (one.type === "remove") {
            count += 1;
            page.remove(jobs(`job-${count}`));
          } else if (one.type === "undo" && "at" in one) {
            const deletion = page.shown().waiting[one.at];
            if (deletion && page.undo(deletion)) {
              for (const { id } of deletion.jobs) undone.add(id);
            }
          } else if (one.type === "wait" && "ms" in one) {
            await all.wait(one.ms);
          } else if (one.type === "down" || one.type === "up") {
            all.setDown(one.type === "down");
          } else {
            if (one.type === "leave") page.leave();
            page.crash();
            page = all.open();
          }
        }
        all.setDown(false);
        page.leave();
        await all.wait(60_000);
        page = all.open();
        await all.wait(60_000);
        const removed = Array.from({ length: count }, (_, at) => `job-${at + 1}`);
        expect([...all.deleted].sort()).toEqual(removed.filter((id) => !undone.has(id)).sort());
        expect(all.stored()).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
