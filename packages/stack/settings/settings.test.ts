import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CliError } from "@rushes/core/cli-error";
import { expect, test } from "vitest";
import { parseSettings, settingsTable } from "./index.ts";
import { settingsIn } from "./setting.ts";
import { SETTINGS } from "./table.ts";

const ROOT = join(import.meta.dirname, "../../..");

function mistakes(environment: Record<string, string>, file = ""): readonly string[] {
  try {
    parseSettings("/project", environment, file);
  } catch (error) {
    if (error instanceof CliError) return error.messages;
    throw error;
  }
  return [];
}

test("has a default for every setting, and a data folder below the project", () => {
  expect(parseSettings("/project", {})).toMatchObject({
    dataDir: "/project/.rushes",
    ports: {},
    email: "you@example.com",
    ffmpegPath: "ffmpeg",
    ffprobePath: "ffprobe",
  });
});

test("prefers the environment to rushes.env, which may contain comments and quotes", () => {
  const file = [
    "# a comment",
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
  [{ RUSHES_PORT: "80" }, 'RUSHES_PORT is "80". Set it to a port from 1024 to 65535.'],
  [{ RUSHES_PORT: "" }, 'RUSHES_PORT is "". Set it to a port from 1024 to 65535.'],
  [
    { RUSHES_EMAIL: "me" },
    'RUSHES_EMAIL is "me". Set it to an email address such as you@example.com.',
  ],
  [
    { RUSHES_ENCODER_CONCURRENCY: "1.5" },
    'RUSHES_ENCODER_CONCURRENCY is "1.5". Set it to a whole number from 1 to 64.',
  ],
  [
    { RUSHES_PROFILE: "tv" },
    'RUSHES_PROFILE is "tv". Set it to one of: web, original, hls, audio.',
  ],
  [
    { RUSHES_IMPORT_OWNERS: '{"prefixes":{"ann/":1}}' },
    "RUSHES_IMPORT_OWNERS is not valid: prefixes.ann/: Invalid input: expected string, received number. See docs/footage.md.",
  ],
  [
    { RUSHES_PROFILES: '{"tv":{"summary":"TV.","hls":1}}' },
    "RUSHES_PROFILES is not valid: tv.hls: Invalid input: expected boolean, received number. See docs/profiles.md.",
  ],
  [
    { RUSHES_PROT: "3000" },
    "RUSHES_PROT, set in the environment, is not a setting. Did you mean RUSHES_PORT?",
  ],
  [
    { RUSHES_SOMETHING_ELSE: "1" },
    "RUSHES_SOMETHING_ELSE, set in the environment, is not a setting. See docs/settings.md for the settings that exist.",
  ],
  [
    { RUSHES_PORT: "4000", RUSHES_S3_PORT: "4000" },
    "RUSHES_S3_PORT and RUSHES_PORT are both 4000. Give each its own port.",
  ],
] as const)("reports %j with one message that says what to change", ([environment, sentence]) => {
  expect(mistakes(environment)).toEqual([sentence]);
});

test("ignores the variables of the command line in the environment", () => {
  expect(mistakes({ RUSHES_URL: "https://rushes.example.com", RUSHES_TOKEN: "rsh_1" })).toEqual([]);
});

test("reports all mistakes at once, those of rushes.env with their line", () => {
  expect(mistakes({ RUSHES_PORT: "x" }, "hello\nHOME=/root")).toEqual([
    "Line 1 of rushes.env is not a setting. Write NAME=value, or # before a comment.",
    "HOME, set in line 2 of rushes.env, is not a setting. See docs/settings.md for the settings that exist.",
    'RUSHES_PORT is "x". Set it to a port from 1024 to 65535.',
  ]);
});

test("lists exactly the existing settings in docs/settings.md", async () => {
  expect(await readFile(join(ROOT, "docs/settings.md"), "utf8")).toContain(settingsTable());
});

test("names the default of each setting as it is", () => {
  const shown = (value: unknown) => (value === false ? "no" : [value].flat().join(", "));
  const compared = [...settingsIn(SETTINGS)].flatMap(({ variable, usual, schema }) => {
    const value = schema.parse(undefined);
    const [, stated] = /^`([^`]*)`/.exec(usual) ?? [];
    return value === undefined || stated === undefined ? [] : [[variable, stated, shown(value)]];
  });
  expect(compared.length).toBeGreaterThan(15);
  expect(compared.filter(([, stated, actual]) => stated !== actual)).toEqual([]);
});

const OPEN = {
  RUSHES_PUBLIC: "yes",
  RUSHES_PUBLIC_URL: "https://video.example.com/",
  RUSHES_SECRET: "q3F0cVQx8mZr1sLkY7uWb2nEo5tGh9Xa",
};

test("needs a URL and a secret in public mode, and has defaults for the rest", () => {
  expect(parseSettings("/project", OPEN).public).toEqual({
    url: "https://video.example.com",
    host: "0.0.0.0",
    secret: OPEN.RUSHES_SECRET,
    trustedProxies: ["127.0.0.1", "::1"],
    adminGroup: "admin",
    adminEmails: [],
  });
  expect(parseSettings("/project", {}).public).toBeUndefined();
});

test.for([
  [{ RUSHES_SECRET: undefined }, /^RUSHES_SECRET is not set\. .*openssl rand/],
  [{ RUSHES_PUBLIC_URL: undefined }, /^RUSHES_PUBLIC_URL is not set\. /],
  [
    { RUSHES_PUBLIC_URL: "http://video.example.com" },
    /^RUSHES_PUBLIC_URL is "http:.*Set it to an https/,
  ],
  [
    { RUSHES_PUBLIC_URL: "https://video.example.com/app" },
    /^RUSHES_PUBLIC_URL is .*without a path/,
  ],
  [{ RUSHES_SECRET: "tiny" }, /^RUSHES_SECRET is not valid\. Set it to at least 32/],
  [{ RUSHES_SECRET: "a".repeat(64) }, /^RUSHES_SECRET is not valid\. Set it to at least 32/],
  [{ RUSHES_HOST: "example" }, /^RUSHES_HOST is "example"\. Set it to an IP address/],
  [
    { RUSHES_OIDC_ISSUER: "https://id.example.com" },
    /^RUSHES_OIDC_ISSUER is set without RUSHES_OIDC_CLIENT_ID/,
  ],
  [
    { RUSHES_OIDC_ISSUER: "https://id.example.com", RUSHES_OIDC_CLIENT_ID: "rushes" },
    /^RUSHES_OIDC_ISSUER is set without RUSHES_OIDC_CLIENT_SECRET/,
  ],
  [{ RUSHES_OIDC_CLIENT_ID: "rushes" }, /set without RUSHES_OIDC_ISSUER/],
  [{ RUSHES_OIDC_ISSUER: "http://id.example.com" }, /^RUSHES_OIDC_ISSUER is "http/],
  [{ RUSHES_TRUSTED_PROXIES: "10.0.0.0/33" }, /^RUSHES_TRUSTED_PROXIES is /],
  [{ RUSHES_ADMINS: "ann@example.com, bob" }, /^RUSHES_ADMINS is .*addresses, separated by commas/],
] as const)("rejects %o in public mode with one message", ([change, sentence]) => {
  const environment = Object.fromEntries(
    Object.entries({ ...OPEN, ...change }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  const found = mistakes(environment);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(sentence);
});

test("does not repeat the value of an invalid secret", () => {
  expect(mistakes({}, "export RUSHES_SECRET=hidden").join()).not.toContain("hidden");
  expect(mistakes({ ...OPEN, RUSHES_SECRET: "short-but-hidden" }).join()).not.toContain("hidden");
});

test("accepts http for an address of this machine", () => {
  const url = "http://127.0.0.1:3000";
  expect(parseSettings("/project", { ...OPEN, RUSHES_PUBLIC_URL: url }).public?.url).toBe(url);
});

test("rejects a host that other machines can reach without sign-in", () => {
  expect(mistakes({ RUSHES_HOST: "0.0.0.0" })).toEqual([
    'RUSHES_HOST is "0.0.0.0", which other machines can reach. Start with npm start -- --public, so that everyone must sign in, or unset it.',
  ]);
});
