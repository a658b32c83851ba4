import { expect, test } from "vitest";
import { commandIn } from "./embed-message.ts";

test("reads the commands of a containing page", () => {
  expect(commandIn({ rushes: "play" })).toEqual({ type: "play" });
  expect(commandIn({ rushes: "seek", seconds: 12.5 })).toEqual({ type: "seek", seconds: 12.5 });
  expect(commandIn({ rushes: "seek", seconds: -3 })).toEqual({ type: "seek", seconds: 0 });
});

test("ignores every other message", () => {
  const others = [null, undefined, "play", 7, [], {}, { rushes: "stop" }, { rushes: "time" }];
  for (const data of others) expect(commandIn(data), JSON.stringify(data)).toBeUndefined();
  for (const seconds of [undefined, "5", Number.NaN, Number.POSITIVE_INFINITY])
    expect(commandIn({ rushes: "seek", seconds }), String(seconds)).toBeUndefined();
});
