/**
 * CloudFront's policies: the URLs, times and clients that a signature is valid for.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-custom-policy.html
 */
import { BlockList, isIP } from "node:net";
import { z } from "zod";
import { CloudFrontError } from "./error.ts";

export interface Policy {
  /** `*` matches any characters, `?` matches one. */
  resource: string;
  endsSeconds: number;
  startsSeconds?: number;
  /** An IPv4 address or range. */
  sourceIp?: string;
}

const EpochTime = z.strictObject({ "AWS:EpochTime": z.number().int().nonnegative() });
/** Strict: an unsupported condition must not count as fulfilled. */
const Custom = z.strictObject({
  Statement: z.tuple([
    z.strictObject({
      Resource: z.string().min(1),
      Condition: z.strictObject({
        DateLessThan: EpochTime,
        DateGreaterThan: EpochTime.optional(),
        IpAddress: z.strictObject({ "AWS:SourceIp": z.string() }).optional(),
      }),
    }),
  ]),
});

/** Parses a custom policy. @throws CloudFrontError MalformedPolicy */
export function parsePolicy(text: string): Policy {
  const policy = Custom.safeParse(parse(text)).data?.Statement[0];
  const sourceIp = policy?.Condition.IpAddress?.["AWS:SourceIp"];
  if (!policy || (sourceIp !== undefined && !isRange(sourceIp))) {
    throw new CloudFrontError("MalformedPolicy", "Malformed Policy");
  }
  const { DateLessThan, DateGreaterThan } = policy.Condition;
  return {
    resource: policy.Resource,
    endsSeconds: DateLessThan["AWS:EpochTime"],
    startsSeconds: DateGreaterThan?.["AWS:EpochTime"],
    sourceIp,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The exact text that is signed for a canned policy. */
export const cannedPolicy = ({ resource, endsSeconds }: Policy): string =>
  JSON.stringify({
    Statement: [
      { Resource: resource, Condition: { DateLessThan: { "AWS:EpochTime": endsSeconds } } },
    ],
  });

/** Whether a policy allows this request. */
export function allows(
  policy: Policy,
  request: { url: string; address: string; now: number },
): boolean {
  const { endsSeconds, startsSeconds = 0, sourceIp } = policy;
  if (request.now >= endsSeconds * 1000 || request.now < startsSeconds * 1000) return false;
  if (sourceIp !== undefined && !isWithin(request.address, sourceIp)) return false;
  return matchesPattern(policy.resource, request.url);
}

/** Matches a text against a pattern, in time of at most the product of their lengths. */
export function matchesPattern(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let starEnd = 0;
  for (let read = 0; read < text.length; ) {
    if (pattern[at] === "*") {
      star = at;
      starEnd = read;
      at += 1;
    } else if (pattern[at] === "?" || pattern[at] === text[read]) {
      at += 1;
      read += 1;
    } else if (star >= 0) {
      // The last star matches one character more.
      starEnd += 1;
      read = starEnd;
      at = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/** IPv4 only, as on CloudFront. */
function isRange(text: string): boolean {
  const [address = "", bits = "32", ...more] = text.split("/");
  return more.length === 0 && isIP(address) === 4 && /^\d{1,2}$/.test(bits) && Number(bits) <= 32;
}

function isWithin(address: string, range: string): boolean {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (isIP(bare) !== 4) return false;
  const [network = "", bits = "32"] = range.split("/");
  const list = new BlockList();
  list.addSubnet(network, Number(bits), "ipv4");
  return list.check(bare, "ipv4");
}
