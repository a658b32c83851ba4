/** Where Amazon Cognito goes its own way. */

const ISSUER = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//;

/**
 * Where a browser signs out of a Cognito user pool; undefined for any other issuer. Cognito names this
 * endpoint in its metadata as everybody does, and refuses what everybody sends there: it knows neither
 * `post_logout_redirect_uri` nor a hint of who it is, and takes these two names alone.
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
