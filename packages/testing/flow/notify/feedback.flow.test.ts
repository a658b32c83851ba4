import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCore } from "../../core.ts";
import type { EmittedEvent } from "../../events.ts";
import { OWNER } from "../../owner.ts";
import { fill, jobRow } from "../../rows.ts";
import { type Stack, startStack } from "../../stack.ts";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let notify: typeof import("@rushes/core/pipeline/notify");
let feedback: typeof import("@rushes/core/pipeline/feedback");
let address: typeof import("@rushes/core/user/suppression");
let user: typeof import("@rushes/core/user/index");
let audit: typeof import("@rushes/core/audit/index");
let actor: typeof import("@rushes/core/actor");

beforeAll(async () => {
  stack = await startStack();
  core = await loadCore();
  [notify, feedback, address, user, audit, actor] = await Promise.all([
    import("@rushes/core/pipeline/notify"),
    import("@rushes/core/pipeline/feedback"),
    import("@rushes/core/user/suppression"),
    import("@rushes/core/user/index"),
    import("@rushes/core/audit/index"),
    import("@rushes/core/actor"),
  ]);
});
afterAll(() => stack.close());

const asSystem = <R>(run: () => R) => actor.withActor({ type: "system" }, run);

/** A finished video whose mail is due, and the events of that mail. */
async function finished(email: string, title = "film.mp4") {
  const job = { ...jobRow({ title }), ownerEmail: email };
  const notice = {
    ...core.table.key.notice(job.id, 1),
    ...{ jobId: job.id, attempt: 1, state: "due", tries: 0, outcome: "complete" },
  };
  await fill([job, notice]);
  const of = { jobId: job.id, attempt: 1 };
  const events = () =>
    stack.events.filter((one) => "mail" in one && JSON.stringify(one).includes(job.id));
  return {
    ...of,
    events,
    send: () => asSystem(() => notify.send(of)),
    async steps() {
      const { events } = await core.asOwner(() => core.job.details(job.id));
      return events.map(({ type, time, detail }) => ({ type, time, detail }));
    },
  };
}
const types = (steps: { type: string }[]) => steps.map(({ type }) => type);
const deliverAll = async (events: readonly EmittedEvent[]) => {
  for (const one of events) await core.deliver(one);
};

test("shows in the timeline that a mail was sent and delivered", async () => {
  const job = await finished("you@example.com");
  await job.send();
  expect(types(await job.steps())).toEqual(["mail.sent"]);
  await deliverAll(job.events());
  expect(types(await job.steps())).toEqual(["mail.sent", "mail.delivered"]);
});

test("sends no second mail to an address that bounced, and shows the reason in the timeline", async () => {
  const email = "bounce+gone@simulator.amazonses.com";
  const job = await finished(email);
  await job.send();
  await deliverAll(job.events());
  expect(await job.steps()).toMatchObject([
    { type: "mail.sent" },
    { type: "mail.bounced", detail: { reason: "smtp; 550 5.1.1 user unknown" } },
  ]);
  const next = await finished(email.toUpperCase().replace("SIMULATOR", "simulator"), "next.mp4");
  await next.send();
  expect(await next.steps()).toMatchObject([
    { type: "mail.withheld", detail: { reason: "bounced" } },
  ]);
  expect(JSON.stringify(await stack.mails())).not.toContain("next.mp4");
});

test("sends no more mail to a recipient who reported spam", async () => {
  const email = "complaint@simulator.amazonses.com";
  const job = await finished(email);
  await job.send();
  await deliverAll(job.events());
  expect(types(await job.steps()).sort()).toEqual([
    "mail.complained",
    "mail.delivered",
    "mail.sent",
  ]);
  expect(await address.suppressionOf(email)).toMatchObject({ reason: "complained" });
});

test("keeps an unsuppressed address free when the old event arrives late or several times", async () => {
  const email = "bounce+back@simulator.amazonses.com";
  const job = await finished(email);
  await job.send();
  await deliverAll(job.events());
  await core.table.transact([address.unsuppress(email)]);
  await deliverAll([...job.events(), ...job.events()]);
  expect(await address.suppressionOf(email)).toBeUndefined();
  const next = await finished(email);
  await next.send();
  expect(types(await next.steps())).toEqual(["mail.sent"]);
});

test("shows a user why mails stopped, and records in the audit log that the user resumed them", async () => {
  const email = "bounce+user@simulator.amazonses.com";
  const identity = { issuer: "https://id.example.com", subject: "ann", email, emailVerified: true };
  const { id } = await asSystem(() => user.signIn({ ...identity, groups: [] }));
  const ann = { ...OWNER, ownerId: id, via: "session" } as const;
  const asAnn = <R>(run: () => R) => actor.withActor(ann, run);
  const job = await finished(email);
  await job.send();
  expect(await asAnn(() => user.mailSuppression())).toBeUndefined();
  await deliverAll(job.events());
  expect(await asAnn(() => user.mailSuppression())).toMatchObject({
    ...{ reason: "bounced", said: "smtp; 550 5.1.1 user unknown" },
  });
  expect(await core.asOwner(() => user.mailSuppression())).toBeUndefined();
  await asAnn(() => user.unsuppressMail());
  expect(await asAnn(() => user.mailSuppression())).toBeUndefined();

  await deliverAll([{ mail: eventOf(job.events(), new Date(Date.now() + 1000)) }]);
  const admin = { ...OWNER, ownerId: "own_admin", role: "admin", via: "session" } as const;
  const asAdmin = <R>(run: () => R) => actor.withActor(admin, run);
  expect(await asAdmin(() => user.mailSuppressions([email, "you@example.com"]))).toMatchObject([
    { reason: "bounced" },
    undefined,
  ]);
  await asAdmin(() => user.unsuppressMailOf(id));
  expect(await asAnn(() => user.mailSuppression())).toBeUndefined();
  const day = new Date().toISOString().slice(0, 10);
  const { events } = await asAdmin(() => audit.list({ day }));
  expect(events.map(({ action, ownerId, target }) => ({ action, ownerId, target }))).toEqual(
    ["own_admin", id].map((ownerId) => ({ action: "mail.freed", ownerId, target: id })),
  );
});

/** The same bounce, of a later mail. */
function eventOf(events: EmittedEvent[], time: Date) {
  const [first] = events;
  if (!first || !("mail" in first)) throw new Error("There is no event.");
  const { timestamp } = JSON.parse(JSON.stringify(first.mail.detail)).bounce;
  return JSON.parse(JSON.stringify(first.mail).replaceAll(timestamp, time.toISOString()));
}

test("writes nothing about a deleted job", async () => {
  const job = await finished("you@example.com");
  await job.send();
  await core.asOwner(() => core.job.remove(job.jobId));
  await deliverAll(job.events());
  const rows = await core.table.queryAll({ partition: core.table.key.job(job.jobId).pk });
  expect(rows.map((row) => row.sk)).toEqual(["JOB"]);
});

/** The events that SES can send about one mail: a transient bounce, a permanent one, its delivery, two complaints. */
function feedbackOf(jobId: string, email: string) {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  const of = { jobId: core.id(jobId), attempt: 1, addresses: [email] };
  return [
    { ...of, type: "mail.bounced", time: at(1), reason: "full" },
    { ...of, type: "mail.delivered", time: at(2) },
    { ...of, type: "mail.complained", time: at(3), suppresses: "complained" },
    { ...of, type: "mail.complained", time: at(5), suppresses: "complained" },
    { ...of, type: "mail.bounced", time: at(4), reason: "gone", suppresses: "bounced" },
  ] satisfies Parameters<typeof feedback.recordFeedback>[0][];
}

test("reaches the same state in any order of SES events, without duplicates", async () => {
  const order = fc
    .shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 })
    .chain((first) => fc.array(fc.nat(4), { maxLength: 4 }).map((again) => [...first, ...again]));
  const outcomes = new Set<string>();
  let number = 0;
  await fc.assert(
    fc.asyncProperty(order, async (places) => {
      number += 1;
      const email = `ann+${number}@example.com`;
      const job = await finished(email);
      const all = feedbackOf(job.jobId, email);
      for (const place of places) {
        const one = all[place];
        if (one) await asSystem(() => feedback.recordFeedback(one));
      }
      outcomes.add(JSON.stringify([await job.steps(), await address.suppressionOf(email)]));
    }),
    { numRuns: 25 },
  );
  expect([...outcomes].map((one) => JSON.parse(one))).toMatchObject([
    [
      [
        { type: "mail.bounced", detail: { reason: "full" } },
        { type: "mail.delivered" },
        { type: "mail.complained", time: "2026-01-01T00:00:03.000Z" },
        { type: "mail.bounced", detail: { reason: "gone" } },
      ],
      { reason: "complained", time: "2026-01-01T00:00:05.000Z" },
    ],
  ]);
});
