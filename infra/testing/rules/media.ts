/** Private delivery: a rendition requires a signed URL. */
import type { Graph, Resource } from "../graph.ts";
import {
  at,
  failures,
  isSecret,
  key,
  list,
  of,
  statements,
  text,
  withoutSecrets,
} from "../read.ts";
import type { Rules } from "../rule.ts";

/** A resource by its id, which the mocks derive from its name. */
const byId = (graph: Graph, type: string, id: unknown): Resource | undefined =>
  of(graph, type).find(({ name }) => name === id);

/** The behavior of the site's distribution that delivers renditions, and the origin that it reads. */
function delivery(graph: Graph): { behavior: unknown; origin: unknown; arn: string } | undefined {
  for (const { name, inputs } of of(graph, "aws:cloudfront/distribution:Distribution")) {
    const behavior = list(inputs.orderedCacheBehaviors).find(
      (one) => at(one, "pathPattern") === "/media/*",
    );
    const origin = list(inputs.origins).find(
      (one) => at(one, "originId") === at(behavior, "targetOriginId"),
    );
    if (behavior && origin) return { behavior, origin, arn: `distribution/${name}` };
  }
  return undefined;
}
const NOT_DELIVERED = ["The site's distribution does not deliver /media/*."];

const unsigned = (graph: Graph): string[] => {
  const behavior = delivery(graph)?.behavior;
  if (!behavior) return NOT_DELIVERED;
  const trusted = list(at(behavior, "trustedKeyGroups")).flatMap((id) =>
    list(byId(graph, "aws:cloudfront/keyGroup:KeyGroup", id)?.inputs.items),
  );
  const methods = list(at(behavior, "allowedMethods")).join();
  return failures(
    [trusted.length > 0, "/media/* requires no signature."],
    [
      trusted.every((id) => byId(graph, "aws:cloudfront/publicKey:PublicKey", id)),
      "/media/* trusts a key that this stage does not create.",
    ],
    [methods === "GET,HEAD", `/media/* accepts ${methods}.`],
    [at(behavior, "viewerProtocolPolicy") === "https-only", "/media/* accepts plain HTTP."],
    [at(behavior, "compress") === false, "/media/* compresses videos again."],
  );
};

const wideCacheKey = (graph: Graph): string[] => {
  const behavior = delivery(graph)?.behavior;
  if (!behavior) return NOT_DELIVERED;
  const policy = byId(
    graph,
    "aws:cloudfront/cachePolicy:CachePolicy",
    at(behavior, "cachePolicyId"),
  )?.inputs.parametersInCacheKeyAndForwardedToOrigin;
  const queries = list(at(policy, "queryStringsConfig.queryStrings.items")).join();
  const isNarrow =
    at(policy, "queryStringsConfig.queryStringBehavior") === "whitelist" &&
    queries === "response-content-disposition" &&
    at(policy, "cookiesConfig.cookieBehavior") === "none" &&
    at(policy, "headersConfig.headerBehavior") === "none" &&
    at(behavior, "originRequestPolicyId") === undefined;
  return isNarrow ? [] : ["More of a request than a download's name reaches S3."];
};

const staleCache = (graph: Graph): string[] => {
  const id = at(delivery(graph)?.behavior, "cachePolicyId");
  const policy = byId(graph, "aws:cloudfront/cachePolicy:CachePolicy", id)?.inputs;
  return failures([policy?.minTtl === 0, "CloudFront keeps objects that must not be cached."]);
};

const otherPath = (graph: Graph): string[] => {
  const found = delivery(graph);
  if (!found) return NOT_DELIVERED;
  return failures(
    [list(at(found.behavior, "functionAssociations")).length === 0, "A function handles /media/*."],
    [at(found.origin, "originPath") === undefined, "The path of a rendition is not its key."],
  );
};

const otherPages = (graph: Graph): string[] => {
  const id = at(delivery(graph)?.behavior, "responseHeadersPolicyId");
  const type = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy";
  const cors = byId(graph, type, id)?.inputs.corsConfig;
  const origins = list(at(cors, "accessControlAllowOrigins.items")).map(text);
  return failures(
    [origins.length === 1, "The site's pages may not read renditions."],
    [!origins.some((origin) => origin.includes("*")), "Pages of every site may read renditions."],
    [at(cors, "accessControlAllowCredentials") === false, "Renditions are read with cookies."],
    [at(cors, "originOverride") === true, "S3 decides which pages read renditions."],
  );
};

const unauthenticated = (graph: Graph): string[] => {
  const origin = delivery(graph)?.origin;
  if (!origin) return NOT_DELIVERED;
  const control = byId(
    graph,
    "aws:cloudfront/originAccessControl:OriginAccessControl",
    at(origin, "originAccessControlId"),
  )?.inputs;
  return failures(
    [
      /^RenditionsBucket\.s3\./.test(text(at(origin, "domainName"))),
      "/media/* reads another bucket than the renditions.",
    ],
    [
      at(control, "originAccessControlOriginType") === "s3" &&
        at(control, "signingBehavior") === "always" &&
        at(control, "signingProtocol") === "sigv4",
      "The distribution does not sign its requests for renditions.",
    ],
  );
};

const otherReaders = (graph: Graph): string[] => {
  const found = delivery(graph);
  const policy = of(graph, "aws:s3/bucketPolicy:BucketPolicy").find(
    ({ name }) => name === "RenditionsPolicy",
  );
  const allowed = statements(policy?.inputs.policy).filter(({ Effect }) => Effect === "Allow");
  if (!found || allowed.length === 0) return ["The distribution may not read renditions."];
  return allowed
    .filter(
      ({ Principal, Action, Resource, Condition }) =>
        at(Principal, "Service") !== "cloudfront.amazonaws.com" ||
        Action.join() !== "s3:GetObject" ||
        Resource.join() !== "arn:aws:s3:::RenditionsBucket/*" ||
        !text(key(Condition?.StringEquals, "AWS:SourceArn")).endsWith(found.arn),
    )
    .map(() => "The renditions have other readers than the site's distribution.");
};

const exposedKeys = (graph: Graph): string[] => [
  ...graph.resources
    .filter(({ inputs }) => /BEGIN [A-Z ]*PRIVATE KEY/.test(withoutSecrets(inputs)))
    .map(({ type, name }) => `${type} ${name} exposes a private key.`),
  ...of(graph, "aws:cloudfront/publicKey:PublicKey")
    .filter(({ inputs }) => !isSecret(inputs.encodedKey))
    .map(({ name }) => `${name} does not come from a secret.`),
];

export const MEDIA = {
  "a rendition needs a signed URL and HTTPS": {
    rule: unsigned,
    breaks: [
      {
        what: "renditions without a signature",
        file: "infra/media.ts",
        find: "  trustedKeyGroups: [trusted.id],\n",
        put: "",
      },
    ],
  },
  "only a download's name of a request for a rendition reaches S3": {
    rule: wideCacheKey,
    breaks: [
      {
        what: "every query parameter forwarded to S3",
        file: "infra/media.ts",
        find: 'queryStringBehavior: "whitelist",',
        put: 'queryStringBehavior: "all",',
      },
    ],
  },
  "a playlist that grows is not served from a cache": {
    rule: staleCache,
    breaks: [
      {
        what: "a minimum time in the cache",
        file: "infra/media.ts",
        find: "minTtl: 0,",
        put: "minTtl: 60,",
      },
    ],
  },
  "the path of a rendition is its key": {
    rule: otherPath,
    breaks: [
      {
        what: "an origin with a path of its own",
        file: "infra/media.ts",
        find: "  originAccessControlId: access.id,\n",
        put: '  originAccessControlId: access.id, originPath: "/renditions",\n',
      },
    ],
  },
  "only the site's own pages read renditions with scripts": {
    rule: otherPages,
    breaks: [
      {
        what: "renditions for the pages of every site",
        file: "infra/media.ts",
        find: "accessControlAllowOrigins: { items: [siteUrl] }",
        put: 'accessControlAllowOrigins: { items: ["*"] }',
      },
    ],
  },
  "the distribution signs its requests for renditions": {
    rule: unauthenticated,
    breaks: [
      {
        what: "a distribution that reads renditions anonymously",
        file: "infra/media.ts",
        find: "  originAccessControlId: access.id,\n",
        put: "",
      },
    ],
  },
  "only the site's distribution reads the renditions bucket": {
    rule: otherReaders,
    breaks: [
      {
        what: "renditions for every distribution of every account",
        file: "infra/storage.ts",
        find: '            Condition: { StringEquals: { "AWS:SourceArn": distribution } },\n',
        put: "",
      },
    ],
  },
  "the key that signs playback URLs is a secret": {
    rule: exposedKeys,
    breaks: [
      {
        what: "the delivery key as plain text",
        file: "infra/media.ts",
        find: "privateKey: secret.value",
        put: 'privateKey: process.env["SST_SECRET_".concat(name)]',
      },
    ],
  },
} satisfies Rules;
