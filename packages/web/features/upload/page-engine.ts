import { createEngine, type Engine } from "./engine.ts";
import { browser } from "./environment.ts";
import { keepHandles } from "./keep-handles.ts";
import { dropFile, keepFile } from "./kept-files.ts";
import { tabs } from "./page-tabs.ts";
import { tellTabs } from "./tabs.ts";

/** The engine of a page, with what the browser keeps of its files, and what the other tabs know of them. */
export function startEngine(): Engine {
  const env = browser();
  const engine = createEngine(env);
  keepHandles(engine, { keepFile, dropFile });
  tellTabs(engine, tabs, env.after);
  return engine;
}
