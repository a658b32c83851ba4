/** Whether a user gets mail, and how the user gets mail again. */
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import * as Table from "../table/index.ts";
import { notFound, read } from "./row.ts";
import { type Suppression, suppressionOf, unsuppress } from "./suppression.ts";

/** Why the caller gets no mail. Undefined if the caller gets mail. */
export async function mailSuppression(): Promise<Suppression | undefined> {
  const actor = Actor.owner("read");
  return suppressionOf((await read(actor.ownerId))?.email ?? actor.email);
}

/** Resumes mail to the caller: the mailbox works now, or the mail was no spam. */
export async function unsuppressMail(): Promise<void> {
  const actor = Actor.person();
  await resume(actor.ownerId, (await read(actor.ownerId))?.email ?? actor.email);
}

/** Resumes mail to another user, for an admin. Throws `user.not_found`. */
export async function unsuppressMailOf(id: string): Promise<void> {
  Actor.admin();
  const user = await read(id);
  if (!user) throw notFound();
  await resume(id, user.email);
}

/** Why each of these addresses gets no mail, in their order, for admins. */
export async function mailSuppressions(
  emails: readonly string[],
): Promise<(Suppression | undefined)[]> {
  Actor.admin();
  return Promise.all(emails.map(suppressionOf));
}

async function resume(ownerId: string, email: string): Promise<void> {
  if (!(await suppressionOf(email))) return;
  await Table.transact([unsuppress(email), Audit.write({ action: "mail.freed", target: ownerId })]);
}
