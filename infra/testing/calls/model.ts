/**
 * Checks an operation's input against AWS's service models, as `models.ts` extracted them. Nothing comes from the local
 * services or from the SDK that makes the calls.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const FOLDER = join(import.meta.dirname, "models");

/** A shape of botocore's models. It refers to other shapes by name. */
export interface Shape {
  type: string;
  required?: string[];
  enum?: string[];
  min?: number;
  max?: number;
  pattern?: string;
  /** True if exactly one member may be set. */
  union?: boolean;
  members?: Record<string, string>;
  member?: string;
  key?: string;
  value?: string;
}

/** An error that an operation can return. It has no status if the service's protocol has none. */
export interface ModelError {
  name: string;
  status?: number;
}

interface Model {
  inputs: Map<string, string>;
  errors: Map<string, ModelError[]>;
  shapes: Map<string, Shape>;
}

const models = new Map<string, Model | undefined>();

function modelOf(service: string): Model | undefined {
  if (!models.has(service)) models.set(service, read(join(FOLDER, `${service}.jsonl`)));
  return models.get(service);
}

function read(path: string): Model | undefined {
  if (!existsSync(path)) return undefined;
  const model: Model = { inputs: new Map(), errors: new Map(), shapes: new Map() };
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (line === "") continue;
    // Lines that models.ts wrote: the head, an operation, or a shape.
    const one = JSON.parse(line) as {
      operation?: string;
      input: string;
      errors: ModelError[];
      shape?: string;
    } & Shape;
    if (one.operation !== undefined) {
      model.inputs.set(one.operation, one.input);
      model.errors.set(one.operation, one.errors);
    } else if (one.shape !== undefined) model.shapes.set(one.shape, one);
  }
  return model;
}

/** The errors of an operation in AWS's model. @throws for an operation without a model */
export function errorsOf(service: string, operation: string): ModelError[] {
  const errors = modelOf(service)?.errors.get(operation);
  if (!errors) throw new Error(`There is no model of ${service} ${operation}.`);
  return errors;
}

/**
 * The violations of AWS's model in this input, each with the path of the value. Empty if the input is valid. Never
 * contains the values: they may be secrets.
 */
export function violations(service: string, operation: string, input: unknown): string[] {
  const model = modelOf(service);
  const name = model?.inputs.get(operation);
  if (!model || name === undefined) {
    return [
      `there is no model of ${service} ${operation}: add it in infra/testing/calls/models.ts`,
    ];
  }
  return check(model, name, input, operation);
}

function check(model: Model, name: string, value: unknown, path: string): string[] {
  const shape = model.shapes.get(name);
  if (!shape) throw new Error(`The model lacks the shape ${name}.`);
  switch (shape.type) {
    case "structure":
      return structure(model, shape, value, path);
    case "list":
      if (!Array.isArray(value)) return [`${path} must be a list`];
      return [
        ...within(shape, value.length, path, "entries"),
        ...value.flatMap((one, at) => check(model, shape.member ?? "", one, `${path}[${at}]`)),
      ];
    case "map":
      return map(model, shape, value, path);
    case "string":
      return text(shape, value, path);
    case "blob":
      return blob(shape, value, path);
    case "boolean":
      return typeof value === "boolean" ? [] : [`${path} must be true or false`];
    case "timestamp":
      if (value instanceof Date || Number.isFinite(value)) return [];
      return [`${path} must be a time`];
    default:
      return number(shape, value, path);
  }
}

function structure(model: Model, shape: Shape, value: unknown, path: string): string[] {
  if (!isRecord(value)) return [`${path} must be a structure`];
  const given = Object.entries(value).filter(([, one]) => one !== undefined && one !== null);
  const missing = (shape.required ?? []).filter((name) => !given.some(([key]) => key === name));
  return [
    ...missing.map((name) => `${path}.${name} is required`),
    ...(shape.union && given.length !== 1
      ? [`${path} must have one member, not ${given.length}`]
      : []),
    ...given.flatMap(([name, one]) => {
      const member = shape.members?.[name];
      return member === undefined
        ? [`${path}.${name} is not known to the service`]
        : check(model, member, one, `${path}.${name}`);
    }),
  ];
}

function map(model: Model, shape: Shape, value: unknown, path: string): string[] {
  if (!isRecord(value)) return [`${path} must be a map`];
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return [
    ...within(shape, entries.length, path, "entries"),
    ...entries.flatMap(([key, one]) => [
      ...check(model, shape.key ?? "", key, `${path}{key}`),
      ...check(model, shape.value ?? "", one, `${path}{${key}}`),
    ]),
  ];
}

function text(shape: Shape, value: unknown, path: string): string[] {
  if (typeof value !== "string") return [`${path} must be a text`];
  const { enum: words, pattern } = shape;
  return [
    // Services count characters, not UTF-16 code units.
    ...within(shape, [...value].length, path, "characters"),
    ...(words && !words.includes(value)
      ? [`${path} must be one of ${words.slice(0, 8).join(", ")}`]
      : []),
    ...(pattern !== undefined && !whole(pattern).test(value)
      ? [`${path} must match ${pattern}`]
      : []),
  ];
}

const patterns = new Map<string, RegExp>();

/** The models' patterns apply to the whole string, with or without anchors. */
function whole(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known) return known;
  const made = new RegExp(`^(?:${pattern})$`, "s");
  patterns.set(pattern, made);
  return made;
}

function blob(shape: Shape, value: unknown, path: string): string[] {
  if (typeof value === "string") return within(shape, Buffer.byteLength(value), path, "bytes");
  if (value instanceof Uint8Array) return within(shape, value.length, path, "bytes");
  // The length of a stream is in another field.
  return isRecord(value) ? [] : [`${path} must be bytes`];
}

function number(shape: Shape, value: unknown, path: string): string[] {
  if (typeof value !== "number" || !Number.isFinite(value)) return [`${path} must be a number`];
  const broken = ["integer", "long"].includes(shape.type) && !Number.isSafeInteger(value);
  return [...(broken ? [`${path} must be a whole number`] : []), ...within(shape, value, path, "")];
}

function within(shape: Shape, size: number, path: string, of: string): string[] {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = shape;
  const unit = of === "" ? "" : ` ${of}`;
  if (size < min) return [`${path} must have at least ${min}${unit}, not ${size}`];
  if (size > max) return [`${path} must have at most ${max}${unit}, not ${size}`];
  return [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
