import type { JobId } from "@rushes/core/id";
import { crc64Of } from "@rushes/core/transfer/crc64-of";
import type { UploadApi } from "@rushes/core/transfer/ports";
import { planFor } from "@rushes/core/upload/plan";
import type { Plan } from "@rushes/core/upload/schema";
import { describe, expect, it } from "vitest";
import { reached, service, status, uploadOf } from "./engine-testing.ts";

const MIB = 1024 ** 2;
/** Sent in six parts, whose bytes differ. */
const FILE = new File(
  Array.from({ length: 33 }, (_, at) => new Uint8Array(MIB).fill(at)),
  "a.mp4",
);

/** A server that chooses this plan, and answers after `ready`. */
function serverWith(
  plan: Plan,
  ready: () => Promise<void> = async () => {},
  hashing?: () => Promise<void>,
) {
  const create: UploadApi["create"] = async ([file]) => {
    await ready();
    return [{ upload: { ...uploadOf("upl_1", file?.sizeBytes ?? 0), plan }, requests: [] }];
  };
  return service({ create, openUploads: [], ...(hashing && { hashing }) });
}

describe("the first parts of a large file", () => {
  it("are hashed while the upload is created, and signed in one request", async () => {
    const { engine, log } = serverWith(planFor(FILE.size), () =>
      expect.poll(() => log.hashed).toBe(6),
    );
    engine.add([FILE]);
    await reached(engine, status("done"));
    expect(log.signed).toEqual([[1, 2, 3, 4, 5, 6]]);
    expect(log.hashed).toBe(6);
    expect(log.checksums.get("upl_1")).toBe(await crc64Of(FILE));
  });

  it("have the checksums of the server's plan if it is another one", async () => {
    const partSizeBytes = 8 * MIB;
    const { engine, log } = serverWith({ kind: "multipart", partSizeBytes, partCount: 5 });
    engine.add([FILE]);
    await reached(engine, status("done"));
    const second = FILE.slice(partSizeBytes, 2 * partSizeBytes);
    expect(log.checksums.get("upl_1/2")).toBe(await crc64Of(second));
    expect(log.checksums.get("upl_1")).toBe(await crc64Of(FILE));
  });

  it("are read once, as the others, if the whole file was compared with a video of its size", async () => {
    const large = new File([FILE, FILE, FILE], "b.mp4");
    const plan = planFor(large.size);
    const video = { jobId: "job_1" as JobId, title: "b", created: "2026-11-30T10:00:00.000Z" };
    const { engine, log } = service({
      openUploads: [],
      create: async ([file]) =>
        file?.crc64nvme === undefined
          ? [{ existing: { ...video, same: "size" } }]
          : [{ upload: { ...uploadOf("upl_1", large.size), plan }, requests: [] }],
    });
    engine.add([large]);
    await reached(engine, status("done"));
    expect(log.hashed).toBe(plan.kind === "multipart" ? plan.partCount : Number.NaN);
    expect(log.hashed).toBeGreaterThan(6);
  });

  it("are read again by the next run after a pause in the middle", async () => {
    const paused = Promise.withResolvers<void>();
    const { engine, log } = serverWith(
      planFor(FILE.size),
      async () => {
        engine.pause("file-1");
        paused.resolve();
      },
      () => paused.promise,
    );
    engine.add([FILE]);
    // The server has created the upload, which the next run continues.
    await expect.poll(() => engine.owns(uploadOf("upl_1", FILE.size))).toBe(true);
    engine.resume("file-1");
    await reached(engine, status("done"));
    expect(log.hashed).toBe(12);
    expect(log.checksums.get("upl_1")).toBe(await crc64Of(FILE));
  });
});
