/** What must never stand in a log, whoever reads it. */

/** By its shape, whosever it is. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  "an API token": /rsh_[0-9A-Za-z]{38}/,
  "a signed address": /X-Amz-(Signature|Credential)=/i,
  "a signed address of a rendition": /\b(Signature|Policy)=[\w~-]{40,}/,
  "a private key": /BEGIN [A-Z ]*PRIVATE KEY/,
  "the address of a share": /[0-9A-HJKMNP-TV-Z]{26}-[\w-]{22}/,
  "a token of the provider": /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/,
  "a sealed cookie": /eyJ[\w-]{10,}\.\.[\w-]{10,}/,
  "a cookie": /\b(__Host-|__Secure-)?rushes(-[\w-]+)?=[\w.-]{16,}/,
  "a bearer": /\bBearer +[\w.-]{16,}/i,
  "a code of the provider": /[?&](code|state|id_token_hint)=[\w-]{16,}/,
  "a one-time link": /\/welcome\/[\w-]{16,}/,
};

/**
 * What a log tells that it must not, as the name of it and the line with the thing itself left out.
 * `known` are secrets of this very run, by their names.
 */
export function leaks(log: string, known: Readonly<Record<string, string>> = {}): string[] {
  const found: string[] = [];
  for (const line of log.split("\n")) {
    for (const [name, shape] of Object.entries(SHAPES)) {
      if (shape.test(line)) found.push(`${name}: ${line.replace(shape, "…").slice(0, 200)}`);
    }
    for (const [name, secret] of Object.entries(known)) {
      if (secret === "" || !line.includes(secret)) continue;
      found.push(`${name}: ${line.replaceAll(secret, "…").slice(0, 200)}`);
    }
  }
  return found;
}
