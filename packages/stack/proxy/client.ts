/** The address of the client, when there are proxies in between. */
import { BlockList, isIP } from "node:net";

/** A list of addresses and ranges, to check whether it contains an address. */
export function trustedList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** An IPv4 address that arrived on an IPv6 socket, as IPv4. */
const withoutPrefix = (address: string) => address.trim().replace(/^::ffff:(?=\d+\.)/i, "");

/**
 * The client's address: the socket's or, as long as the sender is trusted, the one before it in X-Forwarded-For. The
 * header is read from its end, because an untrusted client can write anything at its start.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusted: BlockList,
): string {
  const chain = (forwardedFor ?? "").split(",").map(withoutPrefix).reverse();
  let address = withoutPrefix(peer ?? "");
  for (const before of chain) {
    const family = isIP(address);
    if (family === 0 || !trusted.check(address, family === 6 ? "ipv6" : "ipv4")) break;
    if (isIP(before) === 0) break;
    address = before;
  }
  return address;
}
