#!/usr/bin/env node
/**
 * Starts Firefox for Playwright, which runs this file as if it were the browser, and passes on their messages of WebDriver
 * BiDi except for one. Playwright 1.65 stops if a browser does not have the command `emulation.setMediaFeaturesOverride`,
 * which Firefox 153 does not have. This program sets Firefox's own preference instead. Delete it when Firefox ESR has the
 * command.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { WebSocket, WebSocketServer } from "ws";
import { z } from "zod";

/** With the port. Playwright waits for this line. */
const LISTENING = /^WebDriver BiDi listening on (ws:\/\/\S+)$/;
/** The preference is for all tabs, which suffices for tests that run one after the other. */
const SCHEME = "layout.css.prefers-color-scheme.content-override";
const SCHEMES = { dark: 0, light: 1, system: 2 };
/** The ids of this program's own commands start here. Playwright counts from 1. */
const FIRST_ID = 1e9;

const COMMAND = "emulation.setMediaFeaturesOverride";
const Override = z.object({
  id: z.number(),
  params: z.object({
    features: z.object({ "prefers-color-scheme": z.enum(["light", "dark"]).nullish() }),
  }),
});
const Response = z.looseObject({ id: z.number(), type: z.enum(["success", "error"]) });
const Tree = z.object({
  result: z.object({ contexts: z.tuple([z.object({ context: z.string() })]).rest(z.unknown()) }),
});

/** Connects Playwright to the browser at `endpoint`. */
function relay(client: WebSocket, endpoint: string): void {
  const browser = new WebSocket(endpoint);
  const opened = once(browser, "open");
  const pending = new Map<number, (response: object) => void>();
  let lastId = FIRST_ID;
  const ask = (method: string, params: object) => {
    lastId += 1;
    const response = new Promise<object>((done) => pending.set(lastId, done));
    browser.send(JSON.stringify({ id: lastId, method, params }));
    return response;
  };
  const setScheme = async (scheme: keyof typeof SCHEMES) => {
    const windows = await ask("browsingContext.getTree", { "moz:scope": "chrome" });
    const [{ context }] = Tree.parse(windows).result.contexts;
    const expression = `Services.prefs.setIntPref("${SCHEME}", ${SCHEMES[scheme]})`;
    return ask("script.evaluate", { expression, target: { context }, awaitPromise: false });
  };

  client.on("message", async (data) => {
    await opened;
    const text = String(data);
    if (!text.includes(`"method":"${COMMAND}"`)) return browser.send(text);
    const { id, params } = Override.parse(JSON.parse(text));
    const scheme = params.features["prefers-color-scheme"] ?? "system";
    client.send(JSON.stringify({ ...(await setScheme(scheme)), id }));
  });
  browser.on("message", (data) => {
    const text = String(data);
    if (pending.size === 0) return client.send(text);
    const response = Response.safeParse(JSON.parse(text));
    const done = response.success ? pending.get(response.data.id) : undefined;
    if (!response.success || !done) return client.send(text);
    pending.delete(response.data.id);
    done(response.data);
  });
  client.on("close", () => browser.close());
  browser.on("close", () => client.close());
}

const args = [...process.argv.slice(2), "--remote-allow-system-access"];
const firefox = spawn(process.env.FIREFOX_PATH ?? "firefox-esr", args, {
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
