import { type FileHandle, rememberHandle } from "./file-handle.ts";

/** One dropped item: a file, or a folder to walk. */
export type DroppedItem = File | FileSystemEntry;

/** An item of a file. TypeScript's types of the DOM do not know the method. */
type HandleItem = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileHandle> };

/**
 * All items of a drop. Call it before the drop event ends and before the first `await`:
 * the browser empties the transfer as soon as its event handler returns.
 */
export function droppedItems(transfer: DataTransfer): DroppedItem[] {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  if (items.length === 0) return [...transfer.files];
  return items.flatMap((item: HandleItem): DroppedItem[] => {
    const entry = item.webkitGetAsEntry?.() ?? undefined;
    if (entry?.isDirectory) return [entry];
    const dropped = item.getAsFile() ?? entry;
    if (!dropped) return [];
    if (dropped instanceof File) {
      const handle = item.getAsFileSystemHandle?.();
      rememberHandle(
        dropped,
        handle?.catch(() => undefined),
      );
    }
    return [dropped];
  });
}
