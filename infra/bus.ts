/** Connects a function to events of the account's default bus. */
/** Calls `called` for every event that matches `pattern`. */
export function onBus(
  name: string,
  wired: { description: string; pattern: object; called: sst.aws.Function; dead: sst.aws.Queue },
): void {
  const { description, pattern, called, dead } = wired;
  const rule = new aws.cloudwatch.EventRule(`${name}Rule`, {
    description,
    eventPattern: $jsonStringify(pattern),
  });
  new aws.lambda.Permission(`${name}Permission`, {
    action: "lambda:InvokeFunction",
    function: called.arn,
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
  });
  new aws.sqs.QueuePolicy(`${name}DeadPolicy`, {
    queueUrl: dead.url,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sqs:SendMessage"],
          resources: [dead.arn],
          principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
        },
      ],
    }).json,
  });
  new aws.cloudwatch.EventTarget(`${name}Target`, {
    rule: rule.name,
    arn: called.arn,
    // Receives events that the bus could not deliver to the function.
    deadLetterConfig: { arn: dead.arn },
  });
}
