import addressparser from "nodemailer/lib/addressparser";
import { ServiceError } from "../wire/service-error.ts";

export interface Mailbox {
  name: string;
  address: string;
}

/** RFC 5321's limits. SES rejects longer addresses. */
const MAX_LOCAL = 64;
const MAX_ADDRESS = 320;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const LOCAL = /^[!-~]+$/;
const INVALID_LOCAL = /[\s"(),:;<>@[\\\]]|^\.|\.$|\.\./;

/**
 * Parses one address, `a@b.example` or `Name <a@b.example>`, with SES's rules.
 *
 * @throws ServiceError BadRequestException that contains the address and the reason
 */
export function parseMailbox(text: string): Mailbox {
  const invalid = (reason: string) => new ServiceError("BadRequestException", `${reason}: ${text}`);
  if (/[\r\n]/.test(text)) throw invalid("Address contains a line break");
  const parsed = addressparser(text, { flatten: true });
  const [mailbox] = parsed;
  if (!mailbox || mailbox.address === "" || parsed.length !== 1) throw invalid("Illegal address");
  const at = mailbox.address.lastIndexOf("@");
  const local = mailbox.address.slice(0, at);
  const domain = mailbox.address.slice(at + 1);
  if (at < 1 || domain === "") throw invalid("Missing final '@domain'");
  if (!LOCAL.test(local)) throw invalid("Local address contains control, whitespace or non-ASCII");
  if (INVALID_LOCAL.test(local)) throw invalid("Illegal local part");
  if (local.length > MAX_LOCAL || mailbox.address.length > MAX_ADDRESS) {
    throw invalid("Address is too long");
  }
  const labels = domain.split(".");
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label))) {
    throw invalid("Domain is not valid");
  }
  return { name: mailbox.name, address: mailbox.address };
}
