import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startHome } from "@rushes/testing/process";
import { LIMIT_BYTES, makeFilms } from "./films.ts";
import { leaks } from "./leaks.ts";

/** Makes the films and starts one home for all tests; what the workers need travels by environment. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const films = await mkdtemp(join(tmpdir(), "rushes-films-"));
  const [home] = await Promise.all([
    startHome({
      RUSHES_EMAIL: "editor@example.com",
      RUSHES_MAX_SIZE_BYTES: String(LIMIT_BYTES),
    }),
    makeFilms(films),
  ]);
  process.env.RUSHES_E2E_DASHBOARD = home.dashboard;
  process.env.RUSHES_E2E_INBOX = home.inbox;
  process.env.RUSHES_E2E_DATA = home.dataDir;
  process.env.RUSHES_E2E_FILMS = films;
  return async () => {
    const found = leaks(await home.logs(), {
      "the secret key": home.env.AWS_SECRET_ACCESS_KEY ?? "",
    });
    await home.stop();
    await rm(films, { recursive: true, force: true });
    if (found.length > 0) throw new Error(`Secrets are in the logs:\n${found.join("\n")}`);
  };
}
