/** Profiles that the settings define, as JSON: `{"name": {"summary": "…", "downloads": ["720p"]}}`. */
import * as z from "zod";
import { DEFAULTS, DOWNLOADS, PROFILES, type Profile } from "./profile.ts";

const Definition = z
  .strictObject({
    summary: z.string().trim().min(1).max(300),
    hls: z.boolean().default(DEFAULTS.hls),
    downloads: z
      .array(z.enum(DOWNLOADS))
      .refine((labels) => new Set(labels).size === labels.length, "must not repeat a file")
      .default([]),
    usesPresets: z.boolean().default(DEFAULTS.usesPresets),
    storyboard: z.boolean().default(DEFAULTS.storyboard),
    captions: z.boolean().default(DEFAULTS.captions),
    maxShortSide: z.int().min(144).max(DEFAULTS.maxShortSide).default(DEFAULTS.maxShortSide),
    maxFrameRate: z.int().min(1).max(DEFAULTS.maxFrameRate).default(DEFAULTS.maxFrameRate),
    quality: z.int().min(1).max(10).default(DEFAULTS.quality),
  })
  .refine(({ hls, downloads }) => hls || downloads.length > 0, {
    path: ["downloads"],
    message: "must name a file, because hls is false",
  });

const Definitions = z.record(
  z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, "must be 1 to 32 small letters, digits and hyphens")
    .refine(
      (name) => !Object.hasOwn(PROFILES, name),
      "is a profile of Rushes: choose another name",
    ),
  Definition,
);

export interface Defined {
  profiles: Profile[];
  /** What is wrong, each with the path of the value, such as `preview.quality: …`. */
  mistakes: string[];
}

/** Reads the JSON of the setting. With a mistake, there are no profiles. */
export function definedProfiles(json: string): Defined {
  const parsed = parse(json);
  if (parsed === undefined) return { profiles: [], mistakes: ["it is not JSON"] };
  const result = Definitions.safeParse(parsed);
  if (!result.success) return { profiles: [], mistakes: result.error.issues.flatMap(mistakesOf) };
  const profiles = Object.entries(result.data).map(([name, definition]) => ({
    ...DEFAULTS,
    ...definition,
    name,
  }));
  return { profiles, mistakes: [] };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Zod reports what is wrong with a key inside the issue of that key. */
function mistakesOf(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.join(".");
  const messages =
    issue.code === "invalid_key" ? issue.issues.map(({ message }) => message) : [issue.message];
  return messages.map((message) => (path === "" ? message : `${path}: ${message}`));
}

/** A sentence for each mistake in `RUSHES_PROFILE` and `RUSHES_PROFILES`. */
export function profileMistakes(name: string, json: string): string[] {
  const { profiles, mistakes } = definedProfiles(json);
  if (mistakes.length > 0) {
    return mistakes.map(
      (mistake) => `RUSHES_PROFILES is not valid: ${mistake}. See docs/profiles.md.`,
    );
  }
  const names = [...Object.keys(PROFILES), ...profiles.map((profile) => profile.name)];
  if (names.includes(name)) return [];
  return [`RUSHES_PROFILE is "${name}". Set it to one of: ${names.join(", ")}.`];
}
