import { requireSender } from "./account.ts";
import { sender, tags } from "./stage.ts";

// SES verifies addresses and domains once per account and Region, whatever stages send from them.
await requireSender(sender);

const region = aws.getRegionOutput().region;
const account = aws.getCallerIdentityOutput().accountId;

const set = new aws.sesv2.ConfigurationSet("Mails", {
  configurationSetName: `${$app.name}-${$app.stage}-mails`,
  // Rushes keeps addresses that refused a mail itself, where their owners can let them go again; the
  // account's own list would swallow mails to them for ever.
  suppressionOptions: { suppressedReasons: [] },
  reputationOptions: { reputationMetricsEnabled: true },
  tags,
});
new aws.sesv2.ConfigurationSetEventDestination("MailsFeedback", {
  configurationSetName: set.configurationSetName,
  eventDestinationName: "feedback",
  eventDestination: {
    enabled: true,
    matchingEventTypes: ["DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE"],
    eventBridgeDestination: {
      // SES takes no other bus than the account's default one.
      eventBusArn: $interpolate`arn:aws:events:${region}:${account}:event-bus/default`,
    },
  },
});

/** Where mails come from, and the set that says what becomes of them. */
export const mail = { sender, configSet: set.configurationSetName };
export const email = new sst.Linkable("Email", { properties: mail });
