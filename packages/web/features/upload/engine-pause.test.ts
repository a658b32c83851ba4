import { UploadError } from "@rushes/core/transfer/upload-error";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileOf, PART, reached, service, status, text, whole } from "./engine-testing.ts";

/** Resolves after everything that needs no timer has run, `turns` times. */
async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
}

function isSingle({ stored }: ReturnType<typeof service>["log"], part: string): boolean {
  const [id = ""] = part.split("/");
  return whole(stored.get(id)).length <= PART;
}

describe("a paused file", () => {
  it("sends nothing, and continues with the parts that have arrived, which it does not read again", async () => {
    let paused = false;
    const { engine, log } = service({
      during: (number) => {
        if (number !== 30 || paused) return;
        paused = true;
        engine.pause("file-1");
      },
    });
    engine.add([fileOf(text(600))]);
    await reached(engine, status("paused"));
    await settle();
    const [arrived, bodies] = [log.stored.get("upl_1")?.size, log.bodies.length];
    expect(arrived).toBeGreaterThan(20);
    await settle();
    expect(log.bodies.length).toBe(bodies);
    expect(log.removed).toEqual([]);

    engine.resume("file-1");
    await reached(engine, status("done"));
    expect(whole(log.stored.get("upl_1"))).toBe(text(600));
    expect(new Set(log.puts.values())).toEqual(new Set([1]));
    // Each part once, and the whole file, which is small, before its upload was created.
    expect(log.hashed).toBe(61);
  });

  it("stays paused when the network is back", async () => {
    let online = false;
    const { engine, log } = service({
      online: () => online,
      putOutcome: () => {
        if (online) return undefined;
        engine.pause("file-1");
        return { type: "retry" };
      },
    });
    engine.add([fileOf(text(45))]);
    await reached(engine, status("paused"));
    online = true;
    await settle();
    expect(engine.state().files[0]).toMatchObject({ status: "paused" });
    const bodies = log.bodies.length;
    await settle();
    expect(log.bodies.length).toBe(bodies);
    engine.resume("file-1");
    await reached(engine, status("done"));
  });

  it("keeps its place among the files that wait", async () => {
    const go = Promise.withResolvers<void>();
    const created: string[] = [];
    const { engine, log, create } = service({
      during: () => go.promise,
      create: (files, ...rest) => {
        created.push(...files.map(({ name }) => name));
        return create(files, ...rest);
      },
    });
    const names = Array.from({ length: 120 }, (_, index) => `${index + 1}.mp4`);
    engine.add(names.map((name) => fileOf(text(5), name)));
    await expect.poll(() => log.bodies.length).toBe(6);
    engine.pause("file-105", "file-101");
    engine.resume("file-105", "file-101");
    engine.pause("file-110");
    go.resolve();
    await reached(
      engine,
      ({ files }) => files.filter((file) => file.status === "done").length === 119,
    );
    expect(created).toEqual(names.toSpliced(109, 1));
    engine.resume("file-110");
    await reached(engine, status("done"));
  });

  it.each([
    ["uses the upload that was created while it was paused", "later", []],
    ["discards an upload that was created after it was resumed", "before", ["upl_1"]],
  ] as const)("%s", async (_, resumed, removed) => {
    const go = Promise.withResolvers<void>();
    let isFirst = true;
    const { engine, log, create } = service({
      create: async (...given) => {
        const results = await create(...given);
        if (isFirst) await go.promise;
        isFirst = false;
        return results;
      },
    });
    engine.add([fileOf(text(45))]);
    await expect.poll(() => log.stored.size).toBe(1);
    engine.pause("file-1");
    if (resumed === "before") engine.resume("file-1");
    go.resolve();
    await settle();
    engine.resume("file-1");
    await reached(engine, status("done"));
    expect(log.removed).toEqual(removed);
    expect(log.completed).toHaveLength(1);
  });

  it("can be canceled, which removes its upload", async () => {
    const { engine, log } = service({ during: () => engine.pause("file-1") });
    engine.add([fileOf(text(45))]);
    await reached(engine, status("paused"));
    engine.cancel("file-1");
    await reached(engine, status("canceled"));
    expect(log.removed).toEqual(["upl_1"]);
  });

  it("sends every part once and completes every file, whenever files are paused and resumed", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 });
    const pauses = fc.array(fc.record({ atPut: fc.nat(40), file: fc.nat(3), turns: fc.nat(6) }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(sizes, pauses, async (lengths, planned) => {
        let puts = 0;
        const { engine, log } = service({
          during: () => {
            for (const { atPut, file, turns } of planned) {
              if (atPut !== puts) continue;
              engine.pause(`file-${file + 1}`);
              void settle(turns).then(() => engine.resume(`file-${file + 1}`));
            }
            puts += 1;
          },
        });
        engine.add(lengths.map((length, index) => fileOf(text(length), `${index}.mp4`)));
        await reached(engine, status("done"));
        expect([...new Set(log.completed)].map((id) => whole(log.stored.get(id))).sort()).toEqual(
          lengths.map(text).sort(),
        );
        // A file that is one PUT has no part that could be kept: each pause may send it again.
        const most = (of: string) => (isSingle(log, of) ? 1 + planned.length : 1);
        expect([...log.puts].filter(([of, count]) => count > most(of))).toEqual([]);
        expect(log.stored.size).toBe(lengths.length + log.removed.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a retry of all failed files", () => {
  it("starts each of more files than one request may create, and uploads all", async () => {
    let isFull = true;
    const { engine, log, create } = service({
      create: async (files, ...rest) => {
        if (!isFull) return create(files, ...rest);
        throw new UploadError({ type: "fail", problem: { type: "storage_full" } });
      },
    });
    engine.add(Array.from({ length: 250 }, (_, index) => fileOf(text(5), `${index}.mp4`)));
    const { files } = await reached(engine, status("failed"));
    isFull = false;
    engine.retry(...files.map(({ key }) => key));
    await reached(engine, status("done"));
    expect(log.completed).toHaveLength(250);
  });
});
