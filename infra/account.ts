/**
 * What an AWS account has only once belongs to the account and to no stage: a second stage could not make
 * it, and the stage that made it would take it from the others when it is removed. A deployment looks it
 * up, and refuses with the command that makes it. account.test.ts holds every stage to that.
 */

/** True when a lookup finds what it asks for. Throws for any other answer than "there is none". */
async function found(lookup: Promise<unknown>): Promise<boolean> {
  try {
    await lookup;
    return true;
  } catch (error) {
    if (/couldn't find|not ?found/i.test(String(error))) return false;
    throw error;
  }
}

/** Resolves when SES knows the address or its domain in this Region. @throws a sentence otherwise */
export async function requireSender(address: string): Promise<void> {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  for (const emailIdentity of [address, domain]) {
    if (await found(aws.sesv2.getEmailIdentity({ emailIdentity }))) return;
  }
  throw new Error(
    `SES does not know ${address}, nor ${domain}. An account has one identity for all stages: make it with \`aws sesv2 create-email-identity --email-identity ${address}\`, then deploy again. docs/deploy.md says more.`,
  );
}

/** The ARN of the account's OpenID Connect provider for an issuer. @throws a sentence when there is none */
export async function requireIssuer(issuer: string): Promise<string> {
  const url = `https://${issuer}`;
  if (!(await found(aws.iam.getOpenIdConnectProvider({ url })))) {
    throw new Error(
      `IAM does not know ${url}. An account has one such provider: make it with \`aws iam create-open-id-connect-provider --url ${url} --client-id-list sts.amazonaws.com\`, then deploy again. docs/pipeline.md says more.`,
    );
  }
  const { accountId } = await aws.getCallerIdentity();
  return `arn:aws:iam::${accountId}:oidc-provider/${issuer}`;
}
