import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCore } from "../../core.ts";
import { fill, jobRow } from "../../rows.ts";
import { type Stack, startStack } from "../../stack.ts";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let user: typeof import("@rushes/core/user/index");
let notify: typeof import("@rushes/core/pipeline/notify");
let actor: typeof import("@rushes/core/actor");

beforeAll(async () => {
  stack = await startStack();
  core = await loadCore();
  [user, notify, actor] = await Promise.all([
    import("@rushes/core/user/index"),
    import("@rushes/core/pipeline/notify"),
    import("@rushes/core/actor"),
  ]);
});
afterAll(() => stack.close());

/** A signed-in user with this address, whose finished video has a due notice. */
async function somebody(subject: string, email: string) {
  const identity = { issuer: "https://id.example.com", subject, email, emailVerified: true };
  const signIn = () =>
    actor.withActor({ type: "system" }, () => user.signIn({ ...identity, groups: [] }));
  const { id } = await signIn();
  const job = jobRow({ ownerId: id, title: `${subject}.mp4` });
  const notice = {
    ...core.table.key.notice(job.id, 1),
    ...{ jobId: job.id, attempt: 1, state: "due", tries: 0, outcome: "complete" },
  };
  await fill([job, notice]);
  const send = () =>
    actor.withActor({ type: "system" }, () => notify.send({ jobId: job.id, attempt: 1 }));
  return { id, send, key: core.table.key.notice(job.id, 1) };
}

const raw = async () => JSON.stringify(await stack.mails());

test("sends a mail to the owner's current address", async () => {
  const { send } = await somebody("ann", "ann@new.example.com");
  await send();
  const mails = await raw();
  expect(mails).toContain("ann.mp4");
  expect(mails).toContain("ann@new.example.com");
  expect(mails).not.toContain("you@example.com");
});

test("sends no mail to a disabled user, and settles the notice", async () => {
  const { id, send, key } = await somebody("bob", "bob@example.com");
  await core.table.apply(
    core.table.update({ key: core.table.key.user(id), set: { disabled: true } }),
  );
  await send();
  expect(await raw()).not.toContain("bob.mp4");
  expect(await core.table.get(key)).toBeUndefined();
});
