/** What loads with the first file, in one chunk: most pages never send one. */
export { createEngine } from "./engine.ts";
export { foundSentence, readChosen, readDropped } from "./folder.ts";
export * as parts from "./parts.ts";
export { browser } from "./world.ts";
