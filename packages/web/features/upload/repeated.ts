import type { ChosenFile } from "./chosen-file.ts";
import type { EngineContext } from "./engine-context.ts";
import { ended } from "./status.ts";

/** Chromium reads the size and the time of a file from the disk each time, and blocks the page meanwhile. */
const identities = new WeakMap<File, string>();

/** The same for the same file and profile, also if the browser gives another object for it. */
export function identityOf({ file, profile }: ChosenFile): string {
  const known = identities.get(file);
  const identity = known ?? [file.name, file.size, file.lastModified].join("/");
  if (known === undefined) identities.set(file, identity);
  return `${identity}/${profile}`;
}

/** The files that this page has neither uploaded nor begun to. The others wait for a decision. */
export function fresh(context: EngineContext, chosen: readonly ChosenFile[]): ChosenFile[] {
  const { store, tasks, repeated } = context;
  const known = new Set(context.uploaded);
  for (const file of store.state().files) {
    const task = ended(file) ? undefined : tasks.get(file.key);
    if (task) known.add(identityOf(task));
  }
  const again: ChosenFile[] = [];
  const isFresh = (one: ChosenFile) => {
    const identity = identityOf(one);
    const isKnown = known.has(identity) && one.file.size > 0;
    if (isKnown) again.push(one);
    known.add(identity);
    return !isKnown;
  };
  const result = chosen.filter(isFresh);
  if (again.length > 0) {
    repeated.push(...again.map((one) => ({ ...one, again: true })));
    store.dispatch({ type: "repeated", files: again.map(({ file }) => ({ name: file.name })) });
  }
  return result;
}

/** The files that wait for a decision, which is made. */
export function decided({ store, repeated }: EngineContext): ChosenFile[] {
  store.dispatch({ type: "decided" });
  return repeated.splice(0);
}
