/**
 * Who owns what other tools put into the uploads bucket: the setting `RUSHES_IMPORT_OWNERS`, such as
 * `{"principals": {"AWS:AIDAEXAMPLE": "own_…"}, "prefixes": {"ann/": "own_…"}}`.
 */
import * as z from "zod";

/** How the principal of an access key begins: with the ID of its owner. */
const OWN = "AWS:own_";
const OwnerId = z.string().min(1).max(200);
const Owners = z.strictObject({
  /** By `userIdentity.principalId` of S3's event. One that ends with `*` is a beginning. */
  principals: z.record(z.string().min(1), OwnerId).default({}),
  /** By the beginning of the key. The longest one counts. */
  prefixes: z.record(z.string().min(1), OwnerId).default({}),
});
type Owners = z.infer<typeof Owners>;

/** A sentence for each mistake in `RUSHES_IMPORT_OWNERS`. */
export function ownersMistakes(json: string): string[] {
  const found = parse(json);
  return found.mistakes.map(
    (mistake) => `RUSHES_IMPORT_OWNERS is not valid: ${mistake}. See docs/footage.md.`,
  );
}

/**
 * The IDs of users who may own an object, the first that exists first. On one machine, the principal is the owner of
 * the access key.
 */
export function ownersOf(
  { key, principalId }: { key: string; principalId?: string | undefined },
  json: string,
): string[] {
  const { principals, prefixes } = parse(json).owners;
  const ofKey = principalId?.startsWith(OWN) ? [principalId.slice("AWS:".length)] : [];
  const named = Object.entries(principals).filter(([principal]) => isSame(principal, principalId));
  const placed = Object.entries(prefixes).filter(([prefix]) => key.startsWith(prefix));
  return [...ofKey, ...longestFirst(named), ...longestFirst(placed)];
}

function isSame(principal: string, found: string | undefined): boolean {
  if (!principal.endsWith("*")) return principal === found;
  return found?.startsWith(principal.slice(0, -1)) ?? false;
}

const longestFirst = (entries: [string, string][]) =>
  entries.sort(([a], [b]) => b.length - a.length).map(([, ownerId]) => ownerId);

/** The owners of valid JSON, and what is wrong with other JSON, each with the path of the value. */
function parse(json: string): { owners: Owners; mistakes: string[] } {
  const none = { principals: {}, prefixes: {} };
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch {
    return { owners: none, mistakes: ["it is not JSON"] };
  }
  const result = Owners.safeParse(given);
  if (result.success) return { owners: result.data, mistakes: [] };
  const mistakes = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
  return { owners: none, mistakes };
}
