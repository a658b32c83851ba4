/** Runs for every file of the flow tier: a call that AWS's models do not allow fails the test that caused it. */
import { afterAll, afterEach, expect } from "vitest";
import { install } from "./recorder.ts";

const recorder = install();
const check = () => expect(recorder.wrong(), "AWS would reject these calls").toEqual([]);
afterEach(check);
// Checks calls after the last test and in hooks.
afterAll(check);
