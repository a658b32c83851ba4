/**
 * The settings of the local stack. A setting is an environment variable, or a line `NAME=value` of the file
 * `rushes.env` at the root of the project. The environment takes precedence.
 */
import { readFile } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { ENCODER_LIMITS, type EncoderLimits } from "@rushes/aws-local/mediaconvert/limits";
import { CliError } from "@rushes/core/cli-error";
import { profileMistakes } from "@rushes/core/rendition/custom-profile";
import { ownersMistakes } from "@rushes/core/source/import-owners";
import { parseFile } from "./file.ts";
import { type Mistakes, type PublicSettings, publicSettings } from "./public.ts";
import { isSetting, type Setting, settingsIn, type ValuesOf } from "./setting.ts";
import { SETTINGS } from "./table.ts";
import { unknownMessage } from "./unknown.ts";

export type { SettingName } from "./table.ts";

type Values = ValuesOf<typeof SETTINGS>;

export interface Settings extends Omit<Values, "encoderLimits" | "ffprobePath" | "public"> {
  encoderLimits: EncoderLimits;
  ffprobePath: string;
  /** Undefined for a stack that only this machine can reach. */
  public?: PublicSettings;
}

type Environment = Record<string, string | undefined>;

/** Variables of the project's own tests, which are not settings. */
const TESTS = "RUSHES_E2E_";
/** Variables of the command `rushes`, in packages/cli. A stack that starts in the same shell ignores them. */
const COMMAND = new Set(["RUSHES_URL", "RUSHES_TOKEN"]);

const ALL = [...settingsIn(SETTINGS)];
const NAMES = ALL.map(({ variable }) => variable);

/**
 * @param root the project's folder, to which a relative data folder refers
 * @throws CliError with one message for each mistake
 */
export function parseSettings(root: string, environment: Environment, file = ""): Settings {
  const mistakes: Mistakes = { messages: [], invalid: new Set() };
  const inFile = parseKnown(file, mistakes);
  for (const name of Object.keys(environment).filter((one) => one.startsWith("RUSHES_"))) {
    if (!NAMES.includes(name) && !COMMAND.has(name) && !name.startsWith(TESTS)) {
      mistakes.messages.push(unknownMessage(name, "the environment", NAMES));
    }
  }
  const values = parseValues(SETTINGS, { ...inFile, ...definedIn(environment) }, mistakes);
  const { ffmpegPath, ffprobePath, sourceLimits, encoderLimits } = values;
  const open = publicSettings(values.public, mistakes);
  mistakes.messages.push(
    ...profileMistakes(values.profile, values.profiles),
    ...ownersMistakes(values.imports.importOwners),
    ...clashes(values.ports),
  );
  if (mistakes.messages.length > 0) throw new CliError(mistakes.messages);
  return {
    ...values,
    dataDir: resolve(root, values.dataDir),
    encoderLimits: {
      ...ENCODER_LIMITS,
      ...encoderLimits,
      framePixels: sourceLimits.maxFramePixels,
    },
    ffprobePath:
      ffprobePath ?? (isAbsolute(ffmpegPath) ? join(ffmpegPath, "../ffprobe") : "ffprobe"),
    public: open,
  };
}

/** Reads `rushes.env`, if it exists, and the environment. Throws CliError. */
export async function loadSettings(
  root: string,
  environment: Environment = process.env,
): Promise<Settings> {
  const file = await readFile(join(root, "rushes.env"), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw new CliError(`rushes.env cannot be read: ${error.message}.`);
    },
  );
  return parseSettings(root, environment, file);
}

function parseKnown(file: string, { messages }: Mistakes): Record<string, string> {
  const values: Record<string, string> = {};
  const onMistake = (line: number) => {
    // Without the line itself, which may contain a secret.
    messages.push(
      `Line ${line} of rushes.env is not a setting. Write NAME=value, or # before a comment.`,
    );
  };
  for (const { line, name, value } of parseFile(file, onMistake)) {
    if (NAMES.includes(name)) values[name] = value;
    else messages.push(unknownMessage(name, `line ${line} of rushes.env`, NAMES));
  }
  return values;
}

const definedIn = (environment: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

/** The value of each setting of the tree. An invalid value adds a mistake and counts as not set. */
function parseValues<Tree extends object>(
  tree: Tree,
  given: Record<string, string>,
  mistakes: Mistakes,
): ValuesOf<Tree> {
  const entries = Object.entries(tree).map(([key, value]) => [
    key,
    isSetting(value) ? parseValue(value, given, mistakes) : parseValues(value, given, mistakes),
  ]);
  // The entries have the tree's keys, and each value is what its schema returned.
  return Object.fromEntries(entries) as ValuesOf<Tree>;
}

function parseValue(
  { variable, schema, wanted, secret }: Setting,
  given: Record<string, string>,
  { messages, invalid }: Mistakes,
): unknown {
  const text = given[variable];
  const result = schema.safeParse(text);
  if (result.success) return result.data;
  messages.push(`${variable} is ${secret ? "not valid" : `"${text}"`}. Set it to ${wanted}.`);
  invalid.add(variable);
  return schema.parse(undefined);
}

/** A message for each port that two settings share. */
function clashes(ports: Values["ports"]): string[] {
  const seen = new Map<number, string>();
  const messages: string[] = [];
  for (const [key, { variable }] of Object.entries(SETTINGS.ports)) {
    const value = ports[key as keyof typeof ports];
    if (value === undefined) continue;
    const other = seen.get(value);
    if (other) messages.push(`${variable} and ${other} are both ${value}. Give each its own port.`);
    seen.set(value, variable);
  }
  return messages;
}

/** The table of docs/settings.md. */
export const settingsTable = () =>
  [
    "| setting | if it is not set | meaning |",
    "|---|---|---|",
    ...ALL.map(({ variable, usual, meaning }) => `| \`${variable}\` | ${usual} | ${meaning} |`),
  ].join("\n");
