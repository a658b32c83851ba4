/**
 * The code of the CloudFront Function that changes each request before it reaches the app.
 *
 * A function URL receives the leftmost entry of X-Forwarded-For, which the client controls. Rate limits and the audit
 * log use X-Forwarded-Viewer, which only CloudFront can set. CloudFront signs its own requests in Authorization and
 * overwrites the client's header (OriginAccessControlConfig, "always"), so a client's token is passed on under another
 * name.
 */
export const atTheEdge = `
event.request.headers["x-forwarded-viewer"] = { value: event.viewer.ip };
delete event.request.headers["x-forwarded-authorization"];
if (event.request.headers.authorization) {
  event.request.headers["x-forwarded-authorization"] = { value: event.request.headers.authorization.value };
}
`;
