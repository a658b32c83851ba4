import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import * as Audit from "@rushes/core/audit/index";
import { inPerson } from "./needs.ts";
import { failures, json } from "./schemas.ts";

const Page = z.object({
  events: z.array(Audit.Info.clone().openapi("AuditEvent")),
  cursor: z.string().optional(),
});
const list = createRoute({
  method: "get",
  path: "/admin/audit",
  ...inPerson,
  summary: "A page of the audit log of a day (UTC; default: today), newest first; admins only",
  request: {
    query: z.object({
      day: z.iso.date().optional(),
      cursor: z.string().max(2000).optional(),
      limit: z.coerce.number().int().min(1).max(100).optional(),
    }),
  },
  responses: { 200: { description: "A page.", ...json(Page) }, ...failures() },
});
export function adminAudit(app: OpenAPIHono): void {
  app.openapi(list, async (c) => {
    const { day = new Date().toISOString().slice(0, 10), ...page } = c.req.valid("query");
    return c.json(await Audit.list({ day, ...page }), 200);
  });
}
