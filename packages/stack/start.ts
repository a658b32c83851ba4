/** Starts everything that `npm start` runs, in order. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { MEDIA_PATH } from "@rushes/aws-local/cloudfront/index";
import { createDamageLog } from "@rushes/aws-local/process/damage";
import { openLog } from "@rushes/aws-local/process/log";
import { REGION } from "@rushes/aws-local/wire/account";
import { wiring } from "@rushes/core/wiring";
import { startControl } from "./control.ts";
import { type DataFolder, openData } from "./data.ts";
import { localOrigin, type Origin, publicOrigin } from "./origin.ts";
import { choosePorts } from "./ports.ts";
import { startProxy } from "./proxy/index.ts";
import { removeRun, writeRun } from "./run.ts";
import { type Services, startServices } from "./services.ts";
import { loadSettings, type Settings } from "./settings/index.ts";
import type { PublicSettings } from "./settings/public.ts";
import type { Shutdown } from "./shutdown.ts";
import { startWeb } from "./web/index.ts";

/** Everything binds to it, except for the reverse proxy. */
const HOST = "127.0.0.1";

/** Resolves when everything answers. `failed` then resolves with a message if a part ends unexpectedly. */
export async function startStack(
  root: string,
  shutdown: Shutdown,
  signal: AbortSignal,
): Promise<{ failed: Promise<string> }> {
  const settings = await loadSettings(root);
  const data = await shutdown.keep(openData(settings.dataDir));
  await removeRun(data.path);
  const ports = await portsOf(settings);
  const damage = openDamageLog(data);
  for (const message of data.damage) damage.onDamage(message);
  const origin = await shutdown.keep(originOf(settings, data, ports.web, damage.onDamage));
  const services = await startServices({
    settings,
    data,
    origin,
    root,
    host: HOST,
    ports,
    onDamage: damage.onDamage,
  });
  shutdown.add(() => services.stop());
  const { credentials } = data;
  await damage.connect({ url: services.urls.dynamo, name: "rushes", region: REGION, credentials });
  shutdown.add(() => damage.close());
  const web = await startWeb({
    root,
    host: HOST,
    port: settings.public ? await freePort() : ports.web,
    env: services.env,
    onLog: logOf(data, "web"),
    signal,
    onWait: printWait,
  });
  shutdown.add(() => web.stop());
  if (settings.public) {
    await shutdown.keep(
      startPublicProxy(settings.public, { port: ports.web, web: web.url, origin, services, data }),
    );
  }
  await publishRun(data, services, origin, shutdown);
  printReady(origin.url, services.urls.inbox, data.path);
  return { failed: Promise.race([services.failed, web.failed]) };
}

async function portsOf({ ports, public: open }: Settings) {
  const inner = await choosePorts(HOST, {
    mail: { setting: "RUSHES_MAIL_PORT", usual: 3001, fixed: ports.mail },
    s3: { setting: "RUSHES_S3_PORT", usual: 3002, fixed: ports.s3 },
    media: { setting: "RUSHES_MEDIA_PORT", usual: 3003, fixed: ports.media },
    // These use any free port if none is set. They are here so that a port in use is reported.
    dynamo: { setting: "RUSHES_DYNAMO_PORT", usual: 0, fixed: ports.dynamo },
    mediaconvert: {
      setting: "RUSHES_MEDIACONVERT_PORT",
      usual: 0,
      fixed: ports.mediaconvert,
    },
  });
  const outer = await choosePorts(open?.host ?? HOST, {
    web: { setting: "RUSHES_PORT", usual: 3000, fixed: ports.web },
  });
  return { ...inner, ...outer };
}

async function freePort(): Promise<number> {
  const { web } = await choosePorts(HOST, { web: { setting: "RUSHES_PORT", usual: 0 } });
  return web;
}

function openDamageLog(data: DataFolder) {
  const onLog = logOf(data, "damage");
  return createDamageLog((line) => {
    process.stderr.write(`\n  ${line}\n`);
    onLog(line);
  });
}

const originOf = async (
  settings: Settings,
  data: DataFolder,
  port: number,
  onDamage: (message: string) => void,
): Promise<Origin> =>
  settings.public
    ? publicOrigin(HOST, settings.public, data, onDamage)
    : localOrigin(HOST, port, data);

function startPublicProxy(
  { host, url, trustedProxies }: PublicSettings,
  parts: { port: number; web: string; origin: Origin; services: Services; data: DataFolder },
) {
  const { port, web, origin, services, data } = parts;
  const routes = { ...origin.routes };
  // Browsers read renditions through the CDN only, as on AWS: that bucket has no CORS rule and no route.
  for (const { name, cors } of wiring.buckets) if (cors) routes[name] = services.s3.handler;
  if (services.media) routes[MEDIA_PATH.slice(1)] = services.media;
  return startProxy({
    host,
    port,
    publicUrl: url,
    trustedProxies,
    routes,
    web,
    onLog: logOf(data, "front"),
  });
}

/** Lets commands in other terminals find and control this stack. */
async function publishRun(
  data: DataFolder,
  { runner, urls, env }: Services,
  origin: Origin,
  shutdown: Shutdown,
): Promise<void> {
  const token = randomBytes(24).toString("base64url");
  const control = await shutdown.keep(startControl({ host: HOST, token }, runner));
  await writeRun(data.path, {
    pid: process.pid,
    started: new Date().toISOString(),
    addresses: { dashboard: `${origin.url}/`, inbox: urls.inbox },
    control: { url: control.url, token },
    env,
  });
  shutdown.add(() => removeRun(data.path));
}

const logOf = (data: DataFolder, name: string) => openLog(join(data.path, "logs"), name);

const printWait = (seconds: number) =>
  process.stdout.write(
    `  Waiting for the web app to answer (${seconds} s so far). Its output is in logs/web.log in the data folder.\n`,
  );

function printReady(dashboard: string, inbox: string, dataDir: string): void {
  const lines = [
    "",
    "  Rushes is ready.",
    "",
    `  Dashboard  ${dashboard}/`,
    `  Inbox      ${inbox}`,
    `  Data       ${dataDir}`,
    "",
    "  Press Ctrl-C to stop. Your videos stay.",
    "",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
