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
