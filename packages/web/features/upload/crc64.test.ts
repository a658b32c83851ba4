import { createCrc64 } from "@rushes/core/transfer/crc64";
import { crc64Of } from "@rushes/core/transfer/crc64-of";
import { expect, it } from "vitest";

const { signal } = new AbortController();

it("gives the check value of the catalogue", async () => {
  expect(await crc64Of(new Blob(["123456789"]), signal)).toBe(
    Buffer.from("ae8b14860a799888", "hex").toString("base64"),
  );
});

it("agrees with the storage on files of every length around a slice", async () => {
  for (const size of [0, 1, 1024 ** 2 - 1, 1024 ** 2, 2 * 1024 ** 2 + 3]) {
    const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 9)) % 256);
    const expected = createCrc64();
    expected.update(bytes);
    expect(await crc64Of(new Blob([bytes]), signal)).toBe(expected.digest());
  }
});

it("reads a file that is no byte stream, and rejects one that ends early", async () => {
  class Plain extends Blob {
    override stream() {
      const bytes = new TextEncoder().encode("123456789");
      return new ReadableStream<Uint8Array<ArrayBuffer>>({
        start(controller) {
          controller.enqueue(bytes);
          controller.close();
        },
      });
    }
  }
  expect(await crc64Of(new Plain(["123456789"]))).toBe(await crc64Of(new Blob(["123456789"])));
  await expect(crc64Of(new Plain(["1234567890"]))).rejects.toThrow("truncated");
});
