import { createEngine, type Engine } from "./engine.ts";
import { browser } from "./environment.ts";
import { keepHandles } from "./keep-handles.ts";
import { dropFile, keepFile } from "./kept-files.ts";
import { tabs } from "./page-tabs.ts";
import { broadcastUploads } from "./tabs.ts";

/** The engine of a page, whose files the browser keeps, and whose uploads the other tabs show. */
export function startEngine(): Engine {
  const env = browser();
  const engine = createEngine(env);
  keepHandles(engine, { keepFile, dropFile });
  broadcastUploads(engine, tabs, env.after);
  return engine;
}
