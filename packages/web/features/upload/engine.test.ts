import { crc64Of } from "@rushes/core/transfer/crc64-of";
import { UploadError } from "@rushes/core/transfer/upload-error";
import { describe, expect, it } from "vitest";
import { fileOf, reached, service, status, text, whole } from "./engine-testing.ts";

describe("the upload engine", () => {
  it("stores every byte of many files with at most six requests at once", async () => {
    const { engine, log } = service({});
    const texts = [5, 10, 11, 95, 1234].map(text);
    engine.add(texts.map((content) => fileOf(content)));
    const end = await reached(engine, status("done"));
    expect([...log.stored.values()].map(whole)).toEqual(texts);
    expect(log.most).toBe(6);
    expect(end.files[0]).toMatchObject({ jobId: "job_1" });
  });

  it("signs each part once, several at a time, with the checksum of its bytes", async () => {
    const { engine, log } = service({});
    const content = text(1234);
    engine.add([fileOf(content)]);
    await reached(engine, status("done"));
    expect(log.signed.flat().toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 124 }, (_, at) => at + 1),
    );
    expect(log.signed.length).toBeLessThan(62);
    const third = await crc64Of(new Blob([content.slice(20, 30)]));
    expect(log.checksums.get("upl_1/3")).toBe(third);
  });

  it("completes an upload in parts with the checksum of the whole file", async () => {
    const { engine, log } = service({});
    engine.add([fileOf(text(1234))]);
    await reached(engine, status("done"));
    expect(log.checksums.get("upl_1")).toBe(await crc64Of(new Blob([text(1234)])));
  });

  it("opens a thousand uploads in batches of a hundred and stores all files", async () => {
    const go = Promise.withResolvers<void>();
    const { engine, log } = service({ during: () => go.promise });
    engine.add(Array.from({ length: 1_000 }, (_, index) => fileOf(text(5), `${index}.mp4`)));
    await expect.poll(() => log.bodies.length).toBe(6);
    expect(log.stored.size).toBe(100);
    go.resolve();
    await reached(engine, status("done"));
    expect(log.stored.size).toBe(1_000);
  });

  it("sends the first of many small files before the server has created the others", async () => {
    const sent = Promise.withResolvers<void>();
    const { engine, log, create } = service({
      create: async (files, ...rest) => {
        if (files.some(({ name }) => name === "99.mp4")) await sent.promise;
        return create(files, ...rest);
      },
      during: () => sent.resolve(),
    });
    engine.add(Array.from({ length: 100 }, (_, index) => fileOf(text(5), `${index}.mp4`)));
    await reached(engine, status("done"));
    expect(log.completed).toHaveLength(100);
  });

  it("asks for the jobs of many files two at a time, so that other requests are not delayed", async () => {
    let polls = 0;
    let most = 0;
    const { engine } = service({
      polled: async () => {
        polls += 1;
        most = Math.max(most, polls);
        await Promise.resolve();
        polls -= 1;
      },
    });
    engine.add(Array.from({ length: 50 }, (_, index) => fileOf(text(5), `${index}.mp4`)));
    await reached(engine, status("done"));
    expect(most).toBe(2);
  });

  it("requests the profile that was chosen when a file was added", async () => {
    const chosen = ["web", "hls"];
    const requested: (string | undefined)[] = [];
    const { engine, create } = service({
      profile: () => chosen.shift() ?? "",
      create: (files, ...rest) => {
        requested.push(...files.map(({ profile }) => profile));
        return create(files, ...rest);
      },
    });
    engine.add([fileOf(text(5)), fileOf(text(6))]);
    engine.add([fileOf(text(7))]);
    await reached(engine, status("done"));
    expect(requested).toEqual(["web", "web", "hls"]);
  });

  it("reports many changes in one call", async () => {
    const { engine } = service({});
    let calls = 0;
    engine.subscribe(() => {
      calls += 1;
    });
    engine.add(Array.from({ length: 100 }, () => fileOf("")));
    await reached(engine, status("failed"));
    expect(calls).toBe(1);
  });

  it("sends a single-request file as itself, not as a slice that the browser would copy", async () => {
    const { engine, log } = service({});
    const file = fileOf(text(5));
    engine.add([file]);
    await reached(engine, status("done"));
    expect(log.bodies).toEqual([file]);
    expect(log.bodies[0]).toBe(file);
  });

  it("rejects an empty file without a request and uploads the others", async () => {
    const { engine, log } = service({});
    engine.add([fileOf(""), fileOf(text(5))]);
    const end = await reached(engine, (state) => state.files[1]?.status === "done");
    expect(end.files[0]).toMatchObject({ status: "failed", problem: { type: "empty" } });
    expect(log.stored.size).toBe(1);
  });

  it("completes the upload if the storage already has an object at the file's URL", async () => {
    const { engine, log } = service({ putOutcome: () => ({ type: "exists" }) });
    engine.add([fileOf(text(5))]);
    const end = await reached(engine, status("done"));
    expect(end.files[0]).toMatchObject({ jobId: "job_1" });
    expect(log.completed).toEqual(["upl_1"]);
    expect(log.puts.get("upl_1/0")).toBe(1);
  });

  it("fails if the storage is full, and stops the file's other parts", async () => {
    const { engine, log } = service({
      putOutcome: (number) =>
        number === 2 ? { type: "fail", problem: { type: "storage_full" } } : undefined,
    });
    engine.add([fileOf(text(500))]);
    const end = await reached(engine, status("failed"));
    expect(end.files[0]).toMatchObject({ problem: { type: "storage_full" } });
    expect(log.stored.get("upl_1")?.size).toBeLessThan(12);
  });

  it("fails without retries if the file was changed on the disk", async () => {
    const { engine } = service({ putOutcome: () => ({ type: "retry" }) });
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

  it("shows the server's sentence for a file over the quota, and uploads the others", async () => {
    const message = "This file is 5 GB, but only 1 GB of your 10 GB are free.";
    const { engine, create } = service({
      create: async (files, ...rest) => {
        const [first, ...others] = await create(files, ...rest);
        return first ? [{ error: { code: "quota.bytes", message } }, ...others] : [];
      },
    });
    engine.add([fileOf(text(5)), fileOf(text(5), "b.mp4")]);
    const end = await reached(engine, ({ files }) => files[1]?.status === "done");
    expect(end.files[0]).toMatchObject({ status: "failed", problem: { type: "refused", message } });
  });

  it.each([-3_600_000, 3_600_000, 30 * 86_400_000])(
    "signs each part once although its clock is wrong by %i ms",
    async (aheadMs) => {
      const { engine, log } = service({ aheadMs });
      engine.add([fileOf(text(1234))]);
      await reached(engine, status("done"));
      expect(log.signed.flat()).toHaveLength(124);
    },
  );

  it("says that parts were lost if they never arrive although the storage confirms them", async () => {
    const { engine, log } = service({
      complete: async () => {
        throw new UploadError({ type: "incomplete" });
      },
    });
    engine.add([fileOf(text(45))]);
    const end = await reached(engine, status("failed"));
    expect(end.files[0]).toMatchObject({ problem: { type: "damaged" } });
    expect(log.removed).toEqual([]);
  });
});
