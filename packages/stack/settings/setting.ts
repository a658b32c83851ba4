import * as z from "zod";

/** One setting: what it means to a person, and how its text becomes a value. */
export interface Setting<T> {
  /** What it is when nobody sets it, as docs/settings.md says it. */
  usual: string;
  meaning: string;
  /** Ends the sentence "…; give it ___." */
  wanted: string;
  schema: z.ZodType<T, string>;
  fallback: T;
  /** A mistake does not repeat what was given. */
  secret?: boolean;
}

export const setting = <T>(value: Setting<T>) => value;

export const text = z.string().min(1);

export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

export const yesNo = z.enum(["yes", "no"]).transform((value) => value === "yes");

/** Values between commas; spaces around them do not count. */
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
