/** The table of odd sources, and what becomes of each. A flow test proves it. */
import { SOURCES, sourceTable } from "../packages/testing/sources/index.ts";

export const name = "sources";

export async function run(): Promise<string> {
  return `${SOURCES.length} odd sources, with the profile \`original\`.\n\n${sourceTable()}`;
}
