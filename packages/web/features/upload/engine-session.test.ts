import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileOf, reached, service, status, text, whole } from "./engine-testing.ts";

describe("the upload engine without a session", () => {
  it("sends signed parts while signed out, then waits and resumes after the sign-in", async () => {
    let out = false;
    let arrived = 0;
    const signIn = Promise.withResolvers<void>();
    const { engine, log } = service({
      signedIn: () => !out,
      signIn: () => signIn.promise,
      putOutcome: () => {
        arrived += 1;
        if (arrived === 1) out = true;
        return undefined;
      },
    });
    engine.add([fileOf(text(1234))]);
    await reached(engine, ({ files: [file] }) => file?.status === "sending" && !!file.waiting);
    expect(engine.state().files[0]).toMatchObject({ waiting: "signed_out" });
    expect(arrived).toBeGreaterThan(1);
    out = false;
    signIn.resolve();
    const end = await reached(engine, status("done"));
    expect(end.files[0]).toMatchObject({ jobId: "job_1" });
    expect(whole(log.stored.get("upl_1"))).toBe(text(1234));
    expect(new Set(log.puts.values())).toEqual(new Set([1]));
  });

  it("stores every byte exactly once wherever the session ends, and creates no second upload", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 4 });
    const ends = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, ends, async (lengths, calls) => {
        const over = new Set(calls);
        const { engine, log } = service({ signedIn: (call) => !over.has(call) });
        engine.add(lengths.map((length, index) => fileOf(text(length), `${index}.mp4`)));
        await reached(engine, status("done"));
        expect([...log.stored.values()].map(whole)).toEqual(lengths.map(text));
        expect([...log.puts.values()].every((count) => count === 1)).toBe(true);
        expect(log.removed).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it("cancels a file that waits for a sign-in", async () => {
    const { engine } = service({
      // To list unfinished uploads, and to create one.
      signedIn: (call) => call <= 2,
      signIn: () => new Promise(() => {}),
    });
    engine.add([fileOf(text(600))]);
    await reached(engine, ({ files: [file] }) => file?.status === "sending" && !!file.waiting);
    engine.cancel("file-1");
    await reached(engine, status("canceled"));
  });
});
