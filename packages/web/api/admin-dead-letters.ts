import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import * as DeadLetter from "@rushes/core/dead-letter/index";
import { inPerson } from "./needs.ts";
import { failures, json } from "./schemas.ts";

const Queues = z.object({
  queues: z.array(DeadLetter.Queue.clone().openapi("DeadLetterQueue")),
});
const list = createRoute({
  method: "get",
  path: "/admin/dead-letters",
  ...inPerson,
  summary: "Dead-letter messages by queue, newest first; admins only",
  responses: { 200: { description: "Every queue.", ...json(Queues) }, ...failures() },
});
const redrive = createRoute({
  method: "post",
  path: "/admin/dead-letters/redrive",
  ...inPerson,
  summary: "Redrive a dead-letter queue; admins only",
  request: { body: { required: true, ...json(z.object({ queue: z.string().min(1).max(200) })) } },
  responses: {
    200: {
      description: "The number of messages that were sent again.",
      ...json(DeadLetter.Redriven.clone().openapi("Redriven")),
    },
    ...failures(404),
  },
});
export function adminDeadLetters(app: OpenAPIHono): void {
  app.openapi(list, async (c) => c.json({ queues: await DeadLetter.list() }, 200));
  app.openapi(redrive, async (c) => c.json(await DeadLetter.redrive(c.req.valid("json")), 200));
}
