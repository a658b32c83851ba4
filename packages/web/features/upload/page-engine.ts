import { createEngine, type Engine } from "./engine.ts";
import { browser } from "./environment.ts";
import { keepHandles } from "./keep-handles.ts";
import { dropFile, keepFile } from "./kept-files.ts";

/** The engine of a page, with what the browser keeps of its files. */
export function startEngine(): Engine {
  const engine = createEngine(browser());
  keepHandles(engine, { keepFile, dropFile });
  return engine;
}
