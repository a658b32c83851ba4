import type { MiddlewareHandler } from "hono";

/** Allows an empty body, also with a content type. */
export const emptyBody: MiddlewareHandler = async (c, next) => {
  if ((await c.req.text()) === "") {
    const headers = new Headers(c.req.raw.headers);
    headers.delete("content-type");
    c.req.raw = new Request(c.req.url, { method: c.req.method, headers });
  }
  await next();
};
