import fc from "fast-check";
import { expect, it } from "vitest";
import { sample, secondsLeft, start } from "./meter.ts";

it("estimates the speed of a steady network and the time left", () => {
  let meter = start(0);
  for (let ms = 250; ms <= 20_000; ms += 250) meter = sample(meter, ms * 1000, ms);
  expect(meter.bytesPerSecond).toBeCloseTo(1_000_000, 0);
  expect(secondsLeft(meter, 5_000_000)).toBeCloseTo(5, 3);
});

it("follows a network that becomes slower within seconds", () => {
  let meter = start(0);
  for (let ms = 250; ms <= 10_000; ms += 250) meter = sample(meter, ms * 10_000, ms);
  const fast = meter.bytes;
  for (let ms = 250; ms <= 12_000; ms += 250) meter = sample(meter, fast + ms * 1000, 10_000 + ms);
  expect(meter.bytesPerSecond).toBeLessThan(1_500_000);
});

it("never estimates a negative speed or time", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1e9), fc.nat(1e9))), (samples) => {
      const meter = samples.reduce((last, [bytes, ms]) => sample(last, bytes, ms), start(0));
      const left = secondsLeft(meter, 1000);
      if (left !== undefined) expect(left).toBeGreaterThan(0);
      expect(meter.bytesPerSecond ?? 0).toBeGreaterThanOrEqual(0);
    }),
  );
});

it("has no time left without progress", () => {
  expect(secondsLeft(start(0), 1000)).toBeUndefined();
  expect(secondsLeft(sample(start(0), 0, 1000), 1000)).toBeUndefined();
});

it("has no speed after five seconds without progress, and leaves the pause out of the next estimate", () => {
  let meter = start(0);
  for (let ms = 250; ms <= 10_000; ms += 250) meter = sample(meter, ms * 1000, ms);
  const { bytes } = meter;
  expect(sample(meter, bytes, 14_000)).toBe(meter);
  meter = sample(meter, bytes, 15_250);
  expect(meter.bytesPerSecond).toBeUndefined();
  expect(sample(meter, bytes, 60_000)).toBe(meter);
  meter = sample(meter, bytes + 1000, 120_000);
  meter = sample(meter, bytes + 251_000, 120_250);
  expect(meter.bytesPerSecond).toBeCloseTo(1_000_000, 0);
});
