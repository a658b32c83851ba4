import { type FileHandle, rememberHandle } from "./file-handle.ts";
import { EXTENSIONS } from "./video-files.ts";

type Picker = (options: {
  multiple: boolean;
  types: { description: string; accept: Record<string, string[]> }[];
}) => Promise<FileHandle[]>;

const VIDEOS = {
  description: "Videos",
  accept: {
    "video/*": EXTENSIONS,
  },
};

/** The picker that gives handles. Undefined in Firefox and Safari, and without HTTPS. */
function picker(): Picker | undefined {
  // TypeScript's types of the DOM do not know it.
  return (window as { showOpenFilePicker?: Picker }).showOpenFilePicker;
}

/**
 * Lets the user choose files, with their handles if the browser gives them. Otherwise calls `fallback`. The user must have
 * clicked just before.
 */
export async function pickFiles(fallback: () => void): Promise<File[]> {
  const pick = picker();
  if (!pick) {
    fallback();
    return [];
  }
  try {
    const handles = await pick.call(window, { multiple: true, types: [VIDEOS] });
    const files = await Promise.all(handles.map(open));
    return files.filter((file) => file !== undefined);
  } catch (error) {
    const isCanceled = error instanceof DOMException && error.name === "AbortError";
    if (!isCanceled) fallback();
    return [];
  }
}

/** Undefined if the file is gone already. */
async function open(handle: FileHandle): Promise<File | undefined> {
  try {
    const file = await handle.getFile();
    rememberHandle(file, handle);
    return file;
  } catch {
    return undefined;
  }
}
