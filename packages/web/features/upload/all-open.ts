import type { Info as Upload } from "@rushes/core/upload/schema";

export type Page = { uploads: Upload[]; cursor?: string };

/** All open uploads of the user, newest first. `read` requests the page that a query names. */
export async function allOpen(read: (query: URLSearchParams) => Promise<Page>): Promise<Upload[]> {
  const uploads: Upload[] = [];
  for (let cursor: string | undefined; ; ) {
    const query = new URLSearchParams({ status: "open", ...(cursor !== undefined && { cursor }) });
    const page = await read(query);
    uploads.push(...page.uploads);
    if (page.cursor === undefined) return uploads;
    cursor = page.cursor;
  }
}
