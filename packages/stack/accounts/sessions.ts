/** Ends the sessions and tokens of a user whose account changes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { start as startDynamo } from "@rushes/aws-local/dynamodb/index";
import { REGION } from "@rushes/aws-local/wire/account";
import { wiring } from "@rushes/core/wiring";
import { openData } from "../data.ts";
import { environment } from "../environment.ts";
import { localOrigin } from "../origin.ts";
import { findRun } from "../run.ts";
import type { Settings } from "../settings/index.ts";
import { connectUsers } from "./users.ts";

/** The sessions, those and the role of an admin, or the user. */
export type Ending = "sessions" | "admin" | "user";

/** Ends the sessions of an account's user, also makes the user a member, or disables the user, which ends the tokens. */
export async function endAll(settings: Settings, accountId: string, what: Ending): Promise<void> {
  const { dataDir } = settings;
  const run = await findRun(dataDir);
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
  const { User, local, asOwner, listUsers } = await connectUsers();
  const Session = await import("@rushes/core/session/index");
  // By the subject alone, which is unique, because the issuer's URL may have changed.
  for (const { id } of (await listUsers()).filter(({ subject }) => subject === accountId)) {
    await asOwner(local, async () => {
      switch (what) {
        case "sessions":
          return Session.endAll(id);
        case "admin":
          await User.demote(id);
          return Session.endAll(id);
        case "user":
          await User.update({ id, disabled: true });
      }
    });
  }
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
