import { expect, test } from "vitest";
import { commandOf, timeAfter } from "./keyboard.ts";

const at = { seconds: 3, duration: 20, frameRate: 25 };
const to = (key: string, from = at) => {
  const command = commandOf(key);
  return command && timeAfter(command, from);
};

test("maps keys in both cases, and no other key", () => {
  expect(commandOf("K")).toEqual({ type: "toggle" });
  expect(commandOf(" ")).toEqual({ type: "toggle" });
  expect(commandOf("?")).toEqual({ type: "help" });
  for (const key of ["q", "Enter", "Tab", "constructor", "F5", ""])
    expect(commandOf(key)).toBeUndefined();
});

test("moves by seconds, by one frame, and to a tenth", () => {
  expect(to("l")).toBe(13);
  expect(to("ArrowRight")).toBe(8);
  expect(to(".")).toBeCloseTo(3.04);
  expect(to(",")).toBeCloseTo(2.96);
  expect(to("7")).toBeCloseTo(14);
  expect(to("m")).toBeUndefined();
});

test("stays within the video", () => {
  expect(to("j")).toBe(0);
  expect(to("l", { ...at, seconds: 19 })).toBe(20);
  const growing = { ...at, duration: Number.POSITIVE_INFINITY };
  expect(to("l", growing)).toBe(13);
  expect(to("5", growing)).toBeUndefined();
});
