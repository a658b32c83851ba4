import { describe, expect, it } from "vitest";
import { type Action, initial, reduce } from "./state.ts";
import type { State } from "./upload-file.ts";

const { signal } = new AbortController();

describe("a thousand files", () => {
  const count = 1_000;
  const keys = Array.from({ length: count }, (_, index) => `file-${index}`);
  const sending = (): State =>
    keys.reduce(
      (state, name) =>
        reduce(state, {
          ...{ type: "opened", key: name, signal, sentBytes: 0, atMs: 0 },
          upload: { id: "upl_1" } as never,
        }),
      reduce(initial, {
        type: "chosen",
        files: keys.map((key) => ({ key, name: key, sizeBytes: 1000, signal })),
        atMs: 0,
      }),
    );
  const tick = (moving: (index: number) => number, atMs: number): Action => ({
    type: "progressed",
    files: keys.map((name, index) => ({
      ...{ key: name, signal, sentBytes: moving(index) },
    })),
    atMs,
  });

  it("keep the identity of every row without progress", () => {
    const before = sending();
    const after = reduce(
      before,
      tick((index) => (index < 6 ? 500 : 0), 250),
    );
    const changed = after.files.filter((file, index) => file !== before.files[index]);
    expect(changed.map((file) => file.key)).toEqual(keys.slice(0, 6));
    expect(
      reduce(
        after,
        tick((index) => (index < 6 ? 500 : 0), 500),
      ),
    ).toBe(after);
  });

  it("are each read once per tick", () => {
    let reads = 0;
    const before = sending();
    const files = before.files.map(
      (file) =>
        new Proxy(file, {
          get(target, name) {
            if (name === "key") reads += 1;
            return Reflect.get(target, name);
          },
        }),
    );
    reduce(
      { ...before, files },
      tick(() => 500, 250),
    );
    expect(reads).toBeLessThanOrEqual(3 * count);
  });
});
