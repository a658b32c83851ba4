/**
 * Private delivery: `/media/*` on the site's own distribution, for whoever has an address that we signed. On
 * another domain cookies would be a third party's, which browsers keep away.
 */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { OBJECT_POLICY } from "../packages/core/http/csp.ts";
import { mediaKeys, siteUrl } from "./stage.ts";
import { renditionsOrigin } from "./storage.ts";

/** CloudFront is told the public half of a key; the other signs in the app and is shown to nobody. */
function publicHalf(name: string, pem: string): string {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    if (asymmetricKeyType === "rsa" && asymmetricKeyDetails?.modulusLength === 2048) {
      return createPublicKey(pem).export({ type: "spki", format: "pem" }).toString();
    }
  } catch {
    // No key at all: the sentence below says what it should be, and what it is is a secret.
  }
  throw new Error(
    `The secret ${name} is no private RSA key of 2048 bits: make one with "openssl genrsa 2048". docs/deploy.md says more.`,
  );
}

const keys = mediaKeys.map((slot) => {
  const name = `MediaKey${slot}`;
  const secret = new sst.Secret(name);
  const key = new aws.cloudfront.PublicKey(name, {
    comment: `${$app.name} ${$app.stage}: signs addresses of renditions`,
    encodedKey: secret.value.apply((pem) => publicHalf(name, pem)),
  });
  return { id: key.id, privateKey: secret.value };
});
const [signer] = keys;
if (!signer) throw new Error("No key signs.");

/** What the app signs with. Linked to the site alone: nothing else gives addresses out. */
export const media = new sst.Linkable("Media", {
  properties: { url: `${siteUrl}/media`, keyPairId: signer.id, privateKey: signer.privateKey },
});

const trusted = new aws.cloudfront.KeyGroup("MediaKeys", { items: keys.map(({ id }) => id) });

const access = new aws.cloudfront.OriginAccessControl("MediaAccess", {
  originAccessControlOriginType: "s3",
  signingBehavior: "always",
  signingProtocol: "sigv4",
});

/** One name of a download in the address, which the signature covers; nothing else of a request counts. */
const cache = new aws.cloudfront.CachePolicy("MediaCache", {
  minTtl: 0,
  defaultTtl: 86_400,
  maxTtl: 31_536_000,
  parametersInCacheKeyAndForwardedToOrigin: {
    cookiesConfig: { cookieBehavior: "none" },
    headersConfig: { headerBehavior: "none" },
    queryStringsConfig: {
      queryStringBehavior: "whitelist",
      queryStrings: { items: ["response-content-disposition"] },
    },
  },
});

/** What lies there is no page of the site's origin, and a browser asks again before it plays its copy. */
const headers = new aws.cloudfront.ResponseHeadersPolicy("MediaHeaders", {
  securityHeadersConfig: {
    contentSecurityPolicy: { contentSecurityPolicy: OBJECT_POLICY, override: true },
    contentTypeOptions: { override: true },
    strictTransportSecurity: { accessControlMaxAgeSec: 63_072_000, override: true },
  },
  customHeadersConfig: {
    items: [{ header: "Cache-Control", value: "private, no-cache", override: true }],
  },
});

/** Runs after the signature was looked at, which covers the address as it came. */
const path = new aws.cloudfront.Function("MediaPath", {
  runtime: "cloudfront-js-2.0",
  comment: "/media/<key> is <key> in the bucket",
  code: `
function handler(event) {
  event.request.uri = event.request.uri.replace(/^\\/media(?=\\/)/, "");
  return event.request;
}`,
});

export const origin = {
  originId: "media",
  domainName: renditionsOrigin,
  originAccessControlId: access.id,
};

export const behavior = {
  pathPattern: "/media/*",
  targetOriginId: origin.originId,
  trustedKeyGroups: [trusted.id],
  viewerProtocolPolicy: "https-only",
  allowedMethods: ["GET", "HEAD"],
  cachedMethods: ["GET", "HEAD"],
  // Films are packed already, and ranges are of the bytes as they are.
  compress: false,
  cachePolicyId: cache.id,
  responseHeadersPolicyId: headers.id,
  functionAssociations: [{ eventType: "viewer-request", functionArn: path.arn }],
};
