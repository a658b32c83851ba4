import { describe, expect, it } from "vitest";
import { type DroppedItem, droppedItems } from "./drop.ts";
import { readChosen, readDropped, skippedSentence } from "./folder.ts";

type Tree = { [name: string]: Tree | "file" | "unreadable" };

/** Plain objects, as in a browser without the global FileSystemFileEntry. */
function entry(name: string, content: Tree[string], parent = ""): FileSystemEntry {
  const fullPath = `${parent}/${name}`;
  const isFile = typeof content === "string";
  const shared = { name, fullPath, isFile, isDirectory: !isFile };
  if (typeof content === "string") {
    const file = (resolve: (file: File) => void, reject: (error: Error) => void) =>
      content === "file" ? resolve(new File(["x"], name)) : reject(new Error("NotFoundError"));
    return { ...shared, file } as never;
  }
  return {
    ...shared,
    createReader() {
      const left = Object.entries(content);
      return {
        readEntries(resolve: (entries: FileSystemEntry[]) => void, reject: (e: Error) => void) {
          if (content.broken === "unreadable") return reject(new Error("NotReadableError"));
          const batch = left.splice(0, 100);
          resolve(batch.map(([inner, one]) => entry(inner, one, fullPath)));
        },
      };
    },
  } as never;
}
const names = (files: File[]) => files.map((file) => file.name);

describe("a dropped folder", () => {
  it("returns every file of every folder, beyond the first batch of a hundred", async () => {
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`${n}.mp4`, "file"]));
    const tree: Tree = { day: { "a.mp4": "file", night: { "b.mp4": "file" } }, many } as Tree;
    const found = await readDropped([entry("card", tree)]);
    expect(names(found.files)).toEqual(["a.mp4", "b.mp4", ...Object.keys(many)]);
    expect(skippedSentence(found)).toBeUndefined();
  });

  it("names unreadable files and returns the others", async () => {
    const tree: Tree = { "a.mp4": "unreadable", locked: { broken: "unreadable" }, "c.mp4": "file" };
    const found = await readDropped([entry("card", tree), new File(["x"], "beside.mp4")]);
    expect(names(found.files)).toEqual(["c.mp4", "beside.mp4"]);
    expect(found.unreadable).toEqual(["card/a.mp4", "card/locked/"]);
    expect(skippedSentence(found)).toMatch(/could not read card\/a\.mp4, card\/locked\/\. Check/);
  });

  it("skips system files silently, and names hidden files once per folder", async () => {
    const tree: Tree = {
      ...{ ".DS_Store": "file", "Thumbs.db": "file", "._a.mp4": "file", "a.mp4": "file" },
      ".git": { "1": "file", "2": "file" },
      __MACOSX: { "a.mp4": "file" },
    };
    const found = await readDropped([entry("card", tree)]);
    expect(names(found.files)).toEqual(["a.mp4"]);
    expect(found.hidden).toEqual(["card/.git"]);
    expect(skippedSentence(found)).toMatch(/Hidden files are not uploaded: card\/\.git\./);
  });

  it("accepts a hidden file or folder that was dropped directly", async () => {
    const found = await readDropped([entry(".takes", { "a.mp4": "file" }), new File([], ".b.mp4")]);
    expect(names(found.files)).toEqual(["a.mp4", ".b.mp4"]);
  });

  it("reports an empty folder", async () => {
    expect(skippedSentence(await readDropped([entry("card", {})]))).toMatch(/no files to upload/);
    expect(skippedSentence(await readDropped([]))).toMatch(/did not drop any files/);
  });

  it("counts the files that the message does not list", () => {
    const unreadable = ["a", "b", "c", "d", "e"];
    const sentence = skippedSentence({ files: [], unreadable, hidden: [], folder: true });
    expect(sentence).toMatch(/read a, b, c and 2 more\./);
  });
});

it("applies the same rules to a folder that was chosen", () => {
  const file = (path: string) => {
    const one = new File(["x"], path.split("/").at(-1) ?? "");
    return Object.defineProperty(one, "webkitRelativePath", { value: path });
  };
  const found = readChosen(["card/.DS_Store", "card/x/a.mp4", "card/.b"].map(file));
  expect(names(found.files)).toEqual(["a.mp4"]);
  expect(found.hidden).toEqual(["card/.b"]);
});

it("reads every item of a drop before the browser empties it", () => {
  const folder = entry("card", { "a.mp4": "file" });
  const item = (kind: string, one: FileSystemEntry | null, file: File | null) => ({
    ...{ kind, webkitGetAsEntry: () => one, getAsFile: () => file },
  });
  const beside = new File(["x"], "b.mp4");
  const items = [item("string", null, null), item("file", folder, beside)];
  items.push(item("file", entry("b.mp4", "file"), beside), item("file", null, beside));
  const transfer: Pick<DataTransfer, "items" | "files"> = { items, files: [] } as never;
  const dropped: DroppedItem[] = droppedItems(transfer as DataTransfer);
  items.length = 0;
  expect(dropped).toEqual([folder, beside, beside]);
});
