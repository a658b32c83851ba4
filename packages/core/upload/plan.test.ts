import fc from "fast-check";
import { expect, test } from "vitest";
import { CONNECTIONS, partSize, planFor, SINGLE_LIMIT_BYTES } from "./plan.ts";

const MIB = 1024 ** 2;

function multipartPlan(sizeBytes: number) {
  const plan = planFor(sizeBytes);
  if (plan.kind !== "multipart") throw new Error("One request is too small for this.");
  return plan;
}

test("sends files of up to 32 MiB in one request, and larger ones in parts", () => {
  expect(planFor(SINGLE_LIMIT_BYTES)).toEqual({ kind: "single" });
  expect(planFor(SINGLE_LIMIT_BYTES + 1)).toEqual({
    kind: "multipart",
    partSizeBytes: Math.ceil((SINGLE_LIMIT_BYTES + 1) / 6),
    partCount: 6,
  });
});

test("keeps all connections of a browser busy until the end", () => {
  const sizes = fc.integer({ min: SINGLE_LIMIT_BYTES + 1, max: 100 * 1024 ** 3 });
  fc.assert(
    fc.property(sizes, (sizeBytes) => {
      const plan = multipartPlan(sizeBytes);
      expect(plan.partCount % CONNECTIONS).toBe(0);
      expect(plan.partSizeBytes).toBeLessThanOrEqual(16 * MIB);
      // The last part is about as large as the others.
      expect(partSize(plan, sizeBytes, plan.partCount)).toBeGreaterThan(5 * MIB);
    }),
  );
});

test("plans parts within S3's limits that add up to the file, for every size", () => {
  // S3's limits: 10,000 parts of 5 MiB to 5 GiB. The plans end slightly below its largest object.
  const sizes = fc.integer({ min: SINGLE_LIMIT_BYTES + 1, max: 46 * 1024 ** 4 });
  fc.assert(
    fc.property(sizes, (sizeBytes) => {
      const plan = multipartPlan(sizeBytes);
      expect(plan.partCount).toBeLessThanOrEqual(10_000);
      expect(plan.partSizeBytes).toBeGreaterThanOrEqual(5 * MIB);
      expect(plan.partSizeBytes).toBeLessThanOrEqual(5 * 1024 * MIB);
      const last = partSize(plan, sizeBytes, plan.partCount);
      expect(last).toBeGreaterThan(0);
      expect(last).toBeLessThanOrEqual(plan.partSizeBytes);
      expect((plan.partCount - 1) * plan.partSizeBytes + last).toBe(sizeBytes);
    }),
  );
});
