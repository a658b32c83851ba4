/** What a change of an account means for the sessions that its person has with a running home. */
import type { Owner } from "@rushes/core/actor";
import { readRun } from "../run.ts";
import { SettingsError } from "../settings.ts";

export type Ending = "sessions" | "user";

/**
 * Ends the sessions of an account's person, or switches the user off, with tokens too. False when
 * nothing runs on this folder: then nobody can reach its table.
 */
export async function endAt(dataDir: string, accountId: string, what: Ending): Promise<boolean> {
  const run = await readRun(dataDir).catch((error: unknown) => {
    if (error instanceof SettingsError) return undefined;
    throw error;
  });
  if (!run) return false;
  // The core's clients are made at import.
  Object.assign(process.env, run.env);
  const [Actor, { resource }, User, Session] = await Promise.all([
    import("@rushes/core/actor"),
    import("@rushes/core/resource"),
    import("@rushes/core/user/index"),
    import("@rushes/core/session/index"),
  ]);
  const { SignIn, Settings } = resource();
  // Without sign-in, or with another provider, this account's person has no session there.
  if (!SignIn.required || SignIn.backchannel === undefined) return true;
  const id = User.ownerIdOf(SignIn.issuer, accountId);
  const local: Owner = {
    ...{ type: "owner", ownerId: Settings.defaultOwnerId, email: Settings.defaultOwnerEmail },
    ...{ role: "admin", scopes: Actor.SCOPES, via: "local" },
  };
  await Actor.withActor(local, async () => {
    try {
      if (what === "user") await User.update({ id, disabled: true });
      else await Session.endAll(id);
    } catch (error) {
      const isUnknown =
        error instanceof Error && "code" in error && error.code === "user.not_found";
      // Whoever never signed in has nothing to end.
      if (!isUnknown) throw error;
    }
  });
  return true;
}
