import fc from "fast-check";
import { expect, test } from "vitest";
import { PROFILES } from "../../../packages/core/rendition/profile.ts";
import { jobRequest } from "../../../packages/testing/job-request.ts";
import { violations } from "./model.ts";

const picture = fc.record({
  width: fc.integer({ min: 2, max: 8192 }),
  height: fc.integer({ min: 2, max: 8192 }),
  rotation: fc.constantFrom(undefined, 90, 180, 270),
  sampleAspect: fc.option(fc.double({ min: 0.5, max: 2, noNaN: true }), { nil: undefined }),
  frameRate: fc.double({ min: 0.1, max: 240, noNaN: true }),
  isProgressive: fc.option(fc.boolean(), { nil: undefined }),
  isBt709: fc.option(fc.boolean(), { nil: undefined }),
});
const language = fc.constantFrom(undefined, "en", "de", "gsw", "pt");
const source = fc.record({
  durationSeconds: fc.double({ min: 0, max: 43_200, noNaN: true }),
  picture: fc.option(picture, { nil: undefined }),
  audio: fc.array(fc.record({ tracks: fc.constantFrom(undefined, [1], [1, 2]), language }), {
    maxLength: 4,
  }),
  captions: fc.array(
    fc.record({
      stream: fc.integer({ min: 1, max: 9 }),
      language,
      name: fc.constantFrom(undefined, "Für Gehörlose (CC)"),
    }),
    { maxLength: 4 },
  ),
});

test.each(Object.values(PROFILES))(
  "AWS accepts the job of every source with the profile $name",
  (profile) => {
    fc.assert(
      fc.property(source, (one) => {
        const request = jobRequest({ profile, source: one });
        expect(violations("mediaconvert", "CreateJob", request)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  },
);
