import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { OWNER } from "@rushes/testing/owner";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openData } from "./data.ts";
import { localOrigin } from "./origin.ts";
import { choosePorts } from "./ports.ts";
import { type Services, startServices } from "./services.ts";
import { parseSettings, type SettingName } from "./settings/index.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const HOST = "127.0.0.1";
let folder: string;
let cloud: Services;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-feedback-"));
  const settings = parseSettings(ROOT, { RUSHES_DATA_DIR: join(folder, "data") });
  const data = await openData(settings.dataDir);
  const any = (setting: SettingName, usual: number) => ({
    ...{ setting, usual, fixed: undefined },
  });
  const ports = await choosePorts(HOST, {
    web: any("RUSHES_PORT", 3000),
    mail: any("RUSHES_MAIL_PORT", 3001),
    s3: any("RUSHES_S3_PORT", 3002),
    media: any("RUSHES_MEDIA_PORT", 3003),
  });
  const origin = localOrigin(HOST, ports.web, data);
  cloud = await startServices({ settings, data, origin, root: ROOT, host: HOST, ports });
  Object.assign(process.env, cloud.env);
}, 60_000);
afterAll(async () => {
  await cloud.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A job that has ended and whose mail is due, and the steps of its timeline. */
async function ended(ownerEmail: string) {
  const [table, rows, job, actor] = await Promise.all([
    import("../core/table/index.ts"),
    import("@rushes/testing/rows"),
    import("../core/job/index.ts"),
    import("../core/actor.ts"),
  ]);
  const row = { ...rows.jobRow(), ownerEmail };
  const notice = {
    ...table.key.notice(row.id, 1),
    ...{ jobId: row.id, attempt: 1, state: "due", tries: 0, outcome: "complete" },
    ...table.index.due("notice", row.id, new Date(0).toISOString()),
  };
  await rows.fill([row, notice]);
  return async () => {
    const { events } = await actor.withActor(OWNER, () => job.details(row.id));
    return events.map(({ type }) => type);
  };
}

test("a mail that was sent tells the video's timeline by itself what became of it", async () => {
  const [good, bad] = [
    await ended("you@example.com"),
    await ended("bounce@simulator.amazonses.com"),
  ];
  await cloud.runner.invoke("reconcile", {});
  await vi.waitFor(
    async () => {
      expect(await good()).toEqual(["mail.sent", "mail.delivered"]);
      expect(await bad()).toEqual(["mail.sent", "mail.bounced"]);
    },
    { timeout: 30_000, interval: 50 },
  );
}, 60_000);
