/**
 * CloudFront's policies: what a signature opens, from when on, until when, and for whom.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-custom-policy.html
 */
import { BlockList, isIP } from "node:net";
import { z } from "zod";
import { Denied } from "./denied.ts";

export interface Policy {
  /** May hold `*` for any characters, and `?` for one. */
  resource: string;
  endsSeconds: number;
  beginsSeconds?: number;
  /** An address or a range. */
  from?: string;
}

const EpochTime = z.strictObject({ "AWS:EpochTime": z.number().int().nonnegative() });
/** Strict, so that a condition that is not looked at here does not pass for one that holds. */
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

/** Reads a custom policy. @throws Denied MalformedPolicy */
export function parsePolicy(text: string): Policy {
  const policy = Custom.safeParse(parse(text)).data?.Statement[0];
  const from = policy?.Condition.IpAddress?.["AWS:SourceIp"];
  if (!policy || (from !== undefined && !isRange(from))) {
    throw new Denied("MalformedPolicy", "Malformed Policy");
  }
  const { DateLessThan, DateGreaterThan } = policy.Condition;
  return {
    resource: policy.Resource,
    endsSeconds: DateLessThan["AWS:EpochTime"],
    ...(DateGreaterThan && { beginsSeconds: DateGreaterThan["AWS:EpochTime"] }),
    ...(from !== undefined && { from }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The text that is signed for a canned policy, character by character. */
export const cannedPolicy = ({ resource, endsSeconds }: Policy): string =>
  JSON.stringify({
    Statement: [
      { Resource: resource, Condition: { DateLessThan: { "AWS:EpochTime": endsSeconds } } },
    ],
  });

/** Whether a policy opens this address, now, to whoever comes from there. */
export function allows(
  policy: Policy,
  asked: { url: string; address: string; now: number },
): boolean {
  const { endsSeconds, beginsSeconds = 0, from } = policy;
  if (asked.now >= endsSeconds * 1000 || asked.now < beginsSeconds * 1000) return false;
  if (from !== undefined && !isWithin(asked.address, from)) return false;
  return fits(policy.resource, asked.url);
}

/** Whether a text fits a pattern; in time that its author cannot make grow beyond their product. */
export function fits(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let kept = 0;
  for (let read = 0; read < text.length; ) {
    if (pattern[at] === "*") {
      star = at;
      kept = read;
      at += 1;
    } else if (pattern[at] === "?" || pattern[at] === text[read]) {
      at += 1;
      read += 1;
    } else if (star >= 0) {
      // The last star takes one character more.
      kept += 1;
      read = kept;
      at = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/** IPv4 alone, as CloudFront has it. */
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
