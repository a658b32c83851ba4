import { expect, test } from "vitest";
import { formatTime, linkAt, parseTime } from "./time-link.ts";

test("reads each form of a time", () => {
  const forms = {
    "90": 90,
    "90s": 90,
    "1m30s": 90,
    "2m": 120,
    "1h": 3600,
    "1h2m3s": 3723,
    "1.5": 1.5,
  };
  for (const [text, seconds] of Object.entries(forms)) expect(parseTime(text), text).toBe(seconds);
});

test("ignores what is not a time", () => {
  for (const text of [null, "", "s", "-5", "1:30", "1s30m", "1e3", "Infinity", "9".repeat(30)])
    expect(parseTime(text), String(text)).toBeUndefined();
});

test("reads back every time that it writes", () => {
  for (const seconds of [0, 1, 59, 60, 61, 3599, 3600, 3661, 86_399])
    expect(parseTime(formatTime(seconds))).toBe(seconds);
});

test("replaces the time in a link, and keeps the rest of its query", () => {
  expect(linkAt("https://rushes.example/watch/a?x=1&t=5s#b", 90.7)).toBe(
    "https://rushes.example/watch/a?x=1&t=1m30s",
  );
});
