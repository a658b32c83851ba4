/** One dropped item: a file, or a folder to walk. */
export type DroppedItem = File | FileSystemEntry;

/**
 * All items of a drop. Call it before the drop event ends and before the first `await`:
 * the browser empties the transfer as soon as its event handler returns.
 */
export function droppedItems(transfer: DataTransfer): DroppedItem[] {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  if (items.length === 0) return [...transfer.files];
  return items.flatMap((item): DroppedItem[] => {
    const entry = item.webkitGetAsEntry?.() ?? undefined;
    if (entry?.isDirectory) return [entry];
    const dropped = item.getAsFile() ?? entry;
    return dropped ? [dropped] : [];
  });
}
