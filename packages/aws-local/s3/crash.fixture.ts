/** The process that crash.flow.test.ts kills: a server that sends its parent each event that it delivers. */
import { start } from "./index.ts";

const [dataDir = "", mode = "", settings = ""] = process.argv.slice(2);
const { bucket, credentials } = JSON.parse(settings);
const server = await start({
  dataDir,
  host: "127.0.0.1",
  port: 0,
  region: "us-east-1",
  credentials,
  buckets: [
    {
      name: bucket,
      notifications: [{ id: "created", queue: "created", events: ["s3:ObjectCreated:*"] }],
    },
  ],
  // A deaf queue never accepts an event, so that all of them are pending when the process dies.
  deliver: (delivery) =>
    mode === "deaf"
      ? new Promise(() => {})
      : new Promise((resolve, reject) => {
          process.send?.({ delivery }, (error) => (error ? reject(error) : resolve()));
        }),
});
process.on("disconnect", () => process.exit());
process.send?.({ url: server.url });
