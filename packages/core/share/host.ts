const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** This machine, which a browser reaches without encryption and without anyone in between. */
export const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * True for a valid host of a site: a DNS name (RFC 1123: labels of at most 63 letters, digits and inner hyphens, 253
 * characters in all), an IPv4 address or a bracketed IPv6 address. `hostname` has the form that a URL gives it: names
 * in other scripts begin with `xn--`.
 */
export function isHost(hostname: string): boolean {
  if (hostname.startsWith("[")) return /^\[[0-9a-f:.]+\]$/.test(hostname);
  if (/^[\d.]+$/.test(hostname)) return IPV4.test(hostname);
  const labels = hostname.split(".");
  // A last label of only digits would be parsed as an address.
  return (
    hostname.length <= 253 &&
    labels.every((label) => LABEL.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? "")
  );
}
