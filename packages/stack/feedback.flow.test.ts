import { OWNER } from "@rushes/testing/owner";
import { startWiredServices } from "@rushes/testing/services";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Services } from "./services.ts";

let services: Services;

beforeAll(async () => {
  services = await startWiredServices();
}, 60_000);
afterAll(() => services.stop());

/** A job that has ended and whose mail is due, with its timeline. */
async function ended(ownerEmail: string) {
  const [table, rows, job, actor] = await Promise.all([
    import("../core/table/index.ts"),
    import("@rushes/testing/rows"),
    import("../core/job/index.ts"),
    import("../core/actor.ts"),
  ]);
  const row = { ...rows.jobRow(), ownerEmail };
  const notice = {
    ...table.key.notice(row.id, 1),
    jobId: row.id,
    attempt: 1,
    state: "due",
    tries: 0,
    outcome: "complete",
    ...table.index.due("notice", row.id, new Date(0).toISOString()),
  };
  await rows.fill([row, notice]);
  return async () => {
    const { events } = await actor.withActor(OWNER, () => job.details(row.id));
    return events.map(({ type }) => type);
  };
}

test("shows the delivery status of a sent mail in the video's timeline", async () => {
  const [good, bad] = [
    await ended("you@example.com"),
    await ended("bounce@simulator.amazonses.com"),
  ];
  await services.runner.invoke("reconcile", {});
  await vi.waitFor(
    async () => {
      expect(await good()).toEqual(["mail.sent", "mail.delivered"]);
      expect(await bad()).toEqual(["mail.sent", "mail.bounced"]);
    },
    { timeout: 30_000, interval: 50 },
  );
}, 60_000);
