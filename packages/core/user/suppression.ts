/** The suppression list: addresses that get no mail, because mail bounced or was reported as spam. */
import * as z from "zod";
import * as Table from "../table/index.ts";

const REASONS = ["bounced", "complained"] as const;
export type Reason = (typeof REASONS)[number];

/** Why an address gets no mail. */
export const Suppression = z.object({
  reason: z.enum(REASONS),
  time: z.iso.datetime(),
  /** The reason, as the other server stated it. */
  said: z.string().optional(),
});
export type Suppression = z.infer<typeof Suppression>;

/** Why this address gets no mail. Undefined if it gets mail. */
export async function suppressionOf(address: string): Promise<Suppression | undefined> {
  const row = await Table.get(Table.key.address(address));
  return row?.held === true ? Suppression.parse(row) : undefined;
}

/** Adds an address to the list, unless a later change is recorded. */
export async function suppress(input: {
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

/** Takes an address off the list. The row stays, so that a late event does not add it again. */
export function unsuppress(address: string): Table.Write {
  return {
    Update: Table.update({
      key: Table.key.address(address),
      set: { held: false, time: new Date().toISOString() },
      remove: ["reason", "said"],
    }),
  };
}
