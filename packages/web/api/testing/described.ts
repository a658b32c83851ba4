import { type OpenAPIHono, z } from "@hono/zod-openapi";

/**
 * The schema of a response in the API's document; undefined for a response without a body, or for an error outside of
 * every route. Throws if the document does not have the response.
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
  // A literal path takes precedence over a path with an ID.
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
