/** What private delivery must keep: nobody reads a rendition but by an address that we signed. */
import type { Graph, Resource } from "./graph.ts";
import { at, type Rule } from "./rules.ts";

const of = (graph: Graph, type: string): Resource[] =>
  graph.resources.filter((resource) => resource.type === `aws:${type}`);
const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
/** A resource by the id that the mocks give it: its name. */
const byId = (graph: Graph, type: string, id: unknown): Resource | undefined =>
  of(graph, type).find(({ name }) => name === id);

/** What of the site's distribution delivers: the behaviour, and the origin that it reads. */
function delivery(graph: Graph): { behavior: unknown; origin: unknown; arn: string } | undefined {
  for (const { name, inputs } of of(graph, "cloudfront/distribution:Distribution")) {
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
const nothing = ["The site's distribution delivers no media."];

const signaturesAreAsked: Rule = (graph) => {
  const found = delivery(graph);
  if (!found) return nothing;
  const { behavior } = found;
  const groups = list(at(behavior, "trustedKeyGroups"));
  const trusted = groups.flatMap((id) =>
    list(byId(graph, "cloudfront/keyGroup:KeyGroup", id)?.inputs.items),
  );
  const methods = list(at(behavior, "allowedMethods")).join();
  return [
    ...(trusted.length > 0 ? [] : ["/media/* asks for no signature."]),
    ...(trusted.some((id) => !byId(graph, "cloudfront/publicKey:PublicKey", id))
      ? ["/media/* trusts a key that is not ours."]
      : []),
    ...(methods === "GET,HEAD" ? [] : [`/media/* takes ${methods}.`]),
    ...(at(behavior, "viewerProtocolPolicy") === "https-only" ? [] : ["/media/* answers by http."]),
    ...(at(behavior, "compress") === false ? [] : ["/media/* packs films again."]),
  ];
};

const oneNameInTheCache: Rule = (graph) => {
  const found = delivery(graph);
  if (!found) return nothing;
  const id = at(found.behavior, "cachePolicyId");
  const key = byId(graph, "cloudfront/cachePolicy:CachePolicy", id)?.inputs
    .parametersInCacheKeyAndForwardedToOrigin;
  const queries = list(at(key, "queryStringsConfig.queryStrings.items")).join();
  const isNarrow =
    at(key, "queryStringsConfig.queryStringBehavior") === "whitelist" &&
    queries === "response-content-disposition" &&
    at(key, "cookiesConfig.cookieBehavior") === "none" &&
    at(key, "headersConfig.headerBehavior") === "none" &&
    at(found.behavior, "originRequestPolicyId") === undefined;
  return isNarrow ? [] : ["More than a download's name of a request goes on to the renditions."];
};

const readByControl: Rule = (graph) => {
  const found = delivery(graph);
  if (!found) return nothing;
  const id = at(found.origin, "originAccessControlId");
  const control = byId(graph, "cloudfront/originAccessControl:OriginAccessControl", id)?.inputs;
  const isSigned =
    at(control, "originAccessControlOriginType") === "s3" &&
    at(control, "signingBehavior") === "always" &&
    at(control, "signingProtocol") === "sigv4";
  return [
    ...(/^RenditionsBucket\.s3\./.test(String(at(found.origin, "domainName")))
      ? []
      : ["/media/* reads another bucket than the renditions."]),
    ...(isSigned ? [] : ["The distribution reads renditions without saying who it is."]),
  ];
};

/** Whoever may read, by the bucket's own policy. */
const readByOneDistribution: Rule = (graph) => {
  const found = delivery(graph);
  const policy = of(graph, "s3/bucketPolicy:BucketPolicy").find(
    ({ name }) => name === "RenditionsPolicy",
  );
  const text = at(policy?.inputs, "policy");
  const allowed = list(JSON.parse(typeof text === "string" ? text : "{}").Statement).filter(
    (one) => at(one, "Effect") === "Allow",
  );
  if (!found || allowed.length === 0) return ["The distribution may not read renditions."];
  const isOurs = (one: unknown) =>
    at(one, "Principal.Service") === "cloudfront.amazonaws.com" &&
    list(at(one, "Action")).join() === "s3:GetObject" &&
    list(at(one, "Resource")).join() === "arn:aws:s3:::RenditionsBucket/*" &&
    // Its name holds a dot for nobody but IAM.
    String(Reflect.get(Object(at(one, "Condition.StringEquals")), "AWS:SourceArn")).endsWith(
      found.arn,
    );
  return allowed
    .filter((one) => !isOurs(one))
    .map(() => "Others than our distribution may read renditions.");
};

const keysAreSecret: Rule = (graph) => {
  const isSecret = (value: unknown) =>
    typeof value === "object" && value !== null && "secret" in value;
  const hide = (_: string, value: unknown) => (isSecret(value) ? "secret" : value);
  return [
    ...graph.resources
      .filter(({ inputs }) => /BEGIN [A-Z ]*PRIVATE KEY/.test(JSON.stringify(inputs, hide)))
      .map(({ type, name }) => `${type} ${name} shows a private key.`),
    ...of(graph, "cloudfront/publicKey:PublicKey")
      .filter(({ inputs }) => !isSecret(inputs.encodedKey))
      .map(({ name }) => `${name} does not come from a secret.`),
  ];
};

export const MEDIA_RULES = {
  "renditions are delivered to whoever has a signed address, by https": signaturesAreAsked,
  "of a request for a rendition nothing counts but a download's name": oneNameInTheCache,
  "the distribution says who it is where it reads renditions": readByControl,
  "nobody but the site's distribution reads the bucket of renditions": readByOneDistribution,
  "what addresses are signed with is a secret": keysAreSecret,
} satisfies Record<string, Rule>;
