import { sender } from "./stage.ts";

/** Where mails come from: an address that SES verifies, or a domain whose DNS is the deployer's. */
export const email = new sst.aws.Email("Email", {
  sender,
});
