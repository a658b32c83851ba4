/** Of every file of the flow tier: a call that AWS's own models would not have fails the test that led to it. */
import { afterAll, afterEach, expect } from "vitest";
import { install } from "./recorder.ts";

const recorder = install();
const check = () => expect(recorder.wrong(), "AWS would refuse calls of ours").toEqual([]);
afterEach(check);
// What is called after the last test, and what a hook calls.
afterAll(check);
