import { resource } from "../resource.ts";
import { addressOf } from "./address.ts";
import type { Row } from "./row.ts";

/** The URLs of a share's pages. The one for a frame exists only if a site may show it. */
export function pagesOf({ id, origins }: Pick<Row, "id" | "origins">): {
  url: string;
  embedUrl: string | undefined;
} {
  const site = resource().Settings.siteUrl;
  const address = addressOf(id);
  return {
    url: `${site}/watch/${address}`,
    embedUrl: origins.length > 0 ? `${site}/embed/${address}` : undefined,
  };
}
