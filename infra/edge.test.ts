import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { atTheEdge } from "./edge.ts";

/** The headers that the app receives. */
function pass(headers: Record<string, { value: string }>) {
  const event = { viewer: { ip: "203.0.113.9" }, request: { headers: { ...headers } } };
  runInNewContext(atTheEdge, { event });
  return event.request.headers;
}

describe("at the edge", () => {
  test("takes the viewer's address from CloudFront and not from the client", () => {
    const viewer = { "x-forwarded-viewer": { value: "203.0.113.9" } };
    expect(pass({})).toEqual(viewer);
    expect(pass({ "x-forwarded-viewer": { value: "127.0.0.1" } })).toEqual(viewer);
  });

  test("passes a token on in a header that CloudFront does not overwrite", () => {
    const value = "Bearer rsh_token";
    expect(pass({ authorization: { value } })).toMatchObject({
      "x-forwarded-authorization": { value },
    });
  });

  test("removes that header from a client's request", () => {
    const made = { "x-forwarded-authorization": { value: "Bearer rsh_made_up" } };
    expect(pass(made)).not.toHaveProperty("x-forwarded-authorization");
  });
});
