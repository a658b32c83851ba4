/** Addresses that nothing may be sent to, because mails to them bounced or were called spam. */
import * as z from "zod";
import * as Table from "../table/index.ts";

export const REASONS = ["bounced", "complained"] as const;
export type Reason = (typeof REASONS)[number];

/** Why an address gets no mails. */
export const Held = z.object({
  reason: z.enum(REASONS),
  time: z.iso.datetime(),
  /** What the other server said. */
  said: z.string().optional(),
});
export type Held = z.infer<typeof Held>;

/** Why nothing may be sent to this address; undefined where it may. */
export async function held(address: string): Promise<Held | undefined> {
  const row = await Table.get(Table.key.address(address));
  return row?.held === true ? Held.parse(row) : undefined;
}

/** Lets nothing be sent to an address any more, unless something newer is known of it. */
export async function hold(input: {
  address: string;
  reason: Reason;
  time: string;
  said?: string | undefined;
}): Promise<void> {
  const { address, reason, time, said } = input;
  await Table.apply(
    Table.update({
      key: Table.key.address(address),
      set: { held: true, reason, time, said },
      remove: said === undefined ? ["said"] : [],
      condition: "attribute_not_exists(#time) OR #time < :time",
      values: { ":time": time },
    }),
  );
}

/** What lets mails go there again: the row stays, so that an old event that comes late holds nothing. */
export const freed = (address: string): Table.Write => ({
  Update: Table.update({
    key: Table.key.address(address),
    set: { held: false, time: new Date().toISOString() },
    remove: ["reason", "said"],
  }),
});
