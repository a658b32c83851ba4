import { pagePolicy as contentSecurityPolicy } from "@rushes/core/http/csp";
import { SOURCE_LIMITS } from "@rushes/core/source-limits";
import { expect, test } from "vitest";
import { originsOf, securityHeaders } from "./headers.ts";

const options = {
  nonce: "bm9uY2U=",
  uploads: "http://127.0.0.1:3002",
  media: "http://127.0.0.1:3003",
  secure: false,
  development: false,
};
const directive = (policy: string, name: string) =>
  policy.split("; ").find((one) => one.startsWith(`${name} `)) ?? "";

test("allows only scripts with the nonce of this response", () => {
  const scripts = directive(contentSecurityPolicy(options), "script-src");
  expect(scripts).toContain("'nonce-bm9uY2U='");
  expect(scripts).not.toMatch(/unsafe-(inline|eval)/);
});

test("allows uploads to the bucket, media from the CDN and the bucket only, and no framing", () => {
  const policy = contentSecurityPolicy(options);
  const [uploads, media] = ["http://127.0.0.1:3002", "http://127.0.0.1:3003"];
  expect(directive(policy, "connect-src")).toBe(`connect-src 'self' ${uploads} ${media}`);
  expect(directive(policy, "media-src")).toBe(`media-src 'self' blob: data: ${media} ${uploads}`);
  expect(directive(policy, "img-src")).toBe("img-src 'self' blob: data: http://127.0.0.1:3003");
  expect(directive(policy, "default-src")).toBe("default-src 'self'");
  expect(directive(policy, "frame-ancestors")).toBe("frame-ancestors 'none'");
});

test("allows the listed origins to frame the embed page, and no other page", () => {
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

test("keeps the URL of a share link from other sites and search engines", () => {
  expect(securityHeaders({ ...options, shared: true })).toMatchObject({
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
  });
  expect(securityHeaders(options)).not.toHaveProperty("x-robots-tag");
});

test("sends Strict-Transport-Security only over https", () => {
  expect(securityHeaders(options)["strict-transport-security"]).toBeUndefined();
  expect(securityHeaders({ ...options, secure: true })["strict-transport-security"]).toMatch(
    /max-age=\d{8}/,
  );
});

test("takes the storage origin from the settings, the SDK's endpoint, or the bucket on AWS", () => {
  const Settings = {
    defaultOwnerId: "local",
    defaultOwnerEmail: "you@example.com",
    siteUrl: "https://video.example.com",
    maxSizeBytes: 1,
    maxDurationSeconds: 1,
    uploadExpiresSeconds: 1,
    ...SOURCE_LIMITS,
    maxOpenUploads: 1,
    maxOwnerBytes: 0,
    profile: "original",
    profiles: "{}",
    importPrefixes: "",
    importSuffixes: "",
    importOwners: "{}",
  };
  const links = {
    Settings,
    Uploads: { name: "up" },
    Media: { url: "https://video.example.com/media" },
  };
  const aws = { AWS_REGION: "eu-west-1" };
  const here = { ...aws, AWS_ENDPOINT_URL_S3: "http://127.0.0.1:3002/" };
  expect(originsOf(links, aws)).toEqual({
    uploads: "https://up.s3.eu-west-1.amazonaws.com",
    media: "https://video.example.com",
  });
  expect(originsOf(links, here).uploads).toBe("http://127.0.0.1:3002");
  const proxied = { ...links, Settings: { ...Settings, bucketUrl: "https://proxy.example.com" } };
  expect(originsOf(proxied, here).uploads).toBe("https://proxy.example.com");
});
