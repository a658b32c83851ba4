import type { Change, Listed } from "@rushes/core/job/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { job } from "./factories.ts";
import { applyChanges } from "./list-changes.ts";

const changed = (value: Listed): Change => ({ type: "job", job: value });
const deleted = (n: number): Change => ({
  type: "deleted",
  id: job({ n }).id,
  time: "2026-01-01T00:00:09.000Z",
});
const names = (jobs: Listed[]) => jobs.map((entry) => entry.title);

describe("applyChanges", () => {
  it("puts a new job on top of the first page", () => {
    const page = applyChanges(
      { jobs: [job({ n: 1, title: "old" })] },
      [changed(job({ n: 2, title: "new" }))],
      {},
    );
    expect(names(page.jobs)).toEqual(["new", "old"]);
  });

  it("adds no new jobs to later pages, and no older jobs to a page that has a next one", () => {
    const page = { jobs: [job({ n: 5 }), job({ n: 3 })], cursor: "next" };
    expect(applyChanges(page, [changed(job({ n: 9 }))], { cursor: "here" })).toBe(page);
    expect(applyChanges(page, [changed(job({ n: 1 }))], {})).toBe(page);
    expect(applyChanges(page, [changed(job({ n: 4 }))], {}).jobs).toHaveLength(3);
  });

  it("ignores an older state of a job", () => {
    const page = { jobs: [job({ status: "complete", updated: "2026-01-01T00:00:05.000Z" })] };
    const late = changed(job({ status: "progressing", updated: "2026-01-01T00:00:04.000Z" }));
    expect(applyChanges(page, [late], {})).toBe(page);
  });

  it("removes deleted jobs and jobs that no longer match the filter", () => {
    const page = { jobs: [job({ n: 2 }), job({ n: 1 })] };
    const done = changed(job({ n: 1, status: "complete", updated: "2026-01-01T00:00:05.000Z" }));
    expect(applyChanges(page, [deleted(2), done], { status: "progressing" }).jobs).toEqual([]);
  });

  it("adds to a search the videos that have its words, newest first", () => {
    const page = { jobs: [job({ n: 2, title: "Été ad" }), job({ n: 1, title: "ete ab" })] };
    const next = applyChanges(
      page,
      [changed(job({ n: 3, title: "AC, été" })), changed(job({ n: 4, title: "etea" }))],
      { q: "ete a" },
    );
    expect(names(next.jobs)).toEqual(["AC, été", "Été ad", "ete ab"]);
  });

  it("adds to the videos of a tag those that get it, and removes those that lose it", () => {
    const page = { jobs: [job({ n: 1, tags: ["Été"] })] };
    const later = "2026-01-01T00:00:05.000Z";
    const changes = [
      changed(job({ n: 1, tags: ["new"], updated: later })),
      changed(job({ n: 2, title: "b", tags: ["ETE", "new"] })),
      changed(job({ n: 3, tags: ["été 2"] })),
    ];
    expect(names(applyChanges(page, changes, { tag: "ete" }).jobs)).toEqual(["b"]);
  });

  it("keeps the order of the list", () => {
    const page = { jobs: [job({ n: 1, title: "ab" }), job({ n: 2, title: "Ad" })] };
    const changes = [changed(job({ n: 3, title: "AC" }))];
    expect(names(applyChanges(page, changes, { sort: "name" }).jobs)).toEqual(["ab", "AC", "Ad"]);
    expect(names(applyChanges(page, changes, { sort: "oldest" }).jobs)).toEqual(["ab", "Ad", "AC"]);
    const large = job({ n: 0, title: "large" });
    const grown = [changed({ ...large, source: { ...large.source, sizeBytes: 9_000_000_000 } })];
    expect(names(applyChanges(page, grown, { sort: "size" }).jobs)).toEqual(["large", "Ad", "ab"]);
  });

  it("keeps a poster's URL, so that polls do not load it again", () => {
    const page = { jobs: [job({ posterUrl: "https://s3/poster?sig=1" })] };
    const next = applyChanges(
      page,
      [changed(job({ posterUrl: "https://s3/poster?sig=2", updated: "2026-01-01T00:00:05.000Z" }))],
      {},
    );
    expect(next.jobs[0]?.posterUrl).toBe("https://s3/poster?sig=1");
  });

  it("gives the same page for repeated and reordered changes", () => {
    const states = fc.array(
      fc.record({ n: fc.integer({ min: 1, max: 6 }), step: fc.integer({ min: 2, max: 9 }) }),
    );
    fc.assert(
      fc.property(states, fc.infiniteStream(fc.nat()), (list, seeds) => {
        const changes = list.map(({ n, step }) =>
          changed(job({ n, title: `at ${step}`, updated: `2026-01-01T00:00:0${step}.000Z` })),
        );
        const shuffled = [...changes, ...changes]
          .map((change) => ({ change, order: seeds.next().value ?? 0 }))
          .sort((a, b) => a.order - b.order)
          .map(({ change }) => change);
        const page = { jobs: [job({ n: 3 })] };
        expect(names(applyChanges(page, shuffled, {}).jobs)).toEqual(
          names(applyChanges(page, changes, {}).jobs),
        );
      }),
    );
  });
});
