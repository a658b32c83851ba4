/**
 * The process behind `npm start`: settings, data folder, cloud, web app; then it says where they are.
 * Ends with 0 when it is asked to stop (SIGINT, SIGTERM, SIGHUP, or its parent's end), with 1 and a sentence
 * when it cannot go on. A second signal ends it at once; nothing acknowledged is lost by that. With
 * `--check` it only looks at the settings.
 */
import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { PATH } from "@rushes/aws-local/cloudfront/index";
import { createDamageLog } from "@rushes/aws-local/disk/damage";
import { openLog } from "@rushes/aws-local/process/log";
import { CliError } from "@rushes/core/cli-error";
import { wiring } from "@rushes/core/wiring";
import { startControl } from "./control.ts";
import { openData } from "./data.ts";
import { REGION, startCloud } from "./index.ts";
import { choosePorts } from "./ports.ts";
import { startFront } from "./proxy/index.ts";
import { removeRun, writeRun } from "./run.ts";
import { loadSettings } from "./settings/index.ts";
import { localSite, publicSite } from "./site.ts";
import { startWeb } from "./web/index.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** Where everything listens but the door of a home that others reach. */
const HOST = "127.0.0.1";

const stops: (() => Promise<void>)[] = [];
const asked = Promise.withResolvers<void>();
/** Ends what would keep a stop waiting. */
const stopping = new AbortController();
void asked.promise.then(() => stopping.abort());
let signals = 0;

function ask(): void {
  signals += 1;
  if (signals > 1) process.exit(0);
  asked.resolve();
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, ask);
// npm start holds a channel to us; when it vanishes, so do we.
process.on("disconnect", () => asked.resolve());

/** Resolves when everything answers; `broken` then resolves with a sentence if a part ends by itself. */
async function start(): Promise<{ broken: Promise<string> }> {
  const settings = await loadSettings(ROOT);
  const data = await openData(settings.dataDir);
  stops.push(() => data.close());
  await removeRun(data.path);
  const {
    mail,
    s3,
    media: mediaPort,
  } = await choosePorts(HOST, {
    mail: { setting: "RUSHES_MAIL_PORT", usual: 3001, fixed: settings.ports.mail },
    s3: { setting: "RUSHES_S3_PORT", usual: 3002, fixed: settings.ports.s3 },
    media: { setting: "RUSHES_MEDIA_PORT", usual: 3003, fixed: settings.ports.media },
    // These take any free port when none is set: looked at here so that one in use is a sentence.
    dynamo: { setting: "RUSHES_DYNAMO_PORT", usual: 0, fixed: settings.ports.dynamo },
    mediaconvert: {
      ...{ setting: "RUSHES_MEDIACONVERT_PORT", usual: 0, fixed: settings.ports.mediaconvert },
    },
  });
  const { web: port } = await choosePorts(settings.public?.host ?? HOST, {
    web: { setting: "RUSHES_PORT", usual: 3000, fixed: settings.ports.web },
  });
  const open = settings.public;
  const note = openLog(join(data.path, "logs"), "damage");
  const damage = createDamageLog((line) => {
    process.stderr.write(`\n  ${line}\n`);
    note(line);
  });
  const { onDamage } = damage;
  const site = open ? await publicSite(HOST, open, data, onDamage) : localSite(HOST, port, data);
  stops.push(() => site.close());
  const cloud = await startCloud({
    ...{ settings, data, site, onDamage },
    ...{ root: ROOT, host: HOST, ports: { mail, s3, media: mediaPort } },
  });
  stops.push(() => cloud.stop());
  const { credentials } = data;
  const table = { url: cloud.urls.dynamo, name: "rushes", region: REGION, credentials };
  await damage.connect(table);
  stops.push(() => damage.close());
  const web = await startWeb({
    root: ROOT,
    host: HOST,
    port: open
      ? (await choosePorts(HOST, { web: { setting: "RUSHES_PORT", usual: 0 } })).web
      : port,
    env: cloud.env,
    onLog: openLog(join(data.path, "logs"), "web"),
    signal: stopping.signal,
    onWait: (seconds) =>
      process.stdout.write(
        `  Waiting for the web app to answer (${seconds} s so far); logs/web.log in the data folder has its output.\n`,
      ),
  });
  stops.push(() => web.stop());
  if (open) {
    // Renditions are read through the CDN alone, on AWS too.
    const buckets = wiring.buckets
      .filter(({ cors }) => cors)
      .map(({ name }) => [name, cloud.s3.handler]);
    const media = cloud.media ? { [PATH.slice(1)]: cloud.media } : {};
    const front = await startFront({
      ...{ host: open.host, port, publicUrl: open.url, trustedProxies: open.trustedProxies },
      ...{ web: web.url, rooms: { ...site.rooms, ...Object.fromEntries(buckets), ...media } },
      onLog: openLog(join(data.path, "logs"), "front"),
    });
    stops.push(() => front.close());
  }
  const token = randomBytes(24).toString("base64url");
  const control = await startControl({ host: HOST, token }, cloud.runner);
  stops.push(() => control.close());
  await writeRun(data.path, {
    pid: process.pid,
    started: new Date().toISOString(),
    addresses: { dashboard: `${site.url}/`, inbox: cloud.urls.inbox },
    control: { url: control.url, token },
    env: cloud.env,
  });
  stops.push(() => removeRun(data.path));
  say(site.url, cloud.urls.inbox, data.path);
  return { broken: Promise.race([cloud.broken, web.broken]) };
}

function say(dashboard: string, inbox: string, dataDir: string): void {
  const lines = [
    "",
    "  Rushes is ready.",
    "",
    `  Dashboard  ${dashboard}/`,
    `  Inbox      ${inbox}`,
    `  Data       ${dataDir}`,
    "",
    "  Ctrl-C stops it; your videos stay.",
    "",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Last started, first stopped. A part that cannot be stopped does not keep the others. */
async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) {
    await stop().catch((error) => process.stderr.write(`While stopping: ${String(error)}\n`));
  }
}

function complain(error: unknown): void {
  if (error instanceof CliError) {
    process.stderr.write(`\n${error.messages.map((sentence) => `  ${sentence}`).join("\n")}\n\n`);
  } else {
    process.stderr.write(`\n  Rushes could not start: ${String(error)}\n\n`);
    if (error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`);
  }
}

if (process.argv.includes("--check")) {
  await loadSettings(ROOT).catch((error) => {
    complain(error);
    process.exitCode = 1;
  });
  process.exit();
}

const starting = start();
try {
  const started = await Promise.race([asked.promise, starting]);
  const sentence = started && (await Promise.race([asked.promise, started.broken]));
  if (sentence) {
    process.stderr.write(`\n  ${sentence}\n\n`);
    process.exitCode = 1;
  }
} catch (error) {
  complain(error);
  process.exitCode = 1;
}
// Asked to stop in the middle of starting: what is under way must be there before it can be stopped.
await starting.catch(() => {});
await stopAll();
process.exit();
