import { describe, expect, it } from "vitest";
import { fileOf, reached, service, status, text, uploadOf, whole } from "./engine-testing.ts";
import { fingerprintOf } from "./resume.ts";

/** An upload that a closed page left, with the first two of its five parts. */
function left(file: File) {
  const upload = {
    ...uploadOf("upl_left", file.size),
    fileName: file.name,
    sizeBytes: file.size,
    fingerprint: fingerprintOf(file),
  };
  const stored = new Map([
    [1, text(45).slice(0, 10)],
    [2, text(45).slice(10, 20)],
  ]);
  return { upload, stored };
}

describe("a file that was chosen again after a reload", () => {
  it("continues its unfinished upload and sends only what is missing", async () => {
    const file = fileOf(text(45));
    const { upload, stored } = left(file);
    const { engine, log } = service({ openUploads: [upload] });
    log.stored.set(upload.id, stored);
    engine.add([file]);
    await reached(engine, status("done"));
    expect(log.completed).toEqual(["upl_left"]);
    expect([...log.puts.keys()].sort()).toEqual(["upl_left/3", "upl_left/4", "upl_left/5"]);
    expect(whole(log.stored.get("upl_left"))).toBe(text(45));
  });

  it("continues the upload of a small file, so that none is left behind", async () => {
    const file = fileOf(text(5));
    const { upload } = left(file);
    const { engine, log } = service({ openUploads: [upload] });
    log.stored.set(upload.id, new Map());
    engine.add([file]);
    await reached(engine, status("done"));
    expect(log.completed).toEqual(["upl_left"]);
    expect(whole(log.stored.get("upl_left"))).toBe(text(5));
  });

  it.each([
    ["one byte of a part", (stored: Map<number, string>) => stored.set(2, "klmnopqrsT")],
    ["a part of another size", (stored: Map<number, string>) => stored.set(1, "abc")],
  ])("starts a new upload, and says so, if %s differs", async (_, change) => {
    const file = fileOf(text(45));
    const { upload, stored } = left(file);
    const { engine, log } = service({ openUploads: [upload] });
    log.stored.set(upload.id, change(stored));
    engine.add([file]);
    const end = await reached(engine, status("done"));
    expect(log.removed).toEqual(["upl_left"]);
    expect(log.completed).toEqual(["upl_1"]);
    expect(whole(log.stored.get("upl_1"))).toBe(text(45));
    expect([...log.puts.keys()].some((key) => key.startsWith("upl_left"))).toBe(false);
    expect(end.files[0]).toMatchObject({ differed: true });
  });

  it("continues the upload that the user names with a file of another name and time", async () => {
    const file = fileOf(text(45), "renamed.mp4");
    const { upload, stored } = left(fileOf(text(45)));
    const { engine, log } = service({ openUploads: [{ ...upload, profile: "hls" }] });
    log.stored.set(upload.id, stored);
    engine.continueUpload(upload, file);
    expect(engine.owns(upload)).toBe(true);
    const end = await reached(engine, status("done"));
    expect(log.completed).toEqual(["upl_left"]);
    expect([...log.puts.keys()].sort()).toEqual(["upl_left/3", "upl_left/4", "upl_left/5"]);
    expect(end.files[0]).toMatchObject({ name: "a.mp4" });
  });

  it.each([
    ["name", { fileName: "b.mp4" }],
    ["size", { sizeBytes: 46 }],
    ["time of change", { fingerprint: "browser 1" }],
    ["profile", { profile: "hls" }],
  ])("starts a new upload if the %s is another one", async (_, other) => {
    const file = fileOf(text(45));
    const { engine, log } = service({ openUploads: [{ ...left(file).upload, ...other }] });
    engine.add([file]);
    await reached(engine, status("done"));
    expect(log.completed).toEqual(["upl_1"]);
  });

  it("starts a new upload after a cancel, while the server still lists the old one", async () => {
    const file = fileOf(text(45));
    const { engine, log } = service({ openUploads: [left(file).upload], during: () => stop() });
    const stop = () => engine.cancel("file-1");
    engine.add([file]);
    await reached(engine, status("canceled"));
    engine.add([file]);
    await reached(engine, ({ files }) => files[1]?.status === "done");
    expect(log.completed).toEqual(["upl_1"]);
  });

  it("continues an upload once, if the file is chosen twice", async () => {
    const file = fileOf(text(45));
    const { upload, stored } = left(file);
    const { engine, log } = service({ openUploads: [upload] });
    log.stored.set(upload.id, stored);
    engine.add([file, file]);
    engine.addRepeated();
    await reached(engine, status("done"));
    expect(log.completed.toSorted()).toEqual(["upl_1", "upl_left"]);
  });
});
