/**
 * Loaded before Next's standalone server, which creates its HTTP server itself and has no options for it. It limits the
 * time for headers, rejects TRACE (Next responds 500, because its Request does not support it), and reads the rest of a
 * body that a route rejected, so that the next request on the connection gets a response.
 */
import http from "node:http";
import { guard, headerLimits } from "@rushes/aws-local/wire/http-server";

const { createServer } = http;
http.createServer = ((...given: Parameters<typeof createServer>) => {
  const listener = given.find((one) => typeof one === "function");
  const options = given.find((one) => typeof one === "object");
  const server = createServer({ ...options, ...headerLimits() });
  return listener ? server.on("request", guard(listener, "any")) : server;
}) as typeof createServer;
