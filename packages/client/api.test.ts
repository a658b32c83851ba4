import openapi, { astToString } from "openapi-typescript";
import { expect, test } from "vitest";
import { app } from "../web/api/app.ts";

const HEADER =
  "// Generated from the OpenAPI document by `npm run dev -- client`. Do not edit it.\n\n";

interface Operation {
  responses: Record<string, unknown>;
}

/** Every error has the same schema. One `default` instead of ten responses per route makes the types a fifth as long. */
function withOneError(document: { paths: Record<string, Record<string, Operation>> }) {
  for (const { responses } of Object.values(document.paths).flatMap(Object.values<Operation>)) {
    const errors = Object.keys(responses).filter((status) => Number(status) >= 400);
    if (errors[0]) responses.default = responses[errors[0]];
    for (const status of errors) Reflect.deleteProperty(responses, status);
  }
  return document;
}

test("api.ts has the types of the current OpenAPI document", async () => {
  const response = await app.request("https://rushes.example/api/openapi.json");
  const types = await openapi(JSON.stringify(withOneError(await response.json())));
  await expect(HEADER + astToString(types)).toMatchFileSnapshot("./api.ts");
});
