/**
 * Every setting of the local stack, in the shape in which the code reads them. docs/settings.md shows this table, and a
 * test compares the two.
 */
import { availableParallelism } from "node:os";
import { ENCODER_LIMITS } from "@rushes/aws-local/mediaconvert/limits";
import { SOURCE_LIMITS } from "@rushes/core/source-limits";
import * as z from "zod";
import { PUBLIC_SETTINGS } from "./public-table.ts";
import { setting, text, type VariablesOf, whole } from "./setting.ts";

const port = <const Variable extends string>(
  variable: Variable,
  usual: number | undefined,
  meaning: string,
) =>
  setting(variable, {
    usual: usual === undefined ? "any free port" : `${usual}, or a free port if that is taken`,
    meaning,
    wanted: "a port from 1024 to 65535",
    schema: whole(1024, 65_535).optional(),
  });

/** One encoder keeps two cores busy. */
const concurrency = Math.max(1, Math.floor(availableParallelism() / 2));

export const SETTINGS = {
  dataDir: setting("RUSHES_DATA_DIR", {
    usual: "`.rushes`",
    meaning: "Folder for all data: objects, tables, queues, mails, logs.",
    wanted: "a folder, absolute or relative to the project",
    schema: text.default(".rushes"),
  }),
  ports: {
    web: port("RUSHES_PORT", 3000, "Port of the dashboard."),
    mail: port("RUSHES_MAIL_PORT", 3001, "Port of the inbox and of SES."),
    s3: port("RUSHES_S3_PORT", 3002, "Port of S3, to which browsers upload."),
    media: port(
      "RUSHES_MEDIA_PORT",
      3003,
      "Port of the CDN, from which browsers play. Not used in public mode.",
    ),
    dynamo: port("RUSHES_DYNAMO_PORT", undefined, "Port of DynamoDB."),
    mediaconvert: port("RUSHES_MEDIACONVERT_PORT", undefined, "Port of MediaConvert."),
  },
  email: setting("RUSHES_EMAIL", {
    usual: "`you@example.com`",
    meaning: "Email address of the local user, who owns all videos and receives the mails.",
    wanted: "an email address such as you@example.com",
    schema: z.email().default("you@example.com"),
  }),
  maxSizeBytes: setting("RUSHES_MAX_SIZE_BYTES", {
    usual: "`107374182400` (100 GiB)",
    meaning: "Largest source that is accepted, in bytes.",
    wanted: "a whole number of bytes from 1 to 5497558138880 (5 TiB)",
    schema: whole(1, 5_497_558_138_880).default(107_374_182_400),
  }),
  maxDurationSeconds: setting("RUSHES_MAX_DURATION_SECONDS", {
    usual: "`43200` (12 hours)",
    meaning: "Longest source that is accepted, in seconds.",
    wanted: "a whole number of seconds from 1 to 172800 (two days)",
    schema: whole(1, 172_800).default(43_200),
  }),
  /** What a source may require of an encoder. */
  sourceLimits: {
    maxFramePixels: setting("RUSHES_MAX_FRAME_PIXELS", {
      usual: "`35389440` (8192×4320)",
      meaning: "Maximum pixels per frame of a source.",
      wanted: "a whole number from 1 to 1000000000",
      schema: whole(1, 1_000_000_000).default(SOURCE_LIMITS.maxFramePixels),
    }),
    maxJobFrames: setting("RUSHES_MAX_JOB_FRAMES", {
      usual: "`20000000`",
      meaning: "Maximum frames that a job may encode, summed over its renditions.",
      wanted: "a whole number from 1 to 1000000000000",
      schema: whole(1, 1_000_000_000_000).default(SOURCE_LIMITS.maxJobFrames),
    }),
    minBytesPerSecond: setting("RUSHES_MIN_BYTES_PER_SECOND", {
      usual: "`10`",
      meaning:
        "Minimum bytes per second of a source longer than an hour. A source with less claims a false duration. `0` means no limit.",
      wanted: "a whole number from 0 to 1000000",
      schema: whole(0, 1_000_000).default(SOURCE_LIMITS.minBytesPerSecond),
    }),
  },
  uploadExpiresSeconds: setting("RUSHES_UPLOAD_EXPIRES_SECONDS", {
    usual: "`604800` (seven days)",
    meaning: "Seconds after which an unfinished upload expires.",
    wanted: "a whole number of seconds from 60 to 604800 (seven days)",
    schema: whole(60, 604_800).default(604_800),
  }),
  maxOpenUploads: setting("RUSHES_MAX_OPEN_UPLOADS", {
    usual: "`1000`",
    meaning: "Maximum open uploads per owner.",
    wanted: "a whole number from 1 to 100000",
    schema: whole(1, 100_000).default(1000),
  }),
  maxOwnerBytes: setting("RUSHES_MAX_OWNER_BYTES", {
    usual: "`0` (no limit)",
    meaning: "Maximum bytes of sources, captions and chosen posters per owner.",
    wanted: "a whole number of bytes, or 0 for no limit",
    schema: whole(0, 999_999_999_999_999).default(0),
  }),
  profile: setting("RUSHES_PROFILE", {
    usual: "`web`",
    meaning:
      "What is made of a source for which nobody chooses a profile: `web`, `original`, `hls`, `audio`, or one of your own. See [profiles.md](profiles.md).",
    wanted: "the name of a profile",
    schema: text.default("web"),
  }),
  profiles: setting("RUSHES_PROFILES", {
    usual: "`{}`",
    meaning: "Profiles of your own, as JSON. See [profiles.md](profiles.md#your-own-profiles).",
    wanted: "a JSON object",
    schema: text.default("{}"),
  }),
  /** Which objects of other tools become jobs. */
  imports: {
    importPrefixes: setting("RUSHES_IMPORT_PREFIXES", {
      usual: "every key",
      meaning:
        "Only objects whose key begins with one of these, such as `masters/,dailies/`, become jobs if another tool puts them into the uploads bucket. See [footage.md](footage.md#what-becomes-a-job).",
      wanted: "beginnings of keys, separated by commas",
      schema: z.string().default(""),
    }),
    importSuffixes: setting("RUSHES_IMPORT_SUFFIXES", {
      usual: "every key",
      meaning: "The same for the ends of keys, such as `.mov,.mxf`, in lower or upper case.",
      wanted: "ends of keys, separated by commas",
      schema: z.string().default(""),
    }),
    importOwners: setting("RUSHES_IMPORT_OWNERS", {
      usual: "`{}`",
      meaning:
        "Who owns what other tools put into the uploads bucket, as JSON. See [footage.md](footage.md#owners).",
      wanted: "a JSON object",
      schema: text.default("{}"),
    }),
  },
  encoderConcurrency: setting("RUSHES_ENCODER_CONCURRENCY", {
    usual: "half of the cores, at least 1",
    meaning: "How many jobs are encoded at the same time. The others wait.",
    wanted: "a whole number from 1 to 64",
    schema: whole(1, 64).default(concurrency),
  }),
  /** What one encode may use. */
  encoderLimits: {
    memoryBytes: setting("RUSHES_ENCODER_MEMORY_BYTES", {
      usual: "`4294967296` (4 GiB)",
      meaning: "Memory that one encode may use. An encode that uses more is stopped.",
      wanted: "a whole number of bytes from 67108864 (64 MiB) to 1099511627776 (1 TiB)",
      schema: whole(67_108_864, 1_099_511_627_776).default(ENCODER_LIMITS.memoryBytes),
    }),
    outputBytes: setting("RUSHES_ENCODER_OUTPUT_BYTES", {
      usual: "`200000000000` (200 GB)",
      meaning: "Maximum total size of one job's renditions, in bytes.",
      wanted: "a whole number of bytes from 1 to 5497558138880 (5 TiB)",
      schema: whole(1, 5_497_558_138_880).default(ENCODER_LIMITS.outputBytes),
    }),
    timeFactor: setting("RUSHES_ENCODER_TIME_FACTOR", {
      usual: "`30`",
      meaning:
        "An encode is stopped after 15 minutes plus this factor times the duration that it has encoded.",
      wanted: "a whole number from 1 to 10000",
      schema: whole(1, 10_000).default(ENCODER_LIMITS.timeFactor),
    }),
  },
  ffmpegPath: setting("FFMPEG_PATH", {
    usual: "`ffmpeg` on the PATH",
    meaning: "The ffmpeg program to use.",
    wanted: "the path of a program",
    schema: text.default("ffmpeg"),
  }),
  ffprobePath: setting("FFPROBE_PATH", {
    usual: "the one in the folder of `FFMPEG_PATH`, or `ffprobe` on the PATH",
    meaning: "The ffprobe program to use.",
    wanted: "the path of a program",
    schema: text.optional(),
  }),
  public: PUBLIC_SETTINGS,
};

export type SettingName = VariablesOf<typeof SETTINGS>;
