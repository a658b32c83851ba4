import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hmacHex, sha256Hex } from "../wire/signing-key.ts";
import { ChunkedDecoder } from "./chunked.ts";

const bytes = (maxLength = 2000) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

describe("aws-chunked bodies", () => {
  const chain = { signature: "0".repeat(64), key: Buffer.from("key"), time: "t", scope: "s" };

  /** Frames data as a client does, optionally signed. */
  function frame(chunks: Buffer[], trailers: [string, string][], signed: boolean): Buffer {
    let previous = chain.signature;
    const sign = (kind: string, ...rest: string[]) => {
      previous = hmacHex(chain.key, [kind, "t", "s", previous, ...rest].join("\n"));
      return previous;
    };
    const out: Buffer[] = [];
    for (const chunk of [...chunks, Buffer.alloc(0)]) {
      const signature = signed
        ? `;chunk-signature=${sign("AWS4-HMAC-SHA256-PAYLOAD", sha256Hex(""), sha256Hex(chunk))}`
        : "";
      out.push(Buffer.from(`${chunk.length.toString(16)}${signature}\r\n`), chunk);
      if (chunk.length > 0) out.push(Buffer.from("\r\n"));
    }
    const lines = trailers.map(([name, value]) => `${name}:${value}\n`).join("");
    out.push(Buffer.from(lines.replaceAll("\n", "\r\n")));
    if (signed && trailers.length > 0) {
      const signature = sign("AWS4-HMAC-SHA256-TRAILER", sha256Hex(lines));
      out.push(Buffer.from(`x-amz-trailer-signature:${signature}\r\n`));
    }
    return Buffer.concat([...out, Buffer.from("\r\n")]);
  }

  function decode(wire: Buffer, cuts: number[], signed: boolean, trailing: boolean) {
    const chunked = new ChunkedDecoder(signed ? chain : undefined, signed && trailing);
    const data: Buffer[] = [];
    let from = 0;
    for (const cut of [
      ...cuts.map((at) => at % (wire.length + 1)).sort((a, b) => a - b),
      wire.length,
    ]) {
      chunked.push(wire.subarray(from, cut), (chunk) => data.push(chunk));
      from = cut;
    }
    return { trailers: chunked.end(), data: Buffer.concat(data) };
  }

  const chunks = fc.array(
    bytes(300).filter(({ length }) => length > 0),
    { maxLength: 5 },
  );
  const trailers: [string, string][] = [["x-amz-checksum-crc32", "AAAAAA=="]];

  test("decodes all data, wherever the network splits the bytes", () => {
    fc.assert(
      fc.property(
        chunks,
        fc.array(fc.nat()),
        fc.boolean(),
        fc.boolean(),
        (chunks, cuts, signed, trailing) => {
          const wire = frame(chunks, trailing ? trailers : [], signed);
          const decoded = decode(wire, cuts, signed, trailing);
          expect(decoded.data.equals(Buffer.concat(chunks))).toBe(true);
          expect([...decoded.trailers]).toEqual(trailing ? trailers : []);
        },
      ),
    );
  });

  test("rejects a signed body with one flipped bit", () => {
    fc.assert(
      fc.property(chunks, fc.nat(), fc.nat(7), (chunks, at, bit) => {
        const wire = frame(chunks, trailers, true);
        const where = at % wire.length;
        wire[where] = (wire[where] ?? 0) ^ (1 << bit);
        // Header names and hex digits are case-insensitive.
        fc.pre(bit !== 5);
        expect(() => decode(wire, [], true, true)).toThrow();
      }),
    );
  });

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html, its example. */
  test("accepts the signatures of AWS's example", () => {
    const secret = Buffer.from("AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    const key = ["20130524", "us-east-1", "s3", "aws4_request"].reduce<Buffer>(
      (key, data) => createHmac("sha256", key).update(data).digest(),
      secret,
    );
    const chunked = new ChunkedDecoder({
      key,
      time: "20130524T000000Z",
      scope: "20130524/us-east-1/s3/aws4_request",
      signature: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    });
    const signatures = [
      "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
      "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
      "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ];
    let sizeBytes = 0;
    for (const [at, size] of [65_536, 1024, 0].entries()) {
      const head = `${size.toString(16)};chunk-signature=${signatures[at]}\r\n`;
      chunked.push(Buffer.from(`${head}${"a".repeat(size)}\r\n`), (data) => {
        sizeBytes += data.length;
      });
    }
    expect(chunked.end().size).toBe(0);
    expect(sizeBytes).toBe(66_560);
  });

  test("rejects a body that ends early", () => {
    fc.assert(
      fc.property(chunks, fc.nat(), (chunks, at) => {
        const wire = frame(chunks, trailers, false);
        expect(() => decode(wire.subarray(0, at % wire.length), [], false, false)).toThrow();
      }),
    );
  });
});
