import { type OpenAPIHono, z } from "@hono/zod-openapi";

/**
 * The schema that the API's document gives for such an answer; undefined for one without a body, or
 * an error of no route. Throws for what the document does not name.
 */
export function described(
  app: OpenAPIHono,
  method: string,
  path: string,
  status: number,
): z.ZodType | undefined {
  const asked = path.replace(/^\/api/, "");
  const fits = (pattern: string) =>
    new RegExp(`^(/api)?${pattern.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(asked);
  const routes = app.openAPIRegistry.definitions.flatMap((one) =>
    one.type === "route" && one.route.method === method.toLowerCase() ? [one.route] : [],
  );
  // The one that is spelled out stands before the one with an id in its place.
  const route = routes.find((one) => one.path === asked) ?? routes.find((one) => fits(one.path));
  if (!route) {
    if (status < 400) throw new Error(`${method} ${path} is not described.`);
    return undefined;
  }
  const response = route.responses[status];
  if (!response) throw new Error(`${method} ${path} answered ${status}, which is not described.`);
  if (!("content" in response)) return undefined;
  const json = response.content?.["application/json"];
  return json && "schema" in json && json.schema instanceof z.ZodType ? json.schema : undefined;
}
