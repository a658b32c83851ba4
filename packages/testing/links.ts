/**
 * The links of pure tests, as `sst` reads them from the environment. Each worker runs many test files in one process,
 * so all of them share these.
 */
import { generateKeyPairSync } from "node:crypto";

// A worker evaluates this before each of its files.
process.env.SST_RESOURCES_JSON ??= JSON.stringify({
  App: { name: "rushes", stage: "test" },
  Table: { name: "t" },
  Uploads: { name: "u" },
  Renditions: { name: "r" },
  Email: { sender: "rushes@example.com" },
  Transcode: { roleArn: "r", queueArn: "q" },
  Settings: {
    defaultOwnerId: "local",
    defaultOwnerEmail: "you@example.com",
    siteUrl: "https://rushes.example",
    maxSizeBytes: 1,
    maxDurationSeconds: 1,
    uploadExpiresSeconds: 1,
    maxOpenUploads: 1,
    maxOwnerBytes: 0,
  },
  SignIn: { required: false },
  Secret: { value: "-".repeat(32) },
  Media: {
    url: "https://video.example.com/media",
    keyPairId: "K123",
    privateKey: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
      format: "pem",
      type: "pkcs8",
    }),
  },
  Release: { version: "1.2.3", commit: "unknown", time: "2026-01-01T00:00:00.000Z" },
});
