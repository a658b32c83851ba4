/** The process that crash.flow.test.ts kills: a server that tells its parent what it delivers. */

import { BUCKET, credentials } from "@rushes/testing/s3-settings";
import { start } from "./index.ts";

const [dataDir = "", mode = ""] = process.argv.slice(2);
const server = await start({
  dataDir,
  host: "127.0.0.1",
  port: 0,
  region: "us-east-1",
  credentials,
  buckets: [
    {
      name: BUCKET,
      notifications: [{ id: "created", queue: "created", events: ["s3:ObjectCreated:*"] }],
    },
  ],
  // A deaf queue never answers, so that every event is still owed when the process dies.
  deliver: (delivery) =>
    mode === "deaf"
      ? new Promise(() => {})
      : new Promise((resolve, reject) => {
          process.send?.({ delivery }, (error) => (error ? reject(error) : resolve()));
        }),
});
process.on("disconnect", () => process.exit());
process.send?.({ url: server.url });
