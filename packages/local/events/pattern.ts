/**
 * Event patterns, as EventBridge rules and Lambda's event filters write them.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */

export type Pattern = Record<string, unknown>;
type Test = (value: unknown) => boolean;

/** A pattern that we cannot follow to the letter: refused at start rather than matched wrongly. */
export class PatternError extends Error {
  constructor(path: string, message: string) {
    super(`Event pattern, at ${path || "the top"}: ${message}`);
    this.name = "PatternError";
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Turns a pattern into a test. Throws a PatternError on what it does not know. */
export function compile(pattern: Pattern, path = ""): Test {
  const tests: Test[] = Object.entries(pattern).map(([key, rule]) => {
    const at = path ? `${path}.${key}` : key;
    if (key === "$or") return anyOf(rule, path);
    if (Array.isArray(rule)) {
      const leaf = compileLeaf(rule, at);
      return (value) => leaf(isObject(value) ? value[key] : undefined);
    }
    if (!isObject(rule)) throw new PatternError(at, "a value must stand in a list.");
    const inner = compile(rule, at);
    return (value) => inner(isObject(value) ? value[key] : undefined);
  });
  if (tests.length === 0) throw new PatternError(path, "it is empty.");
  return (value) => tests.every((test) => test(value));
}

function anyOf(rule: unknown, path: string): Test {
  if (!Array.isArray(rule) || !rule.every(isObject)) {
    throw new PatternError(`${path}.$or`, "it must be a list of patterns.");
  }
  const tests = rule.map((one) => compile(one, path));
  return (value) => tests.some((test) => test(value));
}

function compileLeaf(rule: unknown[], path: string): Test {
  if (rule.length === 0) throw new PatternError(path, "the list is empty.");
  const tests = rule.map((one) => compileOne(one, path));
  // A list in the event matches if any of its members does; an empty list is as if absent.
  return (value) => {
    const values: unknown[] = Array.isArray(value) ? (value.length ? value : [undefined]) : [value];
    return values.some((one) => tests.some((test) => test(one)));
  };
}

function compileOne(rule: unknown, path: string): Test {
  if (!isObject(rule)) {
    if (Array.isArray(rule)) throw new PatternError(path, "a list in a list.");
    return (value) => value === rule;
  }
  const [entry, ...more] = Object.entries(rule);
  if (!entry || more.length) throw new PatternError(path, "an operator stands alone.");
  return operator(entry[0], entry[1], path);
}

function operator(name: string, operand: unknown, path: string): Test {
  switch (name) {
    case "exists":
      if (typeof operand !== "boolean") throw new PatternError(path, "exists is true or false.");
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
): Test {
  if (typeof operand !== "string") throw new PatternError(path, `${name} takes a string.`);
  return (value) => typeof value === "string" && test(value, operand);
}

function wildcard(operand: unknown, path: string): Test {
  if (typeof operand !== "string") throw new PatternError(path, "wildcard takes a string.");
  if (operand.includes("**")) throw new PatternError(path, "two asterisks in a row.");
  const source = operand.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${source.join("[\\s\\S]*")}$`);
  return (value) => typeof value === "string" && expression.test(value);
}

function numeric(operand: unknown, path: string): Test {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2) {
    throw new PatternError(path, "numeric takes pairs of a comparison and a number.");
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let at = 0; at < operand.length; at += 2) {
    const [sign, limit]: unknown[] = operand.slice(at, at + 2);
    if (typeof limit !== "number") throw new PatternError(path, "numeric compares with numbers.");
    if (sign === "=") tests.push((value) => value === limit);
    else if (sign === "<") tests.push((value) => value < limit);
    else if (sign === "<=") tests.push((value) => value <= limit);
    else if (sign === ">") tests.push((value) => value > limit);
    else if (sign === ">=") tests.push((value) => value >= limit);
    else throw new PatternError(path, `"${String(sign)}" is no comparison.`);
  }
  return (value) => typeof value === "number" && tests.every((test) => test(value));
}

function anythingBut(operand: unknown, path: string): Test {
  const refused = isObject(operand)
    ? [compileOne(operand, path)]
    : (Array.isArray(operand) ? operand : [operand]).map((one) => compileOne(one, path));
  return (value) => value !== undefined && !refused.some((test) => test(value));
}
