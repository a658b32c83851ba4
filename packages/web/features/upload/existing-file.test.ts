import type { JobId } from "@rushes/core/id";
import { crc64Of } from "@rushes/core/transfer/crc64-of";
import type { Existing } from "@rushes/core/upload/schema";
import { describe, expect, it } from "vitest";
import { fileOf, reached, service, status, text } from "./engine-testing.ts";

const video = (same: Existing["same"]): Existing => ({
  jobId: "job_1" as JobId,
  title: "Take",
  created: "2026-11-30T10:00:00.000Z",
  same,
});

describe("a file that is a video already", () => {
  it("is named instead of uploaded, while the others are uploaded", async () => {
    const { engine, log } = service({
      existing: ({ name }) => (name === "a.mp4" ? video("file") : undefined),
    });
    engine.add([fileOf(text(45)), fileOf(text(5), "b.mp4")]);
    const { files, repeated } = await reached(engine, status("done"));
    expect(files).toMatchObject([{ name: "b.mp4" }]);
    expect(repeated).toMatchObject([{ name: "a.mp4", video: { jobId: "job_1", title: "Take" } }]);
    expect([...log.puts.keys()]).toEqual(["upl_1/0"]);
  });

  it("is uploaded if the user wants that, with its profile, and is asked about no second time", async () => {
    const profiles = ["hls"];
    const created: (string | undefined)[] = [];
    const { engine, log } = service({
      profile: () => profiles.shift() ?? "web",
      existing({ profile }) {
        created.push(profile);
        return video("file");
      },
    });
    engine.add([fileOf(text(45))]);
    await reached(engine, ({ repeated }) => repeated.length === 1);
    engine.addRepeated();
    const { repeated } = await reached(engine, status("done"));
    expect(repeated).toEqual([]);
    expect(created).toEqual(["hls"]);
    expect(log.completed).toEqual(["upl_1"]);
  });

  it("is compared by its checksum if only its size is known to be the same", async () => {
    const sums: (string | undefined)[] = [];
    const { engine, log } = service({
      openUploads: [],
      existing({ crc64nvme }) {
        sums.push(crc64nvme);
        return video(crc64nvme === undefined ? "size" : "checksum");
      },
    });
    engine.add([fileOf(text(45))]);
    const states: (string | undefined)[] = [];
    engine.subscribe(() => {
      const [file] = engine.state().files;
      if (file?.status === "queued") states.push(file.comparing);
    });
    await reached(engine, ({ repeated }) => repeated.length === 1);
    expect(sums).toEqual([undefined, await crc64Of(new Blob([text(45)]))]);
    expect(states).toContain("video");
    expect(engine.state().files).toEqual([]);
    expect(log.stored.size).toBe(0);
  });

  it("is uploaded if its checksum is another one", async () => {
    const { engine, log } = service({
      openUploads: [],
      existing: ({ crc64nvme }) => (crc64nvme === undefined ? video("size") : undefined),
    });
    engine.add([fileOf(text(100))]);
    await reached(engine, status("done"));
    expect(log.completed).toEqual(["upl_1"]);
  });

  it.each(["pause", "cancel"] as const)("is not named after a %s meanwhile", async (control) => {
    const answer = Promise.withResolvers<void>();
    let calls = 0;
    const { engine } = service({
      existing: () => video("file"),
      async create(files) {
        calls += 1;
        await answer.promise;
        return files.map(() => ({ existing: video("file") }));
      },
    });
    engine.add([fileOf(text(45))]);
    await new Promise((resolve) => setImmediate(resolve));
    engine[control]("file-1");
    answer.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(engine.state().repeated).toEqual([]);
    if (control === "cancel") return;
    engine.resume("file-1");
    await reached(engine, ({ repeated }) => repeated.length === 1);
    expect(calls).toBe(2);
  });

  it("may be chosen again after the decision against it", async () => {
    const { engine } = service({ existing: () => video("file") });
    const file = fileOf(text(45));
    engine.add([file]);
    await reached(engine, ({ repeated }) => repeated.length === 1);
    engine.dropRepeated();
    engine.add([file]);
    await reached(engine, ({ repeated }) => repeated.length === 1);
    expect(engine.state().files).toEqual([]);
  });
});
