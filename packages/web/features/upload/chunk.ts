/** The code that loads with the first file, in one chunk: most pages never upload a file. */

export { addDropped, addFiles, addFolder, NOT_ADDED } from "./add-files.ts";
export * as components from "./components.ts";
export { createEngine } from "./engine.ts";
export { browser } from "./environment.ts";
