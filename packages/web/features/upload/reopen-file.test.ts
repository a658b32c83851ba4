import { describe, expect, it } from "vitest";
import type { FileHandle } from "./file-handle.ts";
import { reopenFile } from "./reopen-file.ts";

const file = new File(["a video"], "a.mp4", { lastModified: 1 });

function handle(given: {
  file?: File;
  error?: string;
  query?: PermissionState;
  request?: PermissionState;
}): FileHandle {
  const { query = "granted", request = "granted" } = given;
  const partial: Partial<FileHandle> = {
    getFile: async () => {
      if (given.error) throw new DOMException("", given.error);
      return given.file ?? file;
    },
    queryPermission: async () => query,
    requestPermission: async () => request,
  };
  // The rest of a handle is not used.
  return partial as FileHandle;
}
const kept = (given: Parameters<typeof handle>[0]) => ({
  ...{ handle: handle(given), sizeBytes: file.size, lastModified: 1 },
});

describe("a file whose handle was kept", () => {
  it("opens again, and asks for permission only after a click", async () => {
    const asked = kept({ query: "prompt" });
    expect(await reopenFile(asked, { ask: false })).toBe("denied");
    expect(await reopenFile(asked, { ask: true })).toBe(file);
    expect(await reopenFile(kept({ request: "denied" }), { ask: true })).toBe("denied");
    expect(await reopenFile(kept({ request: "denied" }), { ask: false })).toBe(file);
  });

  it("opens where handles need no permission", async () => {
    const bare = kept({});
    delete bare.handle.queryPermission;
    delete bare.handle.requestPermission;
    expect(await reopenFile(bare, { ask: true })).toBe(file);
  });

  it.each([
    ["changed", { file: new File(["a video!"], "a.mp4", { lastModified: 1 }) }],
    ["changed", { file: new File(["a video"], "a.mp4", { lastModified: 2 }) }],
    ["gone", { error: "NotFoundError" }],
    ["denied", { error: "NotAllowedError" }],
  ] as const)("is reported as %s", async (problem, given) => {
    expect(await reopenFile(kept(given), { ask: true })).toBe(problem);
  });
});
