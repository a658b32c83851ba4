/**
 * Event patterns, as EventBridge rules and Lambda's event filters write them.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */

export type Pattern = Record<string, unknown>;
type Predicate = (value: unknown) => boolean;

/** A pattern that is not supported exactly. It is rejected at the start instead of matched wrongly. */
export class PatternError extends Error {
  constructor(path: string, message: string) {
    super(`Event pattern, at ${path || "the top"}: ${message}`);
    this.name = "PatternError";
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Tests one value; `all` are the values at the same path of the event, in every member of a list. */
type Node = (value: unknown, all: unknown[]) => boolean;

const member = (value: unknown, key: string) => (isObject(value) ? value[key] : undefined);
/** The members of a list and its nested lists; for any other value, the value itself. */
const members = (value: unknown): unknown[] => (Array.isArray(value) ? value.flat(64) : [value]);
/** The members that are not objects. */
const leaves = (value: unknown) =>
  members(value).filter((one) => one !== undefined && !isObject(one));

/** Compiles a pattern to a predicate. @throws PatternError for an unsupported pattern. */
export function compile(pattern: Pattern): Predicate {
  const node = compileNode(pattern, "");
  return (value) => node(value, [value]);
}

/** If the event has a list of objects, one of them must match the pattern's whole object. */
function compileNode(pattern: Pattern, path: string): Node {
  const nodes = Object.entries(pattern).map(([key, rule]): Node => {
    const at = path ? `${path}.${key}` : key;
    if (key === "$or") return anyOf(rule, path);
    if (Array.isArray(rule)) return compileLeaf(rule, key, at);
    if (!isObject(rule)) throw new PatternError(at, "a value must be in a list.");
    const inner = compileNode(rule, at);
    return (value, all) => {
      const within = all.flatMap((one) => members(member(one, key)));
      const values = members(member(value, key));
      return (values.length > 0 ? values : [undefined]).some((one) => inner(one, within));
    };
  });
  if (nodes.length === 0) throw new PatternError(path, "the pattern is empty.");
  return (value, all) => nodes.every((node) => node(value, all));
}

function anyOf(rule: unknown, path: string): Node {
  if (!Array.isArray(rule) || !rule.every(isObject)) {
    throw new PatternError(`${path}.$or`, "it must be a list of patterns.");
  }
  const nodes = rule.map((one) => compileNode(one, path));
  return (value, all) => nodes.some((node) => node(value, all));
}

function compileLeaf(rule: unknown[], key: string, path: string): Node {
  if (rule.length === 0) throw new PatternError(path, "the list is empty.");
  const tests = rule.map((one) => compileOne(one, path));
  return (value, all) => {
    // A list in the event matches if one of its members does. An empty list counts as absent.
    const values = leaves(member(value, key));
    if (values.length > 0) return values.some((one) => tests.some((test) => test(one)));
    // A field is absent only if no object of the list has it.
    const absent = all.every((one) => leaves(member(one, key)).length === 0);
    return absent && tests.some((test) => test(undefined));
  };
}

function compileOne(rule: unknown, path: string): Predicate {
  if (!isObject(rule)) {
    if (Array.isArray(rule)) throw new PatternError(path, "a list in a list is not supported.");
    return (value) => value === rule;
  }
  const [entry, ...more] = Object.entries(rule);
  if (!entry || more.length) throw new PatternError(path, "use one operator per object.");
  return operator(entry[0], entry[1], path);
}

function operator(name: string, operand: unknown, path: string): Predicate {
  switch (name) {
    case "exists":
      if (typeof operand !== "boolean")
        throw new PatternError(path, "exists must be true or false.");
      return (value) => (value !== undefined) === operand;
    case "prefix":
      return text(name, operand, path, (value, of) => value.startsWith(of));
    case "suffix":
      return text(name, operand, path, (value, of) => value.endsWith(of));
    case "equals-ignore-case":
      return text(name, operand, path, (value, of) => value.toLowerCase() === of.toLowerCase());
    case "wildcard":
      return wildcard(operand, path);
    case "numeric":
      return numeric(operand, path);
    case "anything-but":
      return anythingBut(operand, path);
    default:
      throw new PatternError(path, `the operator "${name}" is not supported.`);
  }
}

function text(
  name: string,
  operand: unknown,
  path: string,
  test: (value: string, of: string) => boolean,
): Predicate {
  if (typeof operand !== "string") throw new PatternError(path, `${name} needs a string.`);
  return (value) => typeof value === "string" && test(value, operand);
}

/** `*` matches any text; `\*` and `\\` match the asterisk and the backslash. */
function wildcard(operand: unknown, path: string): Predicate {
  if (typeof operand !== "string") throw new PatternError(path, "wildcard needs a string.");
  const parts = operand.match(/\\[\s\S]?|[\s\S]/g) ?? [];
  const source = parts.map((part, at) => {
    if (part === "*") {
      if (parts[at + 1] === "*")
        throw new PatternError(path, "two asterisks in a row are not allowed.");
      return "[\\s\\S]*";
    }
    if (part.startsWith("\\") && part !== "\\*" && part !== "\\\\") {
      throw new PatternError(path, "a backslash must precede an asterisk or a backslash.");
    }
    return part.slice(-1).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  const expression = new RegExp(`^${source.join("")}$`);
  return (value) => typeof value === "string" && expression.test(value);
}

function numeric(operand: unknown, path: string): Predicate {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2) {
    throw new PatternError(path, "numeric needs pairs of a comparison and a number.");
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let at = 0; at < operand.length; at += 2) {
    const [sign, limit]: unknown[] = operand.slice(at, at + 2);
    if (typeof limit !== "number")
      throw new PatternError(path, "numeric needs a number after each comparison.");
    if (sign === "=") tests.push((value) => value === limit);
    else if (sign === "<") tests.push((value) => value < limit);
    else if (sign === "<=") tests.push((value) => value <= limit);
    else if (sign === ">") tests.push((value) => value > limit);
    else if (sign === ">=") tests.push((value) => value >= limit);
    else throw new PatternError(path, `"${String(sign)}" is not a comparison.`);
  }
  return (value) => typeof value === "number" && tests.every((test) => test(value));
}

function anythingBut(operand: unknown, path: string): Predicate {
  const excluded = isObject(operand)
    ? [compileOne(operand, path)]
    : (Array.isArray(operand) ? operand : [operand]).map((one) => compileOne(one, path));
  return (value) => value !== undefined && !excluded.some((test) => test(value));
}
