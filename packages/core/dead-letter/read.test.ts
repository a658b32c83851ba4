import fc from "fast-check";
import { expect, test } from "vitest";
import { harmless, letterOf, payloadOf } from "./read.ts";

const busEvent = { "detail-type": "X", source: "aws.mediaconvert", detail: { status: "ERROR" } };

test.each([
  ["at https://a.example/k?X-Amz-Signature=s3cret&b=1 now", "at https://a.example/k?… now"],
  ["s3://bucket/key?versionId=s3cret", "s3://bucket/key?…"],
  ["https://a.example/#s3cret", "https://a.example/?…"],
  ["k&X-Amz-Signature=s3cret", "k&X-Amz-…"],
  ["/watch/s3cret.mac and rsh_s3cret", "/watch/… and rsh_…"],
])("nothing in a shown text opens anything: %s", (text, shown) => {
  expect(harmless(text)).toBe(shown);
});

test("a signature is never shown, whatever stands around it, and a text is one short line", () => {
  const around = fc.string({ maxLength: 400 });
  fc.assert(
    fc.property(around, around, (before, after) => {
      const shown = harmless(`${before} https://a.example/k?X-Amz-Signature=s3cret ${after}`);
      expect(shown).not.toContain("s3cret");
      expect(shown.length).toBeLessThanOrEqual(300);
      expect(shown).not.toContain("\n");
    }),
  );
});

test("a long text that looks like the beginning of many addresses is read in no time", () => {
  const began = performance.now();
  expect(harmless("a.".repeat(100_000)).length).toBe(300);
  expect(performance.now() - began).toBeLessThan(1000);
});

test("the event to send again is Lambda's payload, or EventBridge's event as it is", () => {
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

test("a letter is shown whatever its body is", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (Body) => {
      const letter = letterOf("q", { MessageId: "m", Body, Attributes: { SentTimestamp: "0" } });
      expect(letter).toMatchObject({ queue: "q", id: "m", time: "1970-01-01T00:00:00.000Z" });
    }),
  );
});
