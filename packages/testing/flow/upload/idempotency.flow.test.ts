/** A request that is retried after a lost response creates no upload twice. */
import { ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import type { Owner } from "@rushes/core/actor";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCore } from "../../core.ts";
import { OWNER } from "../../owner.ts";
import { type Stack, startStack } from "../../stack.ts";

const MIB = 1024 ** 2;
let stack: Stack;
let core: Awaited<ReturnType<typeof load>>;
let owners = 0;

async function load() {
  const [all, usage, actor, commands] = await Promise.all([
    loadCore(),
    import("@rushes/core/usage/index"),
    import("@rushes/core/actor"),
    import("../../commands.ts"),
  ]);
  return { ...all, usage, ...actor, commands };
}

beforeAll(async () => {
  stack = await startStack({ maxOpenUploads: 60 });
  core = await load();
});
afterAll(() => stack.close());

function newOwner(): Owner {
  owners += 1;
  return { ...OWNER, ownerId: `own_${owners}`, via: "session" };
}

const file = (sizeBytes: number) => ({ name: "a.mp4", sizeBytes, contentType: "video/mp4" });

async function create(owner: Owner, sizes: number[], idempotencyKey = "key") {
  const files = sizes.map(file);
  const made = await core.withActor(owner, () => core.upload.create({ files, idempotencyKey }));
  return made.map(({ error, upload }) => error?.code ?? upload?.id);
}

async function begun() {
  const command = new ListMultipartUploadsCommand({ Bucket: "rushes-uploads" });
  return (await core.storage.s3.send(command)).Uploads?.length ?? 0;
}

test("returns the same uploads for the same key, now or later, and counts them once", async () => {
  const owner = newOwner();
  const before = await begun();
  const sizes = [5, 40 * MIB];
  const both = await Promise.all([create(owner, sizes), create(owner, sizes)]);
  expect(both[0]).toEqual(both[1]);
  expect(await create(owner, sizes)).toEqual(both[0]);
  expect(await core.usage.read(owner.ownerId)).toEqual({ openUploads: 2, bytes: 40 * MIB + 5 });
  expect(await begun()).toBe(before + 1);
  const { uploads } = await core.withActor(owner, () => core.upload.list({ status: "open" }));
  expect(uploads.map(({ id }) => id).sort()).toEqual(both[0]?.toSorted());

  const [id] = uploads.map((one) => one.id);
  if (id === undefined) throw new Error("There is no upload.");
  await core.withActor(owner, () => core.upload.remove(id));
  expect(await create(owner, sizes)).toEqual(both[0]);
  expect((await core.usage.read(owner.ownerId)).openUploads).toBe(1);
});

test("creates new uploads for another key, another owner or no key, and rejects other files under the same key", async () => {
  const [owner, other] = [newOwner(), newOwner()];
  const first = await create(owner, [5]);
  expect(await create(owner, [5], "another")).not.toEqual(first);
  expect(await create(other, [5])).not.toEqual(first);
  await expect(create(owner, [6])).rejects.toMatchObject({ code: "idempotency.reused" });
  expect((await core.usage.read(owner.ownerId)).openUploads).toBe(2);
});

test("finds the uploads again with the same key after a crash at any command", async () => {
  for (let death = 1; ; death += 1) {
    const owner = newOwner();
    // Two transactions, because each takes 50 uploads; the last file does not fit into the quota.
    const sizes = [...Array<number>(59).fill(5), 33 * MIB, 5];
    let commands = 0;
    const watch = () => {
      commands += 1;
      return commands === death ? "die after" : "go";
    };
    const killed = await core.commands
      .watched(watch, () => create(owner, sizes))
      .then(() => false)
      .catch((error: unknown) => error instanceof core.commands.Killed);
    const ids = await create(owner, sizes);
    expect(ids.at(-1)).toBe("quota.uploads");
    expect(await core.usage.read(owner.ownerId)).toEqual({
      ...{ openUploads: 60, bytes: 59 * 5 + 33 * MIB },
    });
    if (!killed) break;
    // Each upload's audit record is a separate command, and nothing follows the last of 10.
    if (death > 10) break;
  }
});
