/** Files that operating systems and file servers create in folders. Nobody wants to upload them. */
const SYSTEM = /^(?:\.ds_store|\.localized|thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r)$/i;
/** Folders of the same kind, with everything in them. */
const SYSTEM_FOLDER =
  /^(?:__macosx|\.appledouble|\.spotlight-v100|\.trashes|\.trash-\d+|\.fseventsd|\.temporaryitems|@eadir|\$recycle\.bin|system volume information)$/i;

type PathKind = { kind: "file" | "system" } | { kind: "hidden"; path: string };

/**
 * The kind of a path inside a folder, with slashes. The first name is the folder that the user chose, so it counts under
 * any name. The `path` of a hidden file ends at the name that hides it.
 */
export function kindOf(path: string): PathKind {
  const names = path.split("/");
  for (const [index, name] of names.entries()) {
    if (index === 0) continue;
    // "._clip.mov" has the metadata that macOS keeps about clip.mov.
    if (SYSTEM.test(name) || SYSTEM_FOLDER.test(name) || name.startsWith("._")) {
      return { kind: "system" };
    }
    if (name.startsWith(".")) return { kind: "hidden", path: names.slice(0, index + 1).join("/") };
  }
  return { kind: "file" };
}
