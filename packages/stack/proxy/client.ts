/** Where a request came from, when proxies stand between. */
import { BlockList, isIP } from "node:net";

/** Addresses and ranges as one question. */
export function trust(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** An IPv4 address that came by an IPv6 socket is still that IPv4 address. */
const bare = (address: string) => address.trim().replace(/^::ffff:(?=\d+\.)/i, "");

/**
 * The client's address: the socket's, or, as long as whoever passed the request on is trusted, the one
 * before it in X-Forwarded-For. What an untrusted peer says about itself is never believed, so the chain
 * is read from its end.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusted: BlockList,
): string {
  const chain = (forwardedFor ?? "").split(",").map(bare).reverse();
  let address = bare(peer ?? "");
  for (const before of chain) {
    const family = isIP(address);
    if (family === 0 || !trusted.check(address, family === 6 ? "ipv6" : "ipv4")) break;
    if (isIP(before) === 0) break;
    address = before;
  }
  return address;
}
