import { New } from "@rushes/core/share/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canShare } from "./can-share.ts";
import { DEFAULT_HOURS, EXPIRIES, expiryText, parseOrigins, readForm } from "./share-view.ts";

const NOW = Date.parse("2026-01-01T00:00:00.000Z");
const inSeconds = (seconds: number) =>
  expiryText(new Date(NOW + seconds * 1000).toISOString(), NOW);

describe("the expiry of a link", () => {
  it.each([
    [7 * 86_400 - 2, "Expires in 7 days"],
    [7 * 86_400, "Expires in 7 days"],
    [86_400 - 2, "Expires in 1 day"],
    [3600 - 2, "Expires in 1 hour"],
    [50 * 60, "Expires in 50 minutes"],
    [20 * 3600, "Expires in 20 hours"],
    [30, "Expires in less than a minute"],
    [0, "Expired"],
    [-1, "Expired"],
  ])("in %d seconds: %s", (seconds, words) => {
    expect(inSeconds(seconds)).toBe(words);
  });

  it("covers links without expiry, and the server accepts every option", () => {
    expect(expiryText(undefined, NOW)).toBe("Does not expire");
    for (const { value } of EXPIRIES) {
      const fields = new FormData();
      fields.set("expires", String(value));
      const share = New.parse(readForm(fields));
      expect(share).toEqual({ origins: [], expiresInHours: value === "" ? undefined : value });
    }
    expect(EXPIRIES.filter(({ value }) => value === DEFAULT_HOURS)).toHaveLength(1);
  });
});

describe("the original of a link", () => {
  it("plays early only if the owner checked it", () => {
    const fields = new FormData();
    expect(readForm(fields)).not.toHaveProperty("allowsOriginal");
    fields.set("original", "on");
    expect(readForm(fields)).toMatchObject({ allowsOriginal: true });
  });
});

describe("allowed embed domains", () => {
  it("accept what people type", () => {
    expect(
      parseOrigins("  example.com/blog?x=1, https://A.example:8443/\nhttp://localhost:3000 "),
    ).toEqual({
      origins: ["https://example.com", "https://a.example:8443", "http://localhost:3000"],
    });
    expect(parseOrigins("\n ")).toEqual({ origins: [] });
    expect(parseOrigins("a.example A.EXAMPLE")).toEqual({ origins: ["https://a.example"] });
    expect(
      parseOrigins("bücher.example localhost:3000 192.168.1.20 https://wiki [2001:db8::1]:80"),
    ).toEqual({
      origins: [
        ...["https://xn--bcher-kva.example", "https://localhost:3000", "https://192.168.1.20"],
        ...["https://wiki", "https://[2001:db8::1]:80"],
      ],
    });
  });

  it.each([
    ...["http://example.com", "https://*.example.com", "ftp://example.com", "https://", "a;b"],
    ...[
      "hello",
      "1234",
      "0x7f.1",
      "you@example.com",
      "mailto:you@example.com",
      "javascript:alert(1)",
    ],
    ...[
      "a..example",
      "-a.example",
      "a-.example",
      "a_b.example",
      "example.1",
      "256.1.1.1",
      "'self'",
    ],
    ...[`${"a".repeat(64)}.example`, "https://you:me@example.com"],
  ])("reject %s and name it in the message", (wrong) => {
    const answer = parseOrigins(`https://fine.example ${wrong}`);
    expect(answer).toMatchObject({ problem: expect.stringContaining(`“\u2068${wrong}\u2069”`) });
  });

  it("are valid for the server if they are valid for the form", () => {
    const text = fc.oneof(fc.webUrl(), fc.domain(), fc.string());
    fc.assert(
      fc.property(text, (given) => {
        const answer = parseOrigins(given);
        if ("origins" in answer) expect(New.safeParse(answer).error).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

it("a video cannot be shared until a rendition plays", () => {
  const landing = (...landed: string[]) => canShare({ attempt: 1, status: "progressing", landed });
  expect([landing(), landing("poster"), landing("poster", "720p")]).toEqual([false, false, true]);
});
