/**
 * Private delivery: `/media/*` on the site's own distribution needs a signed URL. Keys begin with `media/`, so the path of
 * a URL is the key.
 */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { OBJECT_POLICY } from "../packages/core/http/csp.ts";
import { mediaKeys, siteUrl } from "./stage.ts";
import { renditionsOrigin } from "./storage.ts";

/** CloudFront gets the public half of a key. The app signs with the private half. */
function publicHalf(name: string, pem: string): string {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    if (asymmetricKeyType === "rsa" && asymmetricKeyDetails?.modulusLength === 2048) {
      return createPublicKey(pem).export({ type: "spki", format: "pem" }).toString();
    }
  } catch {
    // It is not a key. The error below does not show the value, because it is a secret.
  }
  throw new Error(
    `The secret ${name} is not a private RSA key of 2048 bits. Create one with "openssl genrsa 2048". See docs/deploy.md.`,
  );
}

const keys = mediaKeys.map((slot) => {
  const name = `MediaKey${slot}`;
  const secret = new sst.Secret(name);
  const key = new aws.cloudfront.PublicKey(name, {
    comment: `${$app.name} ${$app.stage}: signs playback URLs`,
    encodedKey: secret.value.apply((pem) => publicHalf(name, pem)),
  });
  return { id: key.id, privateKey: secret.value };
});
const [signer] = keys;
if (!signer) throw new Error("There is no delivery key.");

/** The key that signs playback URLs. Only the site is linked to it, because only the site creates them. */
export const media = new sst.Linkable("Media", {
  properties: { url: `${siteUrl}/media`, keyPairId: signer.id, privateKey: signer.privateKey },
});

const trusted = new aws.cloudfront.KeyGroup("MediaKeys", { items: keys.map(({ id }) => id) });

const access = new aws.cloudfront.OriginAccessControl("MediaAccess", {
  originAccessControlOriginType: "s3",
  signingBehavior: "always",
  signingProtocol: "sigv4",
});

/**
 * Only the name of a download is part of the cache key. The signature covers it. Without a minimum, CloudFront asks S3
 * again for an object whose Cache-Control says so, such as a playlist that still grows.
 */
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

/** Renditions are not pages of the site, and a browser revalidates its copy before it plays. */
const headers = new aws.cloudfront.ResponseHeadersPolicy("MediaHeaders", {
  securityHeadersConfig: {
    contentSecurityPolicy: { contentSecurityPolicy: OBJECT_POLICY, override: true },
    contentTypeOptions: { override: true },
    strictTransportSecurity: { accessControlMaxAgeSec: 63_072_000, override: true },
  },
  // A page loads streams with a script. The site has the same origin, so it needs no permission on this domain.
  corsConfig: {
    accessControlAllowCredentials: false,
    accessControlAllowHeaders: { items: ["Range"] },
    accessControlAllowMethods: { items: ["GET", "HEAD"] },
    accessControlAllowOrigins: { items: [siteUrl] },
    accessControlExposeHeaders: { items: ["Content-Range", "ETag"] },
    originOverride: true,
  },
  customHeadersConfig: {
    items: [{ header: "Cache-Control", value: "private, no-cache", override: true }],
  },
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
  // Videos are compressed already, and ranges refer to the original bytes.
  compress: false,
  cachePolicyId: cache.id,
  responseHeadersPolicyId: headers.id,
};
