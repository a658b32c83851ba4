#!/usr/bin/env node
/**
 * Starts Firefox for Playwright, which runs this file as if it were the browser, and passes on their messages of
 * WebDriver BiDi except for one. Playwright 1.65 needs the command `emulation.setMediaFeaturesOverride`, which
 * Firefox 153 does not have. The preferences in `playwright.config.ts` replace it. Delete this file when Firefox ESR
 * has the command.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { WebSocket, WebSocketServer } from "ws";
import { z } from "zod";

/** With the port. Playwright waits for this line. */
const LISTENING = /^WebDriver BiDi listening on (ws:\/\/\S+)$/;
const COMMAND = "emulation.setMediaFeaturesOverride";
const Command = z.object({ id: z.number() });

/** Connects Playwright to the browser at `endpoint`. */
function relay(client: WebSocket, endpoint: string): void {
  const browser = new WebSocket(endpoint);
  const opened = once(browser, "open");
  client.on("message", async (data) => {
    await opened;
    const text = String(data);
    if (!text.includes(`"method":"${COMMAND}"`)) return browser.send(text);
    const { id } = Command.parse(JSON.parse(text));
    client.send(JSON.stringify({ type: "success", id, result: {} }));
  });
  browser.on("message", (data) => client.send(String(data)));
  client.on("close", () => browser.close());
  browser.on("close", () => client.close());
}

const firefox = spawn(process.env.FIREFOX_PATH ?? "firefox-esr", process.argv.slice(2), {
  stdio: ["ignore", "inherit", "pipe"],
});
firefox.once("close", (code) => process.exit(code ?? 1));
for await (const line of createInterface({ input: firefox.stderr })) {
  const [, endpoint] = LISTENING.exec(line) ?? [];
  if (endpoint === undefined) {
    process.stderr.write(`${line}\n`);
    continue;
  }
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  server.on("connection", (client, { url }) => relay(client, `${endpoint}${url}`));
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  process.stderr.write(`WebDriver BiDi listening on ws://127.0.0.1:${address.port}\n`);
}
