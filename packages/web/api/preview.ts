import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { VisibleError } from "@rushes/core/error";
import { fitInto } from "@rushes/core/rendition/fit";
import { POSTER } from "@rushes/core/rendition/preset";
import * as Share from "@rushes/core/share/index";
import { embedCode } from "../lib/embed-code.ts";
import { nobody } from "./needs.ts";
import { failures, json } from "./schemas.ts";

const AddressParam = z.object({
  address: z
    .string()
    .max(2000)
    .openapi({ param: { name: "address", in: "path" } }),
});

const poster = createRoute({
  method: "get",
  path: "/watch/{address}/poster",
  ...nobody,
  summary: "Redirect to the poster of a share link that allows previews",
  request: { params: AddressParam },
  responses: {
    302: { description: "The picture, at a URL that is valid for a minute." },
    ...failures(404),
  },
});

/** https://oembed.com, version 1.0. */
const OEmbed = z.object({
  version: z.literal("1.0"),
  type: z.enum(["video", "link"]),
  title: z.string(),
  provider_name: z.literal("Rushes"),
  html: z.string().optional(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  thumbnail_url: z.url().optional(),
  thumbnail_width: z.number().int().optional(),
  thumbnail_height: z.number().int().optional(),
  /** In seconds. oEmbed has no field for it, and allows others. */
  duration: z.number().optional(),
});
type OEmbed = z.infer<typeof OEmbed>;

const side = z.coerce.number().int().min(1).max(10_000).optional();
const oembed = createRoute({
  method: "get",
  path: "/oembed",
  ...nobody,
  summary: "What a share link that allows previews shows where it is posted, as oEmbed",
  request: {
    query: z.object({
      /** The URL of the link. */
      url: z.string().max(4000),
      maxwidth: side,
      maxheight: side,
      format: z.literal("json").optional(),
    }),
  },
  responses: {
    200: {
      description: "A video, or a link if no site may embed it.",
      ...json(OEmbed.openapi("OEmbed")),
    },
    ...failures(404),
  },
});

/** Adds the routes for sites that preview links. They read no cookie and no token. */
export function preview(app: OpenAPIHono): void {
  app.openapi(poster, async (c) => {
    const { posterUrl } = (await Share.preview(c.req.valid("param").address)) ?? {};
    if (posterUrl === undefined) throw noPreview();
    return c.redirect(posterUrl, 302);
  });
  app.openapi(oembed, async (c) => {
    const { url, maxwidth = 640, maxheight = 640 } = c.req.valid("query");
    const [, address] = /\/watch\/([^/?#]+)$/.exec(url) ?? [];
    const found = address === undefined ? undefined : await Share.preview(address);
    if (!found) throw noPreview();
    return c.json(describe(found, { maxWidth: maxwidth, maxHeight: maxheight }), 200);
  });
}

function describe(
  { title, durationSeconds, url, embedUrl, size, posterUrl }: Share.Preview,
  box: { maxWidth: number; maxHeight: number },
): OEmbed {
  const answer: OEmbed = {
    version: "1.0",
    type: "link",
    title,
    provider_name: "Rushes",
    duration: durationSeconds,
  };
  if (posterUrl !== undefined && size) {
    const { width, height } = fitInto(POSTER, size);
    const thumbnail_url = `${url.replace("/watch/", "/api/watch/")}/poster`;
    Object.assign(answer, { thumbnail_url, thumbnail_width: width, thumbnail_height: height });
  }
  if (embedUrl === undefined) return answer;
  const frame = size ?? { width: 640, height: 360 };
  const scale = Math.min(box.maxWidth / frame.width, box.maxHeight / frame.height);
  return {
    ...answer,
    type: "video",
    html: embedCode({ url: embedUrl, title, size: frame }),
    width: Math.max(1, Math.floor(frame.width * scale)),
    height: Math.max(1, Math.floor(frame.height * scale)),
  };
}

function noPreview(): VisibleError {
  return new VisibleError("not_found", "share.not_found", "This link has no preview.");
}
