import { UploadError } from "@rushes/core/transfer/upload-error";
import { describe, expect, it } from "vitest";
import { fileOf, reached, service, text } from "./engine-testing.ts";

describe("the upload engine after a cancel", () => {
  it("stops and removes a canceled file without reporting a failure", async () => {
    const { engine, log } = service({ during: () => engine.cancel("file-1") });
    engine.add([fileOf(text(45)), fileOf(text(5), "b.mp4")]);
    const end = await reached(engine, (state) => state.files[1]?.status === "done");
    expect(end.files[0]?.status).toBe("canceled");
    expect(log.removed).toEqual(["upl_1"]);
    expect(log.completed).toEqual(["upl_2"]);
  });

  it("removes a canceled upload once the server is back", async () => {
    let tries = 0;
    const removed = Promise.withResolvers<string>();
    const { engine, log } = service({
      during: () => engine.cancel("file-1"),
      remove: async (id) => {
        tries += 1;
        if (tries < 5) throw new UploadError({ type: "retry" });
        removed.resolve(id);
      },
    });
    engine.add([fileOf(text(45))]);
    expect(await removed.promise).toBe("upl_1");
    expect(log.waits).toHaveLength(4);
  });

  it("removes an upload that was created after its file was canceled", async () => {
    const { engine, log } = service({});
    engine.add([fileOf(text(5)), fileOf(text(5), "b.mp4")]);
    engine.cancel("file-1");
    await reached(engine, (state) => state.files[1]?.status === "done");
    expect(log.completed).toHaveLength(1);
    expect(log.stored.size - log.removed.length).toBe(1);
  });
});
