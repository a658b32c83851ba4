import { createHmac } from "node:crypto";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { uriEncode } from "../wire/canonical-request.ts";
import { hmacHex, sha256Hex } from "../wire/signing-key.ts";
import { ALGORITHMS, combine, crcOf, createHasher, isCrc } from "./checksum.ts";
import { ChunkedDecoder } from "./chunked.ts";
import { parseRange } from "./range.ts";
import { parseCopySource, parseTarget } from "./target.ts";
import { document, parseDocument } from "./xml.ts";

const bytes = (maxLength = 2000) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

describe("targets", () => {
  const key = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 200 })
    .filter((text) => Buffer.byteLength(text) <= 1024);

  test("decodes a key as encoded, with dots and double slashes", () => {
    fc.assert(
      fc.property(key, (key) => {
        const path = `/films/${uriEncode(key).replaceAll("%2F", "/")}`;
        expect(parseTarget(`${path}?partNumber=1`)).toMatchObject({ bucket: "films", key });
        const copy = { bucket: "films", key };
        expect(parseCopySource(path)).toEqual(copy);
        expect(parseCopySource(uriEncode(`films/${key}`))).toEqual(copy);
      }),
    );
  });

  test("rejects every invalid target with an S3 error", () => {
    fc.assert(
      fc.property(fc.string(), (target) => {
        try {
          parseTarget(target);
        } catch (error) {
          expect(error).toHaveProperty("code");
        }
      }),
    );
  });
});

describe("ranges", () => {
  test("parses a range as slice() would cut it, within the object", () => {
    const number = fc.option(fc.nat(50), { nil: "" as const });
    fc.assert(
      fc.property(number, number, fc.nat(30), (from, to, sizeBytes) => {
        const range = parseRange(`bytes=${from}-${to}`, sizeBytes);
        if (range === undefined) {
          expect(from === "" ? to === "" : to !== "" && to < from).toBe(true);
          return;
        }
        const all = Array.from({ length: sizeBytes }, (_, at) => at);
        const wanted =
          from === ""
            ? all.slice(Math.max(0, sizeBytes - Number(to)))
            : all.slice(from, to === "" ? undefined : to + 1);
        if (range === "unsatisfiable") expect(wanted).toEqual([]);
        else expect(all.slice(range.start, range.end + 1)).toEqual(wanted);
      }),
    );
  });

  test("ignores anything but one well-formed range of bytes, as S3 does", () => {
    for (const header of [
      undefined,
      "",
      "bytes=",
      "bytes=-",
      "bytes=a-b",
      "lines=1-2",
      "bytes=0-1,3-4",
    ]) {
      expect(parseRange(header, 10)).toBeUndefined();
    }
  });
});

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

describe("checksums", () => {
  test("computes the published check values of 123456789", async () => {
    const check = { CRC32: "cbf43926", CRC32C: "e3069283", CRC64NVME: "ae8b14860a799888" };
    for (const algorithm of ALGORITHMS) {
      if (!isCrc(algorithm)) continue;
      const hasher = await createHasher(algorithm);
      hasher.update(Buffer.from("123456789"));
      const value = Buffer.from(check[algorithm], "hex").toString("base64");
      expect(hasher.digest()).toBe(value);
      expect(crcOf(algorithm, Buffer.from("123456789"))).toBe(value);
    }
  });

  test("combines the CRCs of parts to the CRC of the whole", () => {
    fc.assert(
      fc.property(fc.array(bytes(200)), (parts) => {
        for (const crc of ["CRC32", "CRC32C", "CRC64NVME"] as const) {
          const known = parts.map((part) => ({ value: crcOf(crc, part), sizeBytes: part.length }));
          expect(combine(crc, known)).toBe(crcOf(crc, Buffer.concat(parts)));
        }
      }),
      { numRuns: 30 },
    );
  });

  test("computes the same CRC32 as Node", () => {
    fc.assert(
      fc.property(bytes(), (data) => {
        const crc = Buffer.from(crcOf("CRC32", data), "base64").readUInt32BE();
        expect(crc).toBe(crc32(data));
      }),
    );
  });

  test("computes the CRC of all bytes, however they are split and whatever is hashed at the same time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bytes(300), { maxLength: 4 }), async (chunks) => {
        for (const crc of ["CRC32", "CRC32C", "CRC64NVME"] as const) {
          const [hasher, other] = [await createHasher(crc), await createHasher(crc)];
          for (const chunk of chunks) {
            hasher.update(chunk);
            other.update(Buffer.from("beside"));
          }
          expect(hasher.digest()).toBe(crcOf(crc, Buffer.concat(chunks)));
          other.digest();
        }
      }),
      { numRuns: 50 },
    );
  });

  test("hashes a chunk that is larger than the hasher's memory", async () => {
    const large = Buffer.alloc(200_003, "film");
    const hasher = await createHasher("CRC64NVME");
    hasher.update(large);
    expect(hasher.digest()).toBe(crcOf("CRC64NVME", large));
  });
});

test("returns text unchanged through XML", () => {
  const text = fc
    .string({ unit: "grapheme-ascii" })
    .filter((text) => text.trim() === text && text !== "");
  fc.assert(
    fc.property(text, (text) => {
      const xml = document("Delete", { Object: [{ Key: text }] });
      expect(parseDocument(xml, "Delete")).toMatchObject({ Object: [{ Key: text }] });
    }),
  );
});

test("decodes every XML form of a character, once", () => {
  const key = (text: string) =>
    parseDocument(`<Delete><Object><Key>${text}</Key></Object></Delete>`, "Delete");
  for (const [written, meant] of [
    ["&#34;a&#34;", '"a"'],
    ["&#x22;", '"'],
    ["&#x1F3AC;&#128512;", "🎬😀"],
    ["&#13;&#xD;&#10;&#x0009;", "\r\r\n\t"],
    ["&lt;&gt;&amp;&quot;&apos;", "<>&\"'"],
    ["&amp;#34;", "&#34;"],
    ["&#38;amp;", "&amp;"],
    ["&#38;#34;", "&#34;"],
    ["<![CDATA[a&#34;<b>]]>", "a&#34;<b>"],
    ["a<!-- &#34; -->b", "ab"],
  ]) {
    expect(key(written ?? "")).toMatchObject({ Object: [{ Key: meant }] });
  }
});

test("rejects a reference to an invalid character or an unknown name", () => {
  for (const text of [
    "&#0;",
    "&#x0;",
    "&#1;",
    "&#xD800;",
    "&#xDFFF;",
    "&#xFFFE;",
    "&#x110000;",
    "&#99999999999;",
    "&#;",
    "&#x;",
    "&#xG;",
    "&#3 4;",
    "&copy;",
    "&nbsp;",
    "a & b",
    "&",
    "&#34",
    "\u0001",
  ]) {
    const document = `<Delete><Object><Key>${text}</Key></Object></Delete>`;
    expect(() => parseDocument(document, "Delete"), text).toThrow(/well-formed/);
  }
});

test("rejects a document that is truncated, of another type, or declares entities", () => {
  for (const text of [
    "",
    "<Delete>",
    "<Other/>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]><Delete/>",
    "{}",
  ]) {
    expect(() => parseDocument(text, "Delete")).toThrow(/well-formed/);
  }
});
