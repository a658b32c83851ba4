import { sender } from "./stage.ts";

const region = aws.getRegionOutput().region;
const account = aws.getCallerIdentityOutput().accountId;

/** Where mails come from: an address that SES verifies, or a domain whose DNS is the deployer's. */
export const email = new sst.aws.Email("Email", {
  sender,
  events: [
    {
      name: "feedback",
      types: ["delivery", "bounce", "complaint", "reject", "rendering-failure"],
      // SES takes no other bus than the account's default one.
      bus: $interpolate`arn:aws:events:${region}:${account}:event-bus/default`,
    },
  ],
  transform: {
    configurationSet: {
      // Rushes keeps addresses that refused a mail itself, where their owners can let them go again; the
      // account's own list would swallow mails to them for ever.
      suppressionOptions: { suppressedReasons: [] },
      reputationOptions: { reputationMetricsEnabled: true },
    },
  },
});
