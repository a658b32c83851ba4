/** What loads with the first file, in one chunk: most pages never send one. */

export * as parts from "./components.ts";
export { createEngine } from "./engine.ts";
export { browser } from "./environment.ts";
export { foundSentence, readChosen, readDropped } from "./folder.ts";
