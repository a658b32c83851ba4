/** The code that loads with the first file, in one chunk: most pages never upload a file. */

export { addDropped, addFiles, addFolder, NOT_ADDED } from "./add-files.ts";
export * as components from "./components.ts";
export { startEngine } from "./page-engine.ts";
export { pickFiles } from "./pick-files.ts";
