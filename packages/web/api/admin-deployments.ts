import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import * as Deployment from "@rushes/core/deployment/index";
import { inPerson } from "./needs.ts";
import { failures, json } from "./schemas.ts";

const Page = z.object({
  deployments: z.array(Deployment.Info.clone().openapi("Deployment")),
  cursor: z.string().optional(),
});
const list = createRoute({
  method: "get",
  path: "/admin/deployments",
  ...inPerson,
  summary: "Deployments and their approvals, newest first; admins only",
  request: {
    query: z.object({
      cursor: z.string().max(2000).optional(),
      limit: z.coerce.number().int().min(1).max(100).optional(),
    }),
  },
  responses: { 200: { description: "A page.", ...json(Page) }, ...failures() },
});
export function adminDeployments(app: OpenAPIHono): void {
  app.openapi(list, async (c) => c.json(await Deployment.list(c.req.valid("query")), 200));
}
