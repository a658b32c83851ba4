import { isIP } from "node:net";

/**
 * The network of an address, which shares one rate limit: the address itself, or its /64 in IPv6, where one customer
 * can use all addresses of a /64.
 */
export function networkOf(address: string): string {
  // An IPv4 address that arrived on an IPv6 socket.
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, "");
  if (isIP(plain) !== 6) return plain;
  const [head = "", tail = ""] = plain.toLowerCase().split("::");
  const left = head.split(":").filter((group) => group !== "");
  const right = tail.split(":").filter((group) => group !== "");
  const zeros = plain.includes("::") ? Math.max(0, 8 - left.length - right.length) : 0;
  const groups = [...left, ...Array.from({ length: zeros }, () => "0"), ...right];
  const first = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${first.join(":")}::/64`;
}
