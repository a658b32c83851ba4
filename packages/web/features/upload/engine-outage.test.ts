import { UploadError } from "@rushes/core/transfer/upload-error";
import { describe, expect, it } from "vitest";
import {
  DAY_MS,
  EXPIRES_MS,
  fileOf,
  reached,
  service,
  status,
  text,
  whole,
} from "./engine-testing.ts";

describe("the upload engine in an outage", () => {
  it("sends broken parts again, and signs a rejected part again", async () => {
    const { engine, log } = service({
      putOutcome: (number, count) => {
        if (count === 1 && number % 2) return { type: "retry" };
        if (count === 1) return { type: "sign" };
        return undefined;
      },
    });
    engine.add([fileOf(text(45))]);
    await reached(engine, status("done"));
    expect(whole(log.stored.get("upl_1"))).toBe(text(45));
    expect(log.signed.flat()).toContain(2);
  });

  it("continues after a night without network and keeps every byte", async () => {
    const { engine, log, now } = service({
      putOutcome: (number, count) =>
        number > 0 && now() > 0 && now() < DAY_MS / 2
          ? { type: "retry" }
          : count === 1 && number === 3
            ? { type: "retry" }
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

  it("creates no second upload when the first answer was lost", async () => {
    const keys: string[] = [];
    let lost = 2;
    const { engine, log, create } = service({
      create: async (files, key, signal) => {
        keys.push(key);
        if (lost === 0) return create(files, key, signal);
        lost -= 1;
        throw new UploadError({ type: "retry" });
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

  it("retries to create an upload for as long as the server is away", async () => {
    let tries = 0;
    const { engine, log, now } = service({
      create: async () => {
        tries += 1;
        if (now() < 30 * DAY_MS) throw new UploadError({ type: "retry" });
        throw new UploadError({ type: "fail", problem: { type: "empty" } });
      },
    });
    engine.add([fileOf(text(5))]);
    await reached(engine, status("failed"));
    expect(tries).toBe(log.waits.length + 1);
  });

  it("fails once the upload has expired", async () => {
    const { engine, now } = service({ putOutcome: () => ({ type: "retry" }) });
    engine.add([fileOf(text(5))]);
    const end = await reached(engine, status("failed"));
    expect(end.files[0]).toMatchObject({ problem: { type: "expired" } });
    expect(now()).toBeGreaterThanOrEqual(EXPIRES_MS);
  });

  it("fails if a part keeps arriving damaged, and sends only missing and changed parts on retry", async () => {
    let broken = true;
    const { engine, log } = service({
      putOutcome: (number) =>
        broken && number === 3 ? { type: "retry", damaged: true } : undefined,
    });
    engine.add([fileOf(text(45))]);
    const failed = await reached(engine, status("failed"));
    expect(failed.files[0]).toMatchObject({ problem: { type: "damaged" } });
    expect(log.removed).toEqual([]);
    broken = false;
    log.stored.get("upl_1")?.set(1, "0123456789");
    engine.retry("file-1");
    await reached(engine, status("done"));
    expect(whole(log.stored.get("upl_1"))).toBe(text(45));
    expect([1, 2].map((number) => log.puts.get(`upl_1/${number}`))).toEqual([2, 1]);
  });

  it("waits for the network while the browser is offline", async () => {
    let offline = 20;
    const { engine, log } = service({
      putOutcome: () => {
        offline -= 1;
        return offline >= 0 ? { type: "retry" } : undefined;
      },
      online: () => offline <= 0,
    });
    engine.add([fileOf(text(5))]);
    await reached(engine, status("done"));
    expect(log.waits.length).toBeGreaterThan(15);
  });
});
