import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnStack } from "@rushes/testing/process";
import { LIMIT_BYTES, makeClips } from "./clips.ts";
import { leaks } from "./leaks.ts";
import { writeThrottledFfmpeg } from "./throttle.ts";

/** Creates the clips and starts the four stacks without sign-in. The workers get their URLs through the environment. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const clips = await mkdtemp(join(tmpdir(), "rushes-clips-"));
  const encoder = join(clips, "encoder");
  const settings = {
    RUSHES_EMAIL: "editor@example.com",
    RUSHES_MAX_SIZE_BYTES: String(LIMIT_BYTES),
  };
  const [stack, other, player, firefox] = await Promise.all([
    spawnStack({ settings }),
    spawnStack({ settings }),
    spawnStack({ settings: { ...settings, ...(await writeThrottledFfmpeg(encoder)) } }),
    spawnStack({ settings }),
    makeClips(clips),
  ]);
  process.env.RUSHES_E2E_DASHBOARD = stack.dashboard;
  process.env.RUSHES_E2E_INBOX = stack.inbox;
  process.env.RUSHES_E2E_DATA = stack.dataDir;
  process.env.RUSHES_E2E_OTHER_DASHBOARD = other.dashboard;
  process.env.RUSHES_E2E_PLAYER_DASHBOARD = player.dashboard;
  process.env.RUSHES_E2E_FIREFOX_DASHBOARD = firefox.dashboard;
  process.env.RUSHES_E2E_ENCODER = player.env.AWS_ENDPOINT_URL_MEDIACONVERT;
  process.env.RUSHES_E2E_FILMS = clips;
  process.env.RUSHES_E2E_THROTTLE = encoder;
  return async () => {
    const found: string[] = [];
    for (const { logs, env, stop } of [stack, other, player, firefox]) {
      found.push(...leaks(await logs(), { "the secret key": env.AWS_SECRET_ACCESS_KEY ?? "" }));
      await stop();
    }
    await rm(clips, { recursive: true, force: true });
    if (found.length > 0) throw new Error(`Secrets are in the logs:\n${found.join("\n")}`);
  };
}
