import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseSettings, SettingsError, settingsTable } from "./settings.ts";

const ROOT = join(import.meta.dirname, "../..");

function mistakes(environment: Record<string, string>, file = ""): readonly string[] {
  try {
    parseSettings("/project", environment, file);
  } catch (error) {
    if (error instanceof SettingsError) return error.sentences;
    throw error;
  }
  return [];
}

test("without any setting everything has a value and data lies below the project", () => {
  expect(parseSettings("/project", {})).toMatchObject({
    dataDir: "/project/.rushes",
    ports: {},
    email: "you@example.com",
    ffmpegPath: "ffmpeg",
    ffprobePath: "ffprobe",
  });
});

test("the environment wins over rushes.env, which may hold comments and quotes", () => {
  const file = [
    "# mine",
    "RUSHES_PORT=4000",
    'RUSHES_EMAIL = "file@example.com"',
    "",
    "FFMPEG_PATH='/opt/my tools/ffmpeg'",
  ].join("\r\n");
  expect(parseSettings("/project", { RUSHES_PORT: "5000" }, file)).toMatchObject({
    ports: { web: 5000 },
    email: "file@example.com",
    ffmpegPath: "/opt/my tools/ffmpeg",
    ffprobePath: "/opt/my tools/ffprobe",
  });
});

test.for([
  [{ RUSHES_PORT: "80" }, 'RUSHES_PORT is "80"; give it a port from 1024 to 65535.'],
  [{ RUSHES_PORT: "" }, 'RUSHES_PORT is ""; give it a port from 1024 to 65535.'],
  [{ RUSHES_EMAIL: "me" }, 'RUSHES_EMAIL is "me"; give it an address such as you@example.com.'],
  [
    { RUSHES_ENCODER_CONCURRENCY: "1.5" },
    'RUSHES_ENCODER_CONCURRENCY is "1.5"; give it a whole number from 1 to 64.',
  ],
  [
    { RUSHES_PROT: "3000" },
    "RUSHES_PROT, set in the environment, is no setting; did you mean RUSHES_PORT?",
  ],
  [
    { RUSHES_SOMETHING_ELSE: "1" },
    "RUSHES_SOMETHING_ELSE, set in the environment, is no setting; docs/settings.md lists those that exist.",
  ],
  [
    { RUSHES_PORT: "4000", RUSHES_S3_PORT: "4000" },
    "RUSHES_S3_PORT and RUSHES_PORT are both 4000; give each its own.",
  ],
] as const)(
  "the mistake %j is one sentence that says what to change",
  ([environment, sentence]) => {
    expect(mistakes(environment)).toEqual([sentence]);
  },
);

test("every mistake is said at once, those of rushes.env with their line", () => {
  expect(mistakes({ RUSHES_PORT: "x" }, "hello\nHOME=/root")).toEqual([
    'Line 1 of rushes.env is "hello"; write NAME=value, or # before a comment.',
    "HOME, set in line 2 of rushes.env, is no setting; docs/settings.md lists those that exist.",
    'RUSHES_PORT is "x"; give it a port from 1024 to 65535.',
  ]);
});

test("docs/settings.md shows exactly the settings that exist", async () => {
  expect(await readFile(join(ROOT, "docs/settings.md"), "utf8")).toContain(settingsTable());
});
