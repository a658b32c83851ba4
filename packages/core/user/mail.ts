/** Whether mails still go to a user, and how they do again. */
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import * as Table from "../table/index.ts";
import { notFound, read } from "./row.ts";
import * as Address from "./suppression.ts";

/** Why the caller gets no mails; undefined where mails go out. */
export async function mailHeld(): Promise<Address.Held | undefined> {
  const actor = Actor.owner("read");
  return Address.held((await read(actor.ownerId))?.email ?? actor.email);
}

/** Lets mails go to the caller again: the mailbox works now, or is wanted after all. */
export async function freeMail(): Promise<void> {
  const actor = Actor.person();
  await free(actor.ownerId, (await read(actor.ownerId))?.email ?? actor.email);
}

/** The same for another user, by an admin. Throws `user.not_found`. */
export async function freeMailOf(id: string): Promise<void> {
  Actor.admin();
  const user = await read(id);
  if (!user) throw notFound();
  await free(id, user.email);
}

/** Why each of these addresses gets no mails, in their order; for admins. */
export async function mailsHeld(emails: readonly string[]): Promise<(Address.Held | undefined)[]> {
  Actor.admin();
  return Promise.all(emails.map(Address.held));
}

async function free(ownerId: string, email: string): Promise<void> {
  if (!(await Address.held(email))) return;
  await Table.transact([
    Address.freed(email),
    Audit.write({ action: "mail.freed", target: ownerId }),
  ]);
}
