/**
 * Loaded before Next's standalone server, which creates its HTTP server itself and has no options for it. It limits the
 * time for headers, rejects methods and targets to which Next responds 500, and reads the rest of a body that a route
 * rejected, so that the next request on the connection gets a response. A request for another protocol gets the response
 * of a plain request: Next would keep some of those connections open without any response. It also serves the build's
 * static files, and keeps the compiled code for the next start.
 */
import http from "node:http";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { guard, headerLimits } from "@rushes/aws-local/wire/http-server";
import { withStaticFiles } from "./static-files.ts";

const { createServer } = http;
const STATIC = join(process.cwd(), ".next/static");
http.createServer = ((...given: Parameters<typeof createServer>) => {
  const listener = given.find((one) => typeof one === "function");
  const options = given.find((one) => typeof one === "object");
  const server = createServer({
    ...options,
    ...headerLimits(),
    shouldUpgradeCallback: () => false,
  });
  // Node writes its compile cache at exit, but this process is killed. At the first response, the app is loaded.
  server.once("request", (_, response) => response.once("finish", () => flushCompileCache()));
  return listener ? server.on("request", guard(withStaticFiles(STATIC, listener), "any")) : server;
}) as typeof createServer;
