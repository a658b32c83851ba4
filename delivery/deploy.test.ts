import { expect, test } from "vitest";
import { environment } from "./deploy.ts";

const now = new Date("2026-11-23T05:00:00Z");

test("gives a deployment its settings, the commit and AWS credentials, and nothing else", () => {
  const env = environment(
    {
      PATH: "/bin",
      AWS_REGION: "eu-central-1",
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/role",
      AWS_PROFILE: "somebody",
      GITHUB_TOKEN: "secret",
      NODE_OPTIONS: "--inspect",
      RUSHES_COMMIT: "abc",
      RUSHES_SETTINGS: "RUSHES_DOMAIN=video.example.com",
    },
    now,
  );
  expect(env).toEqual({
    NODE_ENV: "production",
    PATH: "/bin",
    AWS_REGION: "eu-central-1",
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/role",
    RUSHES_COMMIT: "abc",
    RUSHES_DOMAIN: "video.example.com",
    RUSHES_TIME: "2026-11-23T05:00:00.000Z",
  });
});

test("rejects a setting that would replace the boundary", () => {
  const machine = {
    RUSHES_PERMISSIONS_BOUNDARY: "arn:own",
    RUSHES_SETTINGS: "RUSHES_PERMISSIONS_BOUNDARY=arn:other",
  };
  expect(() => environment(machine, now)).toThrow("Line 1 of the settings is invalid");
});
