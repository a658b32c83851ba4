/** What commands need of core's users, with the environment of a running stack in this process. */
import type { Owner } from "@rushes/core/actor";
import type { Info } from "@rushes/core/user/index";

/** Imports core, which creates its clients at import. The caller has set the environment. */
export async function connectUsers() {
  const [Actor, { resource }, User] = await Promise.all([
    import("@rushes/core/actor"),
    import("@rushes/core/resource"),
    import("@rushes/core/user/index"),
  ]);
  const { SignIn, Settings } = resource();
  // Anyone who can read the stack's credentials has full access. The audit log names "local".
  const local: Owner = {
    type: "owner",
    ownerId: Settings.defaultOwnerId,
    email: Settings.defaultOwnerEmail,
    role: "admin",
    scopes: Actor.SCOPES,
    via: "local",
  };
  const asOwner = <R>(owner: Owner, run: () => R) => Actor.withActor(owner, run);

  async function listUsers(): Promise<Info[]> {
    const users: Info[] = [];
    let cursor: string | undefined;
    do {
      const page = await asOwner(local, () => User.list({ cursor }));
      users.push(...page.users);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return users;
  }

  return { User, isOpen: !SignIn.required, local, asOwner, listUsers };
}
