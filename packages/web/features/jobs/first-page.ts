import { destination, get } from "../../api/page.ts";
import { filterQuery, parseFilter } from "./list-filter.ts";
import type { FirstPage } from "./list-requests.ts";

/** The query of a page's URL, as Next parses it. */
export type Query = Record<string, string | string[] | undefined>;

/**
 * The list of videos for the HTML of its page, which then shows it before its code has loaded. Undefined if the page
 * itself has to request it: after a navigation within the app, which shows what the browser already has, and after any
 * error.
 */
export async function firstPage(query: Query): Promise<FirstPage | undefined> {
  if ((await destination()) !== "document") return undefined;
  const filter = filterQuery(
    parseFilter({ get: (name) => [query[name] ?? null].flat()[0] ?? null }),
  );
  const response = await get(`/jobs${filter}`);
  // The API's tests verify its type.
  return response.ok ? { filter, page: await response.json() } : undefined;
}
