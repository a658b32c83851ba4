import { expect, test } from "vitest";
import { bucketOrigins, contentSecurityPolicy, securityHeaders } from "./headers.ts";

const options = {
  nonce: "bm9uY2U=",
  buckets: ["http://127.0.0.1:3002"],
  secure: false,
  development: false,
};
const directive = (policy: string, name: string) =>
  policy.split("; ").find((one) => one.startsWith(`${name} `)) ?? "";

test("only scripts with this answer's nonce run", () => {
  const scripts = directive(contentSecurityPolicy(options), "script-src");
  expect(scripts).toContain("'nonce-bm9uY2U='");
  expect(scripts).not.toMatch(/unsafe-(inline|eval)/);
});

test("bytes go to the buckets and nowhere else, and nobody may frame a page", () => {
  const policy = contentSecurityPolicy(options);
  for (const name of ["connect-src", "media-src", "img-src"]) {
    expect(directive(policy, name)).toContain("http://127.0.0.1:3002");
  }
  expect(directive(policy, "default-src")).toBe("default-src 'self'");
  expect(directive(policy, "frame-ancestors")).toBe("frame-ancestors 'none'");
});

test("only the listed origins frame the page that is made for it, and nobody any other", () => {
  const frames = ["https://a.example", "https://b.example:8443"];
  const embed = securityHeaders({ ...options, frames });
  expect(directive(embed["content-security-policy"] ?? "", "frame-ancestors")).toBe(
    "frame-ancestors https://a.example https://b.example:8443",
  );
  expect(embed["x-frame-options"]).toBeUndefined();
  const dead = securityHeaders({ ...options, frames: [] });
  expect(dead["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(securityHeaders(options)["x-frame-options"]).toBe("DENY");
});

test("the address of a link, which is its key, is told to no other site and no index", () => {
  expect(securityHeaders({ ...options, shared: true })).toMatchObject({
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
  });
  expect(securityHeaders(options)).not.toHaveProperty("x-robots-tag");
});

test("https is demanded for good only where the page came by https", () => {
  expect(securityHeaders(options)["strict-transport-security"]).toBeUndefined();
  expect(securityHeaders({ ...options, secure: true })["strict-transport-security"]).toMatch(
    /max-age=\d{8}/,
  );
});

test("the buckets' origins come from the SDK's address, else from their names on AWS", () => {
  const env: NodeJS.ProcessEnv = { NODE_ENV: "test", AWS_REGION: "eu-west-1" };
  expect(bucketOrigins({ ...env, AWS_ENDPOINT_URL_S3: "http://127.0.0.1:3002/" })).toEqual([
    "http://127.0.0.1:3002",
  ]);
  expect(
    bucketOrigins({
      ...env,
      SST_RESOURCE_Uploads: '{"name":"up"}',
      SST_RESOURCE_Renditions: '{"name":"out"}',
    }),
  ).toEqual(["https://up.s3.eu-west-1.amazonaws.com", "https://out.s3.eu-west-1.amazonaws.com"]);
});
