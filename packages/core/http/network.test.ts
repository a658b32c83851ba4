import fc from "fast-check";
import { expect, test } from "vitest";
import { networkOf } from "./network.ts";

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["local", "local"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2::ffff", "2001:db8:1:2::/64"],
  ["2001:0db8::1", "2001:db8:0:0::/64"],
  ["2001:db8::1:2:3:4:5", "2001:db8:0:1::/64"],
  ["::1", "0:0:0:0::/64"],
])("puts %s into the network %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test("puts all addresses of a /64 into one network", () => {
  const half = fc.array(fc.nat(0xffff), { minLength: 4, maxLength: 4 });
  const text = (groups: number[]) => groups.map((group) => group.toString(16)).join(":");
  fc.assert(
    fc.property(half, half, half, (prefix, one, other) => {
      const of = (rest: number[]) => networkOf(text([...prefix, ...rest]));
      expect(of(one)).toBe(of(other));
    }),
  );
});
