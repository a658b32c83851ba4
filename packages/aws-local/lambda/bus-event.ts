import { randomUUID } from "node:crypto";
import { ACCOUNT_ID, arn } from "../wire/account.ts";

/** An event of the bus, in EventBridge's complete envelope. */
export interface BusEvent<Detail = unknown> {
  version: string;
  id: string;
  "detail-type": string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: Detail;
}

/** The event that a schedule sends to its function. */
export function scheduledEvent(schedule: string, region: string): BusEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: ACCOUNT_ID,
    time: new Date().toISOString(),
    region,
    resources: [arn("events", region, `rule/${schedule}`)],
    detail: {},
  };
}
