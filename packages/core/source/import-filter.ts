/** Which objects that other tools put into the uploads bucket become jobs. Pure. */

/** What the settings say. Empty lists accept every key. */
export interface ImportFilter {
  /** A key must begin with one of them. */
  prefixes: readonly string[];
  /** A key must end with one of them, in lower or upper case. */
  suffixes: readonly string[];
}

/** Folders that operating systems leave on a card or a disk. */
const SYSTEM_FOLDERS = new Set([
  "$recycle.bin",
  ".fseventsd",
  ".spotlight-v100",
  ".temporaryitems",
  ".trashes",
  "system volume information",
]);
const SYSTEM_FILES = new Set([
  ".ds_store",
  ".localized",
  "desktop.ini",
  "ehthumbs.db",
  "thumbs.db",
]);
/** Descriptions and captions that cameras and editing programs write beside a video. */
const SIDECARS = [".json", ".srt", ".vtt", ".xml", ".xmp"];

/** Whether an object of another tool is to become a job. A file that somebody uploads in the browser always does. */
export function isImported(
  { key, sizeBytes }: { key: string; sizeBytes: number },
  { prefixes, suffixes }: ImportFilter,
): boolean {
  // Consoles create folders as empty objects.
  if (sizeBytes === 0 && key.endsWith("/")) return false;
  const name = key.toLowerCase();
  const folders = name.split("/");
  const file = folders.pop() ?? "";
  // macOS writes the resource fork of `film.mov` into `._film.mov` on disks of other systems.
  if (SYSTEM_FILES.has(file) || file.startsWith("._")) return false;
  if (folders.some((folder) => SYSTEM_FOLDERS.has(folder))) return false;
  if (SIDECARS.some((suffix) => file.endsWith(suffix))) return false;
  return (
    (prefixes.length === 0 || prefixes.some((prefix) => key.startsWith(prefix))) &&
    (suffixes.length === 0 || suffixes.some((suffix) => name.endsWith(suffix.toLowerCase())))
  );
}

/** The items of a setting, separated by commas. */
export function listOf(setting: string): string[] {
  return setting
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
