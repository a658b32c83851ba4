import * as z from "zod";

/** One setting: what it means, and how its text becomes a value. */
export interface Setting<Variable extends string = string, Schema extends z.ZodType = z.ZodType> {
  /** The environment variable, or the name in rushes.env. */
  variable: Variable;
  /** The value if the variable is not set, as docs/settings.md shows it. */
  usual: string;
  meaning: string;
  /** Ends the sentence "Set it to ___." */
  wanted: string;
  /** Accepts undefined, for a variable that is not set. */
  schema: Schema;
  /** Messages do not repeat the value. */
  secret?: boolean;
}

export const setting = <const Variable extends string, Schema extends z.ZodType>(
  variable: Variable,
  rest: Omit<Setting<Variable, Schema>, "variable">,
): Setting<Variable, Schema> => ({ variable, ...rest });

export const text = z.string().min(1);

export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

export const yesNo = z.enum(["yes", "no"]).transform((value) => value === "yes");

/** Values between commas. Spaces around them are ignored. */
export const listOf = <T extends z.ZodType<string, string>>(one: T) =>
  z
    .string()
    .transform((value) =>
      value
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    )
    .pipe(z.array(one));

export const isSetting = (value: object): value is Setting => "variable" in value;

/** The values of a tree of settings, in the same shape. */
export type ValuesOf<Tree> =
  Tree extends Setting<string, infer Schema>
    ? z.output<Schema>
    : { [Key in keyof Tree]: ValuesOf<Tree[Key]> };

/** The variables of a tree of settings. */
export type VariablesOf<Tree> =
  Tree extends Setting<infer Variable>
    ? Variable
    : { [Key in keyof Tree]: VariablesOf<Tree[Key]> }[keyof Tree];

/** The settings of a tree, in the order in which it declares them. */
export function* settingsIn(tree: object): Generator<Setting> {
  for (const value of Object.values(tree)) {
    if (isSetting(value)) yield value;
    else yield* settingsIn(value);
  }
}
