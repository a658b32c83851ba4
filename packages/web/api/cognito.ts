/** The differences of Amazon Cognito. */

const ISSUER = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//;

/**
 * The URL where a browser signs out of a Cognito user pool; undefined for any other issuer. Cognito lists a standard
 * endpoint in its metadata, but rejects the standard parameters: it supports neither `post_logout_redirect_uri` nor a
 * hint of the user, and accepts only these two parameters.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
 */
export function cognitoSignOut(of: {
  issuer: string;
  endpoint: string;
  clientId: string;
  returnTo: string;
}): string | undefined {
  if (!ISSUER.test(of.issuer)) return undefined;
  const url = new URL(of.endpoint);
  url.search = new URLSearchParams({
    client_id: of.clientId,
    logout_uri: of.returnTo,
  }).toString();
  return url.href;
}
