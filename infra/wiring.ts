/** Reads `packages/core/wiring.ts` for infra: by name, and with the spelling of AWS resources. */

/** The entry with this name. @throws if the wiring has none, which stops the deployment */
export function named<Entry>(entries: ReadonlyMap<string, Entry>, name: string): Entry {
  const entry = entries.get(name);
  if (entry === undefined) throw new Error(`packages/core/wiring.ts has no ${name}.`);
  return entry;
}

export const byName = <Entry extends { name: string }>(entries: Entry[]): Map<string, Entry> =>
  new Map(entries.map((entry) => [entry.name, entry]));

/** `source-created` is `SourceCreated`, as a resource's logical name. */
export const pascal = (name: string): string =>
  name.replaceAll(/(?:^|-)(\w)/g, (_match, character: string) => character.toUpperCase());

/** `source-created` is `sourceCreated`, as in the names of alarms. */
export const camel = (name: string): string =>
  pascal(name).replace(/^./, (character) => character.toLowerCase());
