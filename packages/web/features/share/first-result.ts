import { cache } from "react";
import { destination, postAsNobody } from "../../api/page.ts";
import { resultOf, type WatchResult } from "./watch-result.ts";

/** A page in a tab or in a frame. */
const SHOWN: (string | null)[] = ["document", "iframe"];

/**
 * What a link opens without a password, for the HTML of its page, so that the browser begins without a request of its
 * own. Only for a browser that shows the page: programs that preview links must not learn the title where its owner does
 * not allow previews. Undefined if the page itself has to request it. Once per request: the page and its
 * metadata have the same.
 */
export const firstResult = cache(async (address: string): Promise<WatchResult | undefined> => {
  if (!SHOWN.includes(await destination())) return undefined;
  const response = await postAsNobody(`/watch/${encodeURIComponent(address)}`, {});
  // The page requests it again after any other error.
  if (!response.ok && response.status !== 401 && response.status !== 404) return undefined;
  return resultOf(response);
});
