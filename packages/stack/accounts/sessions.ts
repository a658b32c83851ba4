/** Ends the sessions and tokens of a user whose account changes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { start as startDynamo } from "@rushes/aws-local/dynamodb/index";
import { REGION } from "@rushes/aws-local/wire/account";
import type { Owner } from "@rushes/core/actor";
import { CliError } from "@rushes/core/cli-error";
import { wiring } from "@rushes/core/wiring";
import { openData } from "../data.ts";
import { environment } from "../environment.ts";
import { localOrigin } from "../origin.ts";
import { readRun } from "../run.ts";
import type { Settings } from "../settings/index.ts";

export type Ending = "sessions" | "user";

/** Ends the sessions of an account's user, or disables the user, which also ends the tokens. */
export async function endAll(settings: Settings, accountId: string, what: Ending): Promise<void> {
  const { dataDir } = settings;
  const run = await readRun(dataDir).catch((error: unknown) => {
    if (error instanceof CliError) return undefined;
    throw error;
  });
  // If Rushes never ran, nobody has signed in.
  if (!run && !existsSync(join(dataDir, "dynamo"))) return;
  const table = run ? { env: run.env, close: async () => {} } : await openTable(settings);
  try {
    // Core creates its clients at import.
    Object.assign(process.env, table.env);
    await endIn(accountId, what);
  } finally {
    await table.close();
  }
}

async function endIn(accountId: string, what: Ending): Promise<void> {
  const [Actor, { resource }, User, Session] = await Promise.all([
    import("@rushes/core/actor"),
    import("@rushes/core/resource"),
    import("@rushes/core/user/index"),
    import("@rushes/core/session/index"),
  ]);
  const { defaultOwnerId: ownerId, defaultOwnerEmail: email } = resource().Settings;
  const local: Owner = {
    type: "owner",
    ownerId,
    email,
    role: "admin",
    scopes: Actor.SCOPES,
    via: "local",
  };
  await Actor.withActor(local, async () => {
    let cursor: string | undefined;
    do {
      const page = await User.list(cursor === undefined ? {} : { cursor });
      // By the subject alone, which is unique, because the issuer's URL may have changed.
      for (const { id } of page.users.filter(({ subject }) => subject === accountId)) {
        if (what === "user") await User.update({ id, disabled: true });
        else await Session.endAll(id);
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
  });
}

/** The table of a stack that is not running. */
async function openTable(settings: Settings) {
  const host = "127.0.0.1";
  const data = await openData(settings.dataDir);
  try {
    const dynamo = await startDynamo({
      host,
      port: 0,
      region: REGION,
      credentials: data.credentials,
      dataDir: join(data.path, "dynamo"),
      tables: wiring.tables,
    });
    const nobody = "http://127.0.0.1:9";
    const others = { s3: nobody, mediaconvert: nobody, sqs: nobody, lambda: nobody, mail: nobody };
    const urls = { ...others, dynamo: dynamo.url };
    return {
      env: environment({ settings, data, origin: localOrigin(host, 9, data) }, urls),
      async close() {
        await dynamo.close();
        await data.close();
      },
    };
  } catch (error) {
    await data.close();
    throw error;
  }
}
