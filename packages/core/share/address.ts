import { ShareId } from "../id.ts";
import { isSame, macOf } from "../secret.ts";

const FORM = /^([0-9A-HJKMNP-TV-Z]{26})-([\w-]{22})$/;

/**
 * A share's address: its id, and a MAC of it that nobody else can create. No secret is stored for it, so the owner can
 * copy it again, and someone who can read the table cannot open it.
 */
export function addressOf(id: ShareId): string {
  return `${id.slice("shr_".length)}-${macOf("share", id)}`;
}

/** The id of the share with this address. Undefined if Rushes did not create the address. Reads no table. */
export function idOf(address: string): ShareId | undefined {
  const [, ulid, mac] = FORM.exec(address) ?? [];
  if (ulid === undefined || mac === undefined) return undefined;
  const id = ShareId.parse(`shr_${ulid}`);
  return isSame(mac, macOf("share", id)) ? id : undefined;
}
