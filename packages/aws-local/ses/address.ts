import addressparser from "nodemailer/lib/addressparser";
import { MailError } from "./error.ts";

export interface Mailbox {
  name: string;
  address: string;
}

/** RFC 5321's limits; SES refuses what exceeds them before anything is sent. */
const MAX_LOCAL = 64;
const MAX_ADDRESS = 320;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const LOCAL = /^[!-~]+$/;
const INVALID_LOCAL = /[\s"(),:;<>@[\\\]]|^\.|\.$|\.\./;

/**
 * Reads one address, `a@b.example` or `Name <a@b.example>`, and refuses what SES refuses.
 *
 * @throws MailError BadRequestException that names the address and what is wrong with it.
 */
export function parseAddress(text: string): Mailbox {
  const refuse = (reason: string) => new MailError("BadRequestException", `${reason}: ${text}`);
  if (/[\r\n]/.test(text)) throw refuse("Address contains a line break");
  const parsed = addressparser(text, { flatten: true });
  const [mailbox] = parsed;
  if (!mailbox || mailbox.address === "" || parsed.length !== 1) throw refuse("Illegal address");
  const at = mailbox.address.lastIndexOf("@");
  const local = mailbox.address.slice(0, at);
  const domain = mailbox.address.slice(at + 1);
  if (at < 1 || domain === "") throw refuse("Missing final '@domain'");
  if (!LOCAL.test(local)) throw refuse("Local address contains control, whitespace or non-ASCII");
  if (INVALID_LOCAL.test(local)) throw refuse("Illegal local part");
  if (local.length > MAX_LOCAL || mailbox.address.length > MAX_ADDRESS) {
    throw refuse("Address is too long");
  }
  const labels = domain.split(".");
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label))) {
    throw refuse("Domain is not valid");
  }
  return { name: mailbox.name, address: mailbox.address };
}
