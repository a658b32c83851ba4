import { requireSender } from "./account.ts";
import { sender, tags } from "./stage.ts";

// SES verifies addresses and domains once per account and Region, for all stages that send from them.
await requireSender(sender);

const region = aws.getRegionOutput().region;
const account = aws.getCallerIdentityOutput().accountId;

const set = new aws.sesv2.ConfigurationSet("Mails", {
  configurationSetName: `${$app.name}-${$app.stage}-mails`,
  // Rushes has its own suppression list, which owners can clear. The account's list would drop their mail
  // forever.
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
      // SES supports only the account's default bus.
      eventBusArn: $interpolate`arn:aws:events:${region}:${account}:event-bus/default`,
    },
  },
});

/** The sender, and the configuration set that reports what happens to each mail. */
export const mail = { sender, configSet: set.configurationSetName };
export const email = new sst.Linkable("Email", { properties: mail });
