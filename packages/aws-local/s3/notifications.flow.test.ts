import { DeleteObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { BUCKET, parseEvent, type S3Event, serve } from "@rushes/testing/s3";
import { until } from "@rushes/testing/until";
import { expect, test } from "vitest";

const put = (client: S3Client, Key: string, Body = "x") =>
  client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

test("retries a failed event in order for its key, and does not delay other keys", async () => {
  const taken: S3Event[] = [];
  let refusals = 2;
  const { client } = await serve({
    deliver: async (delivery) => {
      const event = parseEvent(delivery);
      if (event.key === "stuck" && refusals > 0) {
        refusals -= 1;
        throw new Error("not now");
      }
      taken.push(event);
    },
  });
  for (const body of ["1", "22", "333"]) await put(client, "stuck", body);
  await put(client, "free");
  await until(() => taken.length === 4);
  expect(taken[0]?.key).toBe("free");
  const stuck = taken.filter(({ key }) => key === "stuck");
  expect(stuck.map(({ sizeBytes }) => sizeBytes)).toEqual([1, 2, 3]);
});

test("sends pending events after a restart, with growing sequencers", async () => {
  const taken: S3Event[] = [];
  const { client, restart } = await serve({
    deliver: async () => {
      throw new Error("nobody there");
    },
  });
  for (const key of ["a", "b", "a"]) await put(client, key);
  const deliver = async (delivery: { queue: string; body: string }) =>
    void taken.push(parseEvent(delivery));
  const next = await restart({ deliver });
  await until(() => taken.length === 3);
  await put(next.client, "a");
  await until(() => taken.length === 4);
  const sequencers = taken.filter(({ key }) => key === "a").map(({ sequencer }) => sequencer);
  expect(sequencers).toEqual(sequencers.toSorted());
  expect(new Set(taken.map(({ sequencer }) => sequencer)).size).toBe(4);
  expect(sequencers.every((sequencer) => /^[0-9A-F]{18}$/.test(sequencer))).toBe(true);
});

test("sends only the events and suffixes that a notification includes", async () => {
  const { client, events } = await serve({
    buckets: [
      {
        name: BUCKET,
        notifications: [
          {
            id: "media",
            queue: "media",
            events: ["s3:ObjectCreated:*"],
            suffixes: [".mp4", ".jpg"],
          },
          { id: "removed", queue: "removed", events: ["s3:ObjectRemoved:Delete"] },
        ],
      },
    ],
  });
  for (const key of ["a.mp4", "b.ts", "c.jpg"]) await put(client, key);
  await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "b.ts" }));
  await until(() => events.length === 3);
  const seen = events.map(({ queue, name, key }) => `${queue} ${name} ${key}`);
  expect(seen.toSorted()).toEqual([
    "media ObjectCreated:Put a.mp4",
    "media ObjectCreated:Put c.jpg",
    "removed ObjectRemoved:Delete b.ts",
  ]);
});

test("stores an object without an event if a signed header says so", async () => {
  const { client, events } = await serve();
  const quiet = new PutObjectCommand({ Bucket: BUCKET, Key: "quiet", Body: "x" });
  quiet.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers["x-rushes-events"] = "off";
      return next(args);
    },
    { step: "build" },
  );
  await client.send(quiet);
  await put(client, "loud");
  await until(() => events.length > 0);
  expect(events.map(({ key }) => key)).toEqual(["loud"]);
});
