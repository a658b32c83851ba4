/** The local AWS services with all of their wiring, in this process and without the web app. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openData } from "@rushes/stack/data";
import { localOrigin } from "@rushes/stack/origin";
import { type Services, startServices } from "@rushes/stack/services";
import { parseSettings, type Settings } from "@rushes/stack/settings/index";
import { freePort } from "./ports.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const HOST = "127.0.0.1";

/** Starts the services on a fresh data folder, and points the environment of this process at them. */
export async function startWiredServices(changes: Partial<Settings> = {}): Promise<Services> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-services-"));
  const settings = {
    ...parseSettings(ROOT, { RUSHES_DATA_DIR: join(folder, "data") }),
    ...changes,
  };
  const data = await openData(settings.dataDir);
  const [web, mail, s3, media] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const origin = localOrigin(HOST, web, data);
  const ports = { mail, s3, media };
  const services = await startServices({
    ...{ settings, data, origin, root: ROOT, host: HOST, ports },
    // Each takes almost a second of CPU time to start.
    workers: 1,
  });
  Object.assign(process.env, services.env);
  return {
    ...services,
    async stop() {
      await services.stop();
      await data.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
