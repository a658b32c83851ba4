import { describe, expect, it } from "vitest";
import type { Engine } from "./engine.ts";
import { lazyEngine } from "./lazy.ts";
import { initial } from "./state.ts";

function engine() {
  const added: number[] = [];
  const listeners: (() => void)[] = [];
  const loaded: Engine = {
    state: () => initial,
    subscribe(listener) {
      listeners.push(listener);
      return () => {};
    },
    add(files) {
      added.push(files.length);
      for (const listener of listeners) listener();
    },
    cancel() {},
    retry() {},
    dismiss() {},
  };
  return { loaded, added };
}

describe("an engine that is fetched with the first file", () => {
  it("loads once, loses no file that was chosen meanwhile, and tells who listened before", async () => {
    const { loaded, added } = engine();
    let loads = 0;
    let heard = 0;
    const lazy = lazyEngine(async () => {
      loads += 1;
      return loaded;
    });
    lazy.subscribe(() => {
      heard += 1;
    });
    expect(loads).toBe(0);
    lazy.add([new File([], "a")]);
    lazy.add([new File([], "b"), new File([], "c")]);
    await expect.poll(() => added).toEqual([1, 2]);
    expect([loads, heard]).toEqual([1, 2]);
  });
});
