/**
 * Loaded before Next's standalone server, which makes its HTTP server by itself and takes no options for it:
 * slow headers end, TRACE is refused (Next answers 500, for its Request knows no such method), and the rest of a
 * body that a route refused is read, so that the next request on the connection is answered.
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
