import { expect, it } from "vitest";
import { addFiles } from "./add-files.ts";

it("adds a thousand files in their order without blocking the page", async () => {
  const tasks: string[][] = [];
  let isSameTask = false;
  const engine = {
    add(files: readonly File[]) {
      expect(isSameTask).toBe(false);
      isSameTask = true;
      // A timer or message that is due runs before the next files are added.
      setImmediate(() => {
        isSameTask = false;
      });
      tasks.push(files.map(({ name }) => name));
    },
  };
  const names = Array.from({ length: 1_000 }, (_, index) => `${index}.mp4`);
  await addFiles(
    engine,
    names.map((name) => new File([], name)),
  );
  expect(tasks.flat()).toEqual(names);
  expect(Math.max(...tasks.map(({ length }) => length))).toBe(50);
});
