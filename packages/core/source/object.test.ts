import { expect, test } from "vitest";
import { decodeKey, parseNotification } from "./object.ts";

test("decodes the keys of S3's notifications", () => {
  expect(decodeKey("my+video.mp4")).toBe("my video.mp4");
  expect(decodeKey("%C3%A9t%C3%A9%2B1+100%25.mov")).toBe("été+1 100%.mov");
});

test("returns the objects of a notification, and none for S3's test message", () => {
  const record = {
    eventTime: "2026-11-22T10:00:00.123Z",
    eventName: "ObjectCreated:Put",
    userIdentity: { principalId: "AWS:AIDAEXAMPLE" },
    s3: {
      bucket: { name: "rushes-uploads" },
      object: { key: "my+video.mp4", size: 7, eTag: '"abc"', sequencer: "00AB" },
    },
  };
  expect(parseNotification(JSON.stringify({ Records: [record] }))).toEqual([
    {
      bucket: "rushes-uploads",
      key: "my video.mp4",
      sizeBytes: 7,
      etag: "abc",
      sequencer: "00AB",
      time: "2026-11-22T10:00:00.123Z",
      principalId: "AWS:AIDAEXAMPLE",
    },
  ]);
  expect(
    parseNotification(JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent" })),
  ).toEqual([]);
  expect(() => parseNotification("{}")).toThrow();
});
