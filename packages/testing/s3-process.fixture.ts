/** The process that s3-process.ts starts and kills: a server that sends its parent each event that it delivers. */
import { start } from "@rushes/aws-local/s3/index";
import type { Started } from "./s3-process.ts";

const { port = 0, keepsEvents, ...options }: Started = JSON.parse(process.argv[2] ?? "");
const server = await start({
  ...options,
  host: "127.0.0.1",
  port,
  region: "us-east-1",
  // If no event is ever accepted, all of them are pending when the process is killed.
  deliver: (delivery) =>
    keepsEvents
      ? new Promise(() => {})
      : new Promise((resolve, reject) => {
          process.send?.({ delivery }, (error) => (error ? reject(error) : resolve()));
        }),
});
process.on("disconnect", () => process.exit());
process.send?.({ url: server.url });
