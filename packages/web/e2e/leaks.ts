/** Finds secrets in logs. */

/** Secrets that can be recognized by their format. */
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
 * Returns the name of each secret in a log, with its line but without the secret. `known` are the secrets
 * of this run, by name.
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
