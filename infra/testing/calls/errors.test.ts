import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { HANDLING, handlingOf } from "./errors.ts";
import { readCalls } from "./granted.ts";
import { errorsOf, type ModelError } from "./model.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Each operation that a function calls, with its service's name for it. */
const OPERATIONS = [
  ...new Set(
    Object.values(readCalls())
      .flat()
      .map((call) => call.split(" ").slice(0, 2).join(" ").replace(/\..*/, "")),
  ),
].sort();
const operations = OPERATIONS.map((call) => {
  const [service = "", operation = ""] = call.split(" ");
  return { service, operation };
});

/** Whether the SDK retries a call, by the SDK's own code. */
function retriedBySdk({ name, status }: ModelError): boolean {
  const core = createRequire(join(ROOT, "packages/core/index.js"));
  const retry = createRequire(core.resolve("@aws-sdk/client-s3"))("@smithy/core/retry");
  const error = Object.assign(new Error(name), {
    name,
    ...(status !== undefined && { $metadata: { httpStatusCode: status } }),
  });
  return (
    retry.isThrottlingError(error) || retry.isTransientError(error) || retry.isServerError(error)
  );
}

test("the calls are those of the models: a new one has to say what it does about each error", () => {
  expect(OPERATIONS).toContain("mediaconvert Probe");
  for (const { service, operation } of operations) {
    expect(errorsOf(service, operation), `${service} ${operation}`).toBeInstanceOf(Array);
  }
});

describe.each(operations)("$service $operation", ({ service, operation }) => {
  const errors = errorsOf(service, operation);

  test("says what is done about each error that AWS's model names", () => {
    const undecided = errors.filter(({ name }) => !handlingOf(service, operation, name));
    expect(undecided, "add them in infra/testing/calls/errors.ts").toEqual([]);
  });

  test("names each error that it handles where the table says so", () => {
    for (const { name } of errors) {
      const handling = handlingOf(service, operation, name);
      if (typeof handling !== "object" || !("in" in handling)) continue;
      expect(readFileSync(join(ROOT, handling.in), "utf8"), handling.in).toContain(name);
    }
  });

  test("leaves to the SDK what the SDK does repeat", () => {
    const left = errors.filter(({ name }) => handlingOf(service, operation, name) === "sdk");
    expect(left.filter((error) => !retriedBySdk(error))).toEqual([]);
  });
});

test("an error that no model has any more has no entry", () => {
  const known = new Set(
    operations.flatMap(({ service, operation }) =>
      errorsOf(service, operation).flatMap(({ name }) => [
        `${service} ${name}`,
        `${service} ${operation} ${name}`,
      ]),
    ),
  );
  const entries = Object.entries(HANDLING).flatMap(([service, { every, operations = {} }]) => [
    ...Object.keys(every).map((name) => `${service} ${name}`),
    ...Object.entries(operations).flatMap(([operation, of]) =>
      Object.keys(of).map((name) => `${service} ${operation} ${name}`),
    ),
  ]);
  expect(entries.filter((entry) => !known.has(entry))).toEqual([]);
});
