/**
 * Resources that exist only once per AWS account belong to the account and not to a stage: a second stage could not
 * create them, and removing the first stage would remove them for the others. A deployment looks them up, and stops
 * with the command that creates them. The rules of testing/rules/account.ts check every stage.
 */

/** False if the provider reports that there is no such resource. Rethrows every other error. */
async function found(lookup: Promise<unknown>): Promise<boolean> {
  try {
    await lookup;
    return true;
  } catch (error) {
    if (/couldn't find|not ?found/i.test(String(error))) return false;
    throw error;
  }
}

/** Resolves if SES has verified the address or its domain in this Region. Throws otherwise. */
export async function requireSender(address: string): Promise<void> {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  for (const emailIdentity of [address, domain]) {
    if (await found(aws.sesv2.getEmailIdentity({ emailIdentity }))) return;
  }
  throw new Error(
    `SES does not know ${address} or ${domain}. An account has one identity for all stages. Create it with \`aws sesv2 create-email-identity --email-identity ${address}\`, then deploy again. See docs/deploy.md.`,
  );
}

/** The ARN of the account's OpenID Connect provider for an issuer. Throws if the account has none. */
export async function requireIssuer(issuer: string): Promise<string> {
  const url = `https://${issuer}`;
  if (!(await found(aws.iam.getOpenIdConnectProvider({ url })))) {
    throw new Error(
      `IAM does not know ${url}. An account has one such provider. Create it with \`aws iam create-open-id-connect-provider --url ${url} --client-id-list sts.amazonaws.com\`, then deploy again. See docs/pipeline.md.`,
    );
  }
  const { accountId } = await aws.getCallerIdentity();
  return `arn:aws:iam::${accountId}:oidc-provider/${issuer}`;
}
