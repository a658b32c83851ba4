import fc from "fast-check";
import { expect, test } from "vitest";
import { messageOf, payloadOf, redact } from "./read.ts";

const busEvent = { "detail-type": "X", source: "aws.mediaconvert", detail: { status: "ERROR" } };

test.each([
  ["at https://a.example/k?X-Amz-Signature=s3cret&b=1 now", "at https://a.example/k?… now"],
  ["s3://bucket/key?versionId=s3cret", "s3://bucket/key?…"],
  ["https://a.example/#s3cret", "https://a.example/?…"],
  ["k&X-Amz-Signature=s3cret", "k&X-Amz-…"],
  ["/watch/s3cret.mac and rsh_s3cret", "/watch/… and rsh_…"],
])("removes secrets from the shown text %s", (text, shown) => {
  expect(redact(text)).toBe(shown);
});

test("removes a signature from any text, and shortens the text to one line", () => {
  const text = fc.string({ maxLength: 400 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const shown = redact(`${before} https://a.example/k?X-Amz-Signature=s3cret ${after}`);
      expect(shown).not.toContain("s3cret");
      expect(shown.length).toBeLessThanOrEqual(300);
      expect(shown).not.toContain("\n");
    }),
  );
});

test("reads a long text with many possible URLs within a second", () => {
  const began = performance.now();
  expect(redact("a.".repeat(100_000)).length).toBe(300);
  expect(performance.now() - began).toBeLessThan(1000);
});

test("redrives the payload of Lambda's record, or EventBridge's event unchanged", () => {
  const record = {
    timestamp: "2031-05-06T10:00:00.000Z",
    requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 3 },
  };
  const withPayload = JSON.stringify({ ...record, requestPayload: busEvent });
  expect(payloadOf(withPayload)).toEqual({ payload: busEvent });
  expect(payloadOf(JSON.stringify(busEvent))).toEqual({ payload: busEvent });
  for (const body of [undefined, "", "no JSON", "[]", JSON.stringify(record)]) {
    expect(payloadOf(body)).toBeUndefined();
  }
});

test("shows a dead-letter message with any body", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (Body) => {
      const message = messageOf("q", { MessageId: "m", Body, Attributes: { SentTimestamp: "0" } });
      expect(message).toMatchObject({ queue: "q", id: "m", time: "1970-01-01T00:00:00.000Z" });
    }),
  );
});
