import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import * as Profiles from "@rushes/core/profiles";
import { DOWNLOADS } from "@rushes/core/rendition/profile";
import { scope } from "./needs.ts";
import { failures, json } from "./schemas.ts";

const Profile = z
  .object({
    name: z.string(),
    summary: z.string(),
    picture: z.boolean(),
    hls: z.boolean(),
    downloads: z.array(z.enum(DOWNLOADS)),
    usesPresets: z.boolean(),
    storyboard: z.boolean(),
    captions: z.boolean(),
    maxShortSide: z.number(),
    maxFrameRate: z.number(),
    quality: z.number(),
  })
  .openapi("Profile");

const list = createRoute({
  method: "get",
  path: "/profiles",
  ...scope("upload"),
  summary: "What can be made of a file, and the profile of files for which nobody chooses one",
  responses: {
    200: {
      description: "The profiles.",
      ...json(z.object({ profiles: z.array(Profile), default: z.string() })),
    },
    ...failures(),
  },
});

export function profiles(app: OpenAPIHono): void {
  app.openapi(list, (c) => {
    const { profiles, name } = Profiles.list();
    const copies = profiles.map((one) => ({ ...one, downloads: [...one.downloads] }));
    return c.json({ profiles: copies, default: name }, 200);
  });
}
