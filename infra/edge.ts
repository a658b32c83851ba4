/**
 * What CloudFront does to each request before the app's function sees it, as code of a CloudFront Function.
 *
 * A function's address is told the leftmost entry of X-Forwarded-For, which the client writes; limits and the
 * audit go by X-Forwarded-Viewer, which nobody but CloudFront can set. And what CloudFront asks of the
 * function it signs in Authorization, over what the client sent (OriginAccessControlConfig, "always"): a
 * client's token goes on under another name.
 */
export const atTheEdge = `
event.request.headers["x-forwarded-viewer"] = { value: event.viewer.ip };
delete event.request.headers["x-forwarded-authorization"];
if (event.request.headers.authorization) {
  event.request.headers["x-forwarded-authorization"] = { value: event.request.headers.authorization.value };
}
`;
