/** How an event of the account's bus reaches a function of ours, and where it goes when it cannot. */
/** Connects `called` to the events that `pattern` is about. */
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
    // What the bus could not hand over at all.
    deadLetterConfig: { arn: dead.arn },
  });
}
