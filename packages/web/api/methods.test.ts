import { expect, test } from "vitest";
import { methodsOf } from "./methods.ts";

const ROUTES = [
  { method: "ALL", path: "/api/*" },
  { method: "GET", path: "/api/jobs" },
  { method: "POST", path: "/api/jobs/delete" },
  { method: "GET", path: "/api/jobs/:id" },
  { method: "DELETE", path: "/api/jobs/:id" },
];

test.each([
  ["/api/jobs", ["GET", "HEAD"]],
  ["/api/jobs/job_1", ["DELETE", "GET", "HEAD"]],
  ["/api/jobs/delete", ["DELETE", "GET", "HEAD", "POST"]],
  ["/api/jobs/", []],
  ["/api/jobs/job_1/else", []],
  ["/api/else", []],
])("%s lists its methods, each once", (path, methods) => {
  expect(methodsOf(ROUTES, path)).toEqual(methods);
});
