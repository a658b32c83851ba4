import { expect, it } from "vitest";
import { rememberFile } from "./chosen-file.ts";
import { type FileHandle, rememberHandle } from "./file-handle.ts";
import { keepHandles } from "./keep-handles.ts";
import { initial } from "./state.ts";
import type { State, UploadFile } from "./upload-file.ts";

const MB = 1024 ** 2;
// Only its identity matters.
const HANDLE = {} as FileHandle;

function page() {
  let state: State = initial;
  let notify = () => {};
  const kept = new Map<string, File>();
  keepHandles(
    {
      state: () => state,
      subscribe(listener) {
        notify = listener;
        return () => {};
      },
    },
    {
      keepFile: async (id, file) => void kept.set(id, file),
      dropFile: async (id) => void kept.delete(id),
    },
  );
  return {
    kept,
    async show(...files: UploadFile[]) {
      state = { ...initial, files };
      notify();
      await new Promise(setImmediate);
    },
  };
}

function chosen(sizeBytes: number, handle?: FileHandle) {
  const { signal } = new AbortController();
  const file = new File([], "a.mp4");
  rememberFile(signal, { file, profile: undefined });
  if (handle) rememberHandle(file, handle);
  return { key: "file-1", name: "a.mp4", sizeBytes, signal };
}
const sending = {
  status: "sending",
  uploadId: "upl_1",
  sentBytes: 0,
  meter: initial.meter,
} as const;

it.each([{ status: "done", uploadId: "upl_1" }, { status: "canceled" }] as const)(
  "keeps a handle until its file is $status",
  async (end) => {
    const { kept, show } = page();
    const file = chosen(40 * MB, HANDLE);
    await show({ ...file, ...sending });
    expect([...kept.keys()]).toEqual(["upl_1"]);
    await show({
      ...{ ...file, status: "failed", uploadId: "upl_1", sentBytes: 0 },
      problem: { type: "damaged" },
    });
    expect([...kept.keys()]).toEqual(["upl_1"]);
    await show({ ...file, ...end });
    expect([...kept.keys()]).toEqual([]);
  },
);

it("drops the handle of a dismissed file, and keeps that of a new upload of a file", async () => {
  const { kept, show } = page();
  const file = chosen(40 * MB, HANDLE);
  await show({ ...file, ...sending });
  await show({ ...file, ...sending, uploadId: "upl_2" });
  expect([...kept.keys()]).toEqual(["upl_2"]);
  await show();
  expect([...kept.keys()]).toEqual([]);
});

it("keeps nothing of a small file, or without a handle", async () => {
  const { kept, show } = page();
  await show({ ...chosen(MB, HANDLE), ...sending });
  await show({ ...chosen(40 * MB), key: "file-2", ...sending });
  expect([...kept.keys()]).toEqual([]);
});
