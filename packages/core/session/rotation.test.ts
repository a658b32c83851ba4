import fc from "fast-check";
import { expect, test } from "vitest";
import {
  ABSOLUTE_MS,
  endOf,
  GRACE_MS,
  IDLE_MS,
  ROTATE_MS,
  type Rotation,
  stepFor,
} from "./rotation.ts";

const START = Date.parse("2030-01-01T00:00:00Z");
const begun = (): Rotation => ({
  created: START,
  seen: START,
  generation: 1,
  previous: 0,
  rotated: START,
});

/** The row that session/index.ts writes after a step. */
function after(rotation: Rotation, carried: number, type: string, now: number): Rotation {
  const { confirmed, ...rest } = rotation;
  if (type === "rotate") {
    const generation = rotation.generation + 1;
    return { ...rest, seen: now, rotated: now, generation, previous: carried };
  }
  if (type === "confirm") return { ...rest, seen: now, confirmed: now };
  return type === "touch" ? { ...rotation, seen: now } : rotation;
}

/** A browser. It has the newest cookie that it received. */
interface Browser {
  has: number;
}
/** One request, whose response may get lost. Returns the session afterwards. */
function ask(rotation: Rotation, browser: Browser, now: number, isLost: boolean) {
  const { type } = stepFor(rotation, browser.has, now);
  const next = after(rotation, browser.has, type, now);
  if (type === "rotate" && !isLost) browser.has = next.generation;
  return { type, next };
}

const MINUTES = 60_000;
const wait = fc.integer({ min: 0, max: 47 * 60 * MINUTES });

test("keeps a single browser signed in until the session ends, even if responses are lost", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(wait, fc.boolean()), { maxLength: 60 }), (requests) => {
      let rotation = begun();
      const browser = { has: 1 };
      let now = START;
      for (const [ms, isLost] of requests) {
        now += ms;
        const end = endOf(rotation);
        const { type, next } = ask(rotation, browser, now, isLost);
        expect(type).not.toBe("stolen");
        expect(type === "ended").toBe(now >= end);
        if (type === "ended") return;
        rotation = next;
      }
    }),
  );
});

test("detects within an hour that two browsers use one cookie", () => {
  const step = fc.tuple(fc.integer({ min: 0, max: 10 * MINUTES }), fc.boolean(), fc.boolean());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let rotation = begun();
      const browsers = [{ has: 1 }, { has: 1 }] as const;
      let now = START;
      let isStolen = false;
      for (const [ms, isSecond, isLost] of steps) {
        now += ms;
        const { type, next } = ask(rotation, browsers[isSecond ? 1 : 0], now, isLost);
        isStolen ||= type === "stolen";
        rotation = next;
      }
      if (isStolen) return;
      // Both send a request every five minutes, and all responses arrive.
      for (let turn = 0; turn < 12 && !isStolen; turn += 1) {
        now += 5 * MINUTES;
        for (const browser of browsers) {
          const { type, next } = ask(rotation, browser, now, false);
          isStolen ||= type === "stolen";
          rotation = next;
          now += 2 * GRACE_MS;
        }
      }
      expect(isStolen).toBe(true);
    }),
  );
});

test("ends a session two days after its last use, and at the latest two weeks after its start", () => {
  const day = 24 * 60 * MINUTES;
  expect(endOf({ created: START, seen: START })).toBe(START + 2 * day);
  expect(endOf({ created: START, seen: START + 13 * day })).toBe(START + 14 * day);
  expect(stepFor(begun(), 1, START + IDLE_MS - 1)).toEqual({ type: "rotate" });
  expect(stepFor(begun(), 1, START + IDLE_MS)).toEqual({ type: "ended" });
  const busy = { ...begun(), seen: START + ABSOLUTE_MS - 1 };
  expect(stepFor(busy, 1, START + ABSOLUTE_MS)).toEqual({ type: "ended" });
});

test("accepts the previous cookie for one minute after the newest one was used", () => {
  const time = START + ROTATE_MS;
  const rotated = { ...begun(), generation: 2, previous: 1, rotated: time, seen: time };
  expect(stepFor(rotated, 1, time + GRACE_MS)).toEqual({ type: "keep" });
  const confirmed = time + 3_000;
  const seen = { ...rotated, confirmed };
  expect(stepFor(seen, 1, confirmed + GRACE_MS)).toEqual({ type: "keep" });
  expect(stepFor(seen, 1, confirmed + GRACE_MS + 1)).toEqual({ type: "stolen" });
});

test("replaces a newest cookie that was never used, and reports a theft if it is used later", () => {
  const time = START + ROTATE_MS;
  const rotated = { ...begun(), generation: 2, previous: 1, rotated: time, seen: time };
  const later = time + GRACE_MS + 1;
  expect(stepFor(rotated, 1, later)).toEqual({ type: "rotate" });
  expect(stepFor(after(rotated, 1, "rotate", later), 2, later)).toEqual({ type: "stolen" });
});

test("reports a theft for an older cookie, and ignores a cookie that was never issued", () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 99 }), wait, fc.boolean(), (generation, ms, isSeen) => {
      const now = START + ms;
      const previous = generation - 1;
      const rotation = { ...begun(), generation, previous, ...(isSeen && { confirmed: now }) };
      expect(stepFor(rotation, generation - 2, now)).toEqual({ type: "stolen" });
      expect(stepFor(rotation, generation + 1, now)).toEqual({ type: "ended" });
    }),
  );
});
