import { describe, expect, it } from "vitest";
import * as adding from "./add-files.ts";
import type { Engine } from "./engine.ts";
import { type EngineChunk, lazyUploads } from "./lazy.ts";
import { initial } from "./state.ts";

function code() {
  const added: string[][] = [];
  const listeners: (() => void)[] = [];
  const engine: Engine = {
    state: () => initial,
    subscribe(listener) {
      listeners.push(listener);
      return () => {};
    },
    add(files) {
      added.push(files.map((file) => file.name));
      for (const listener of listeners) listener();
    },
    addRepeated() {},
    dropRepeated() {},
    cancel() {},
    pause() {},
    resume() {},
    retry() {},
    dismiss() {},
    continueUpload() {},
    owns: () => false,
    running: () => [],
  };
  const pickFiles = async () => [new File([], "picked")];
  const loaded: EngineChunk = { engine, ...adding, pickFiles };
  return { loaded, added };
}
const never = () => new Promise<void>(() => {});

describe("lazyUploads", () => {
  it("loads once, keeps files chosen meanwhile, and notifies earlier listeners", async () => {
    const { loaded, added } = code();
    let loads = 0;
    let calls = 0;
    const lazy = lazyUploads(async () => {
      loads += 1;
      return loaded;
    }, never);
    lazy.subscribe(() => {
      calls += 1;
    });
    expect(loads).toBe(0);
    lazy.add([new File([], "a")]);
    lazy.add([new File([], "b"), new File([], "c")]);
    await expect.poll(() => added).toEqual([["a"], ["b", "c"]]);
    expect(loads).toBe(1);
    expect(calls).toBeGreaterThanOrEqual(2);
  });

  it("keeps the files while its code cannot be loaded, then starts automatically", async () => {
    const { loaded, added } = code();
    const back = Promise.withResolvers<void>();
    let loads = 0;
    const lazy = lazyUploads(
      async () => {
        loads += 1;
        if (loads === 1) throw new Error("ChunkLoadError");
        return loaded;
      },
      () => back.promise,
    );
    lazy.addDropped([new File([], "a")]);
    await expect.poll(lazy.notice).toMatch(/start automatically/);
    expect(lazy.isWaiting()).toBe(true);
    lazy.add([new File([], "b")]);
    back.resolve();
    await expect.poll(() => added).toEqual([["b"], ["a"]]);
    expect(lazy.notice()).toBeUndefined();
    await expect.poll(lazy.isWaiting).toBe(false);
  });

  it("opens the picker that keeps handles only once its code is there", async () => {
    const { loaded, added } = code();
    const lazy = lazyUploads(async () => loaded, never);
    let fallbacks = 0;
    const fallback = () => {
      fallbacks += 1;
    };
    lazy.choose(fallback);
    expect(fallbacks).toBe(1);
    lazy.load();
    await expect.poll(lazy.engine).toBe(loaded.engine);
    lazy.choose(fallback);
    await expect.poll(() => added).toEqual([["picked"]]);
    expect(fallbacks).toBe(1);
  });

  it("loads without files, and then says nothing about a server that is away", async () => {
    const { loaded } = code();
    const tried = Promise.withResolvers<void>();
    const lazy = lazyUploads(async () => {
      tried.resolve();
      throw new Error("ChunkLoadError");
    }, never);
    lazy.load();
    await tried.promise;
    expect(lazy.notice()).toBeUndefined();
    expect(lazy.isWaiting()).toBe(false);
    expect(lazy.files()).toEqual(loaded.engine.state().files);
  });

  it("reports files that could not be added", async () => {
    const { loaded } = code();
    const broken = { ...loaded, addDropped: () => Promise.reject(new Error("bug")) };
    const lazy = lazyUploads(async () => broken, never);
    lazy.addDropped([new File([], "a")]);
    await expect.poll(lazy.notice).toMatch(/could not be added/);
  });
});
