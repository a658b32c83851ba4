import { describe, expect, it } from "vitest";
import { fileOf, reached, service, status, text } from "./engine-testing.ts";

const again = (file: File) =>
  new File([file], file.name, { lastModified: file.lastModified, type: file.type });

describe("a file that was chosen twice", () => {
  it("is uploaded once, and named, while it is on its way", async () => {
    const { engine, log } = service({});
    const file = fileOf(text(45));
    engine.add([file, again(file)]);
    engine.add([again(file), fileOf(text(5), "b.mp4")]);
    await reached(engine, status("done"));
    expect(log.completed).toHaveLength(2);
    expect(engine.state().repeated.map(({ name }) => name)).toEqual(["a.mp4", "a.mp4"]);
  });

  it("is noticed after its upload, also if its row has left, and while it is paused", async () => {
    const { engine, log } = service({});
    const file = fileOf(text(45));
    engine.add([file]);
    await reached(engine, status("done"));
    engine.dismiss("file-1");
    engine.add([again(file)]);
    expect(engine.state()).toMatchObject({ files: [], repeated: [{ name: "a.mp4" }] });

    const paused = fileOf(text(45), "b.mp4");
    engine.add([paused]);
    engine.pause("file-2");
    engine.add([again(paused)]);
    expect(engine.state()).toMatchObject({ repeated: [{ name: "a.mp4" }, { name: "b.mp4" }] });
    expect(log.completed).toHaveLength(1);
  });

  it("is uploaded a second time if the user wants that, with the profile of that time", async () => {
    const profiles = ["web", "web", "hls"];
    const { engine, log } = service({ profile: () => profiles.shift() ?? "audio" });
    const file = fileOf(text(45));
    engine.add([file]);
    await reached(engine, status("done"));
    engine.add([again(file)]);
    engine.addRepeated();
    await reached(engine, ({ files }) => files[1]?.status === "done");
    expect(log.completed).toHaveLength(2);
    expect(engine.state().repeated).toEqual([]);
    engine.addRepeated();
    expect(engine.state().files).toHaveLength(2);
  });

  it("is forgotten if the user does not want it", async () => {
    const { engine } = service({});
    const file = fileOf(text(45));
    engine.add([file, again(file)]);
    engine.dropRepeated();
    engine.addRepeated();
    await reached(engine, status("done"));
    expect(engine.state()).toMatchObject({ repeated: [], files: [{}] });
  });

  it.each([
    ["another name", () => new File([text(45)], "b.mp4", { lastModified: 1 })],
    ["another size", () => new File([text(46)], "a.mp4", { lastModified: 1 })],
    ["another time", () => new File([text(45)], "a.mp4", { lastModified: 2 })],
  ])("is another file with %s", (_, other) => {
    const { engine } = service({});
    engine.add([new File([text(45)], "a.mp4", { lastModified: 1 }), other()]);
    expect(engine.state().files).toHaveLength(2);
  });

  it("is uploaded at once with another profile, and after a failure or a cancel", async () => {
    const profiles = ["web", "hls"];
    const { engine } = service({
      profile: () => profiles.shift() ?? "hls",
      putOutcome: () => ({ type: "fail", problem: { type: "denied" } }),
    });
    const file = fileOf(text(45));
    engine.add([file]);
    engine.add([again(file)]);
    expect(engine.state().files).toHaveLength(2);
    await reached(engine, status("failed"));
    engine.add([again(file)]);
    engine.cancel("file-3");
    engine.add([again(file)]);
    expect(engine.state()).toMatchObject({ repeated: [] });
    expect(engine.state().files).toHaveLength(4);
  });
});
