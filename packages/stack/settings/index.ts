/**
 * Every setting of the one-machine home, in one place. A setting is an environment variable, or a line
 * `NAME=value` of the file `rushes.env` at the root; the environment wins. docs/settings.md shows this
 * list, and a test compares the two.
 */
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { ENCODER_LIMITS, type EncoderLimits } from "@rushes/aws-local/mediaconvert/limits";
import { CliError } from "@rushes/core/cli-error";
import * as z from "zod";
import { SOURCE_LIMITS, type SourceLimits } from "../../core/source/limits.ts";
import { PUBLIC_SETTINGS, type PublicSettings, publicSettings } from "./public.ts";
import { type Setting, setting, text, whole } from "./setting.ts";

const port = (usual: number | undefined, meaning: string): Setting<number | undefined> => ({
  usual: usual === undefined ? "any free port" : `${usual}, or a free port if that is taken`,
  meaning,
  wanted: "a port from 1024 to 65535",
  schema: whole(1024, 65_535),
  fallback: undefined,
});

const cores = availableParallelism();
/** One encoder keeps two cores busy. */
const concurrency = Math.max(1, Math.floor(cores / 2));

export const SETTINGS = {
  RUSHES_DATA_DIR: setting({
    usual: "`.rushes`",
    meaning: "Folder of everything that is kept: objects, tables, queues, mails, logs.",
    wanted: "a folder, absolute or below the project",
    schema: text,
    fallback: ".rushes",
  }),
  RUSHES_PORT: port(3000, "Port of the dashboard."),
  RUSHES_MAIL_PORT: port(3001, "Port of the inbox and of SES."),
  RUSHES_S3_PORT: port(3002, "Port of S3; the browser sends its bytes there."),
  RUSHES_MEDIA_PORT: port(
    3003,
    "Port of the CDN, from which the browser plays; the dashboard's own when public.",
  ),
  RUSHES_DYNAMO_PORT: port(undefined, "Port of DynamoDB."),
  RUSHES_MEDIACONVERT_PORT: port(undefined, "Port of MediaConvert."),
  RUSHES_EMAIL: setting({
    usual: "`you@example.com`",
    meaning: "Address of the local user, who owns every upload and gets the mails.",
    wanted: "an address such as you@example.com",
    schema: z.email(),
    fallback: "you@example.com",
  }),
  RUSHES_MAX_SIZE_BYTES: setting({
    usual: "`107374182400` (100 GiB)",
    meaning: "Largest source that is taken, in bytes.",
    wanted: "a whole number of bytes from 1 to 5497558138880 (5 TiB)",
    schema: whole(1, 5_497_558_138_880),
    fallback: 107_374_182_400,
  }),
  RUSHES_MAX_DURATION_SECONDS: setting({
    usual: "`43200` (12 hours)",
    meaning: "Longest source that is taken, in seconds.",
    wanted: "a whole number of seconds from 1 to 172800 (two days)",
    schema: whole(1, 172_800),
    fallback: 43_200,
  }),
  RUSHES_MAX_FRAME_PIXELS: setting({
    usual: "`35389440` (8192×4320)",
    meaning: "Most pixels that a source's frames may have.",
    wanted: "a whole number from 1 to 1000000000",
    schema: whole(1, 1_000_000_000),
    fallback: SOURCE_LIMITS.maxFramePixels,
  }),
  RUSHES_MAX_JOB_FRAMES: setting({
    usual: "`20000000`",
    meaning: "Most frames that a job may encode, of all renditions together.",
    wanted: "a whole number from 1 to 1000000000000",
    schema: whole(1, 1_000_000_000_000),
    fallback: SOURCE_LIMITS.maxJobFrames,
  }),
  RUSHES_MIN_BYTES_PER_SECOND: setting({
    usual: "`10`",
    meaning:
      "Fewest bytes per second that a source of more than an hour may have; less is a few frames with a made-up length. `0` for no limit.",
    wanted: "a whole number from 0 to 1000000",
    schema: whole(0, 1_000_000),
    fallback: SOURCE_LIMITS.minBytesPerSecond,
  }),
  RUSHES_UPLOAD_EXPIRES_SECONDS: setting({
    usual: "`604800` (seven days)",
    meaning: "After so many seconds an upload that was not finished is given up.",
    wanted: "a whole number of seconds from 60 to 604800 (seven days)",
    schema: whole(60, 604_800),
    fallback: 604_800,
  }),
  RUSHES_MAX_OPEN_UPLOADS: setting({
    usual: "`1000`",
    meaning: "How many uploads of one owner may be open at once.",
    wanted: "a whole number from 1 to 100000",
    schema: whole(1, 100_000),
    fallback: 1000,
  }),
  RUSHES_MAX_OWNER_BYTES: setting({
    usual: "`0` (no limit)",
    meaning: "How many bytes of sources one owner may keep.",
    wanted: "a whole number of bytes, or 0 for no limit",
    schema: whole(0, 999_999_999_999_999),
    fallback: 0,
  }),
  RUSHES_ENCODER_CONCURRENCY: setting({
    usual: "half of the cores, at least 1",
    meaning: "How many jobs are encoded at the same time; the others wait.",
    wanted: "a whole number from 1 to 64",
    schema: whole(1, 64),
    fallback: concurrency,
  }),
  RUSHES_ENCODER_MEMORY_BYTES: setting({
    usual: "`4294967296` (4 GiB)",
    meaning: "Memory that one encode may use before it is ended.",
    wanted: "a whole number of bytes from 67108864 (64 MiB) to 1099511627776 (1 TiB)",
    schema: whole(67_108_864, 1_099_511_627_776),
    fallback: ENCODER_LIMITS.memoryBytes,
  }),
  RUSHES_ENCODER_OUTPUT_BYTES: setting({
    usual: "`200000000000` (200 GB)",
    meaning: "Bytes that the renditions of one job may have together.",
    wanted: "a whole number of bytes from 1 to 5497558138880 (5 TiB)",
    schema: whole(1, 5_497_558_138_880),
    fallback: ENCODER_LIMITS.outputBytes,
  }),
  RUSHES_ENCODER_TIME_FACTOR: setting({
    usual: "`30`",
    meaning:
      "An encode is ended after a quarter of an hour and so many times the length that it has encoded.",
    wanted: "a whole number from 1 to 10000",
    schema: whole(1, 10_000),
    fallback: ENCODER_LIMITS.timeFactor,
  }),
  FFMPEG_PATH: setting({
    usual: "`ffmpeg` of the PATH",
    meaning: "The ffmpeg program to use.",
    wanted: "the path of a program",
    schema: text,
    fallback: "ffmpeg",
  }),
  FFPROBE_PATH: setting({
    usual: "the one beside `FFMPEG_PATH`, or `ffprobe` of the PATH",
    meaning: "The ffprobe program to use.",
    wanted: "the path of a program",
    schema: text,
    fallback: "ffprobe",
  }),
  ...PUBLIC_SETTINGS,
};

export type SettingName = keyof typeof SETTINGS;

export interface Settings {
  /** Absolute. */
  dataDir: string;
  /** Ports that somebody asked for; absent ones are ours to choose. */
  ports: {
    web?: number;
    mail?: number;
    s3?: number;
    media?: number;
    dynamo?: number;
    mediaconvert?: number;
  };
  email: string;
  maxSizeBytes: number;
  maxDurationSeconds: number;
  /** What a source may ask of an encoder. */
  sourceLimits: SourceLimits;
  /** What one encode may use. */
  encoderLimits: EncoderLimits;
  uploadExpiresSeconds: number;
  maxOpenUploads: number;
  maxOwnerBytes: number;
  encoderConcurrency: number;
  ffmpegPath: string;
  ffprobePath: string;
  /** Absent for a home that only this machine reaches. */
  public?: PublicSettings;
}

type Given = Record<string, string | undefined>;

/** Variables of our own tests; they are no settings. */
const TESTS = "RUSHES_E2E_";

const isName = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name);

/**
 * Reads and checks the settings.
 *
 * @param root the project's folder; relative folders are below it.
 * @throws CliError with one sentence for each mistake.
 */
export function parseSettings(root: string, environment: Given, file = ""): Settings {
  const mistakes: string[] = [];
  const inFile = parseFile(file, mistakes);
  const names = Object.keys(environment).filter((name) => name.startsWith("RUSHES_"));
  for (const name of names) {
    if (!isName(name) && !name.startsWith(TESTS)) {
      mistakes.push(unknown(name, "the environment"));
    }
  }
  function read<T>(name: SettingName, { schema, fallback, wanted, secret }: Setting<T>): T {
    const value = environment[name] ?? inFile[name];
    if (value === undefined) return fallback;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    mistakes.push(`${name} is ${secret ? "no good" : `"${value}"`}; give it ${wanted}.`);
    return fallback;
  }
  const S = SETTINGS;
  const ffmpegPath = read("FFMPEG_PATH", S.FFMPEG_PATH);
  const settings: Settings = {
    dataDir: resolve(root, read("RUSHES_DATA_DIR", S.RUSHES_DATA_DIR)),
    ports: {
      web: read("RUSHES_PORT", S.RUSHES_PORT),
      mail: read("RUSHES_MAIL_PORT", S.RUSHES_MAIL_PORT),
      s3: read("RUSHES_S3_PORT", S.RUSHES_S3_PORT),
      media: read("RUSHES_MEDIA_PORT", S.RUSHES_MEDIA_PORT),
      dynamo: read("RUSHES_DYNAMO_PORT", S.RUSHES_DYNAMO_PORT),
      mediaconvert: read("RUSHES_MEDIACONVERT_PORT", S.RUSHES_MEDIACONVERT_PORT),
    },
    email: read("RUSHES_EMAIL", S.RUSHES_EMAIL),
    maxSizeBytes: read("RUSHES_MAX_SIZE_BYTES", S.RUSHES_MAX_SIZE_BYTES),
    maxDurationSeconds: read("RUSHES_MAX_DURATION_SECONDS", S.RUSHES_MAX_DURATION_SECONDS),
    sourceLimits: {
      maxFramePixels: read("RUSHES_MAX_FRAME_PIXELS", S.RUSHES_MAX_FRAME_PIXELS),
      maxJobFrames: read("RUSHES_MAX_JOB_FRAMES", S.RUSHES_MAX_JOB_FRAMES),
      minBytesPerSecond: read("RUSHES_MIN_BYTES_PER_SECOND", S.RUSHES_MIN_BYTES_PER_SECOND),
    },
    encoderLimits: {
      ...ENCODER_LIMITS,
      framePixels: read("RUSHES_MAX_FRAME_PIXELS", S.RUSHES_MAX_FRAME_PIXELS),
      memoryBytes: read("RUSHES_ENCODER_MEMORY_BYTES", S.RUSHES_ENCODER_MEMORY_BYTES),
      outputBytes: read("RUSHES_ENCODER_OUTPUT_BYTES", S.RUSHES_ENCODER_OUTPUT_BYTES),
      timeFactor: read("RUSHES_ENCODER_TIME_FACTOR", S.RUSHES_ENCODER_TIME_FACTOR),
    },
    uploadExpiresSeconds: read("RUSHES_UPLOAD_EXPIRES_SECONDS", S.RUSHES_UPLOAD_EXPIRES_SECONDS),
    maxOpenUploads: read("RUSHES_MAX_OPEN_UPLOADS", S.RUSHES_MAX_OPEN_UPLOADS),
    maxOwnerBytes: read("RUSHES_MAX_OWNER_BYTES", S.RUSHES_MAX_OWNER_BYTES),
    encoderConcurrency: read("RUSHES_ENCODER_CONCURRENCY", S.RUSHES_ENCODER_CONCURRENCY),
    ffmpegPath,
    ffprobePath: read("FFPROBE_PATH", {
      ...S.FFPROBE_PATH,
      fallback: isAbsolute(ffmpegPath) ? join(ffmpegPath, "../ffprobe") : "ffprobe",
    }),
  };
  const open = publicSettings(
    {
      RUSHES_PUBLIC: read("RUSHES_PUBLIC", S.RUSHES_PUBLIC),
      RUSHES_PUBLIC_URL: read("RUSHES_PUBLIC_URL", S.RUSHES_PUBLIC_URL),
      RUSHES_HOST: read("RUSHES_HOST", S.RUSHES_HOST),
      RUSHES_SECRET: read("RUSHES_SECRET", S.RUSHES_SECRET),
      RUSHES_TRUSTED_PROXIES: read("RUSHES_TRUSTED_PROXIES", S.RUSHES_TRUSTED_PROXIES),
      RUSHES_OIDC_ISSUER: read("RUSHES_OIDC_ISSUER", S.RUSHES_OIDC_ISSUER),
      RUSHES_OIDC_CLIENT_ID: read("RUSHES_OIDC_CLIENT_ID", S.RUSHES_OIDC_CLIENT_ID),
      RUSHES_OIDC_CLIENT_SECRET: read("RUSHES_OIDC_CLIENT_SECRET", S.RUSHES_OIDC_CLIENT_SECRET),
      RUSHES_OIDC_GROUPS_CLAIM: read("RUSHES_OIDC_GROUPS_CLAIM", S.RUSHES_OIDC_GROUPS_CLAIM),
      RUSHES_OIDC_TRUST_EMAIL: read("RUSHES_OIDC_TRUST_EMAIL", S.RUSHES_OIDC_TRUST_EMAIL),
      RUSHES_ADMIN_GROUP: read("RUSHES_ADMIN_GROUP", S.RUSHES_ADMIN_GROUP),
      RUSHES_ADMINS: read("RUSHES_ADMINS", S.RUSHES_ADMINS),
    },
    mistakes,
  );
  if (open) settings.public = open;
  mistakes.push(...clashes(settings.ports));
  if (mistakes.length > 0) throw new CliError(mistakes);
  return settings;
}

/** Reads `rushes.env`, if there is one, and the environment. Throws CliError. */
export async function loadSettings(
  root: string,
  environment: Given = process.env,
): Promise<Settings> {
  const file = await readFile(join(root, "rushes.env"), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw new CliError(`rushes.env cannot be read: ${error.message}.`);
    },
  );
  return parseSettings(root, environment, file);
}

function parseFile(file: string, mistakes: string[]): Partial<Record<SettingName, string>> {
  const values: Partial<Record<SettingName, string>> = {};
  for (const [at, line] of file.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const match = /^\s*([A-Za-z_]\w*)\s*=\s*(?:"([^"]*)"|'([^']*)'|(.*?))\s*$/.exec(line);
    const [, name = "", double, single, bare] = match ?? [];
    if (!match) {
      mistakes.push(
        // Without the line itself, which may hold a secret.
        `Line ${at + 1} of rushes.env is no setting; write NAME=value, or # before a comment.`,
      );
    } else if (isName(name)) values[name] = double ?? single ?? bare;
    else mistakes.push(unknown(name, `line ${at + 1} of rushes.env`));
  }
  return values;
}

function unknown(name: string, where: string): string {
  const near = Object.keys(SETTINGS).find((known) => distance(known, name) <= 3);
  const advice = near ? `did you mean ${near}?` : "docs/settings.md lists those that exist.";
  return `${name}, set in ${where}, is no setting; ${advice}`;
}

/** Edits between two words, so that a typing mistake is answered with the name that was meant. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function clashes(ports: Settings["ports"]): string[] {
  const variables: Record<keyof Settings["ports"], SettingName> = {
    web: "RUSHES_PORT",
    mail: "RUSHES_MAIL_PORT",
    s3: "RUSHES_S3_PORT",
    media: "RUSHES_MEDIA_PORT",
    dynamo: "RUSHES_DYNAMO_PORT",
    mediaconvert: "RUSHES_MEDIACONVERT_PORT",
  };
  const seen = new Map<number, SettingName>();
  const mistakes: string[] = [];
  for (const key of ["web", "mail", "s3", "media", "dynamo", "mediaconvert"] as const) {
    const value = ports[key];
    if (value === undefined) continue;
    const other = seen.get(value);
    if (other)
      mistakes.push(`${variables[key]} and ${other} are both ${value}; give each its own.`);
    seen.set(value, variables[key]);
  }
  return mistakes;
}

/** The table of docs/settings.md. */
export const settingsTable = () =>
  [
    "| setting | if it is not set | meaning |",
    "|---|---|---|",
    ...Object.entries(SETTINGS).map(
      ([name, { usual, meaning }]) => `| \`${name}\` | ${usual} | ${meaning} |`,
    ),
  ].join("\n");
