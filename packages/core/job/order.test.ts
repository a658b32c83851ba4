import { expect, test } from "vitest";
import { create } from "../id.ts";
import { compareEvents } from "./order.ts";
import type { Event } from "./schema.ts";

const AT = "2026-01-01T12:00:00.000Z";
const event = (type: Event["type"], rest: Partial<Event> = {}): Event => ({
  ...{ id: create.event(Date.parse(AT)), type, attempt: 1, time: AT, ...rest },
});

test("sorts steps of one millisecond in the order of the pipeline", () => {
  const inOrder = [
    event("source.received"),
    event("source.checked"),
    event("job.submitted"),
    event("rendition.landed", { detail: { label: "1080p" } }),
    event("rendition.landed", { detail: { label: "720p" } }),
    event("rendition.landed", { detail: { label: "poster" } }),
    event("job.error"),
    event("job.retried", { attempt: 2 }),
    event("job.submitted", { attempt: 2 }),
    event("mail.sent", { time: "2026-01-01T12:00:00.001Z" }),
  ];
  // Ids of one millisecond differ at random, so each run creates new ones.
  for (let runs = 0; runs < 50; runs += 1) {
    const fresh = inOrder.map((one) => ({ ...one, id: create.event(Date.parse(one.time)) }));
    const mixed = [...fresh].sort((a, b) => (a.id < b.id ? -1 : 1)).reverse();
    expect(mixed.sort(compareEvents)).toEqual(fresh);
  }
});
