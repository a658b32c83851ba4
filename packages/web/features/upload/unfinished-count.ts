import { get } from "../../api/page.ts";
import { MOST_SHOWN } from "./unfinished-section.tsx";

/**
 * How many unfinished uploads the page shows at first. The server counts them, so that a page without any loads no code
 * for them, and their list moves nothing when it appears.
 */
export async function countUnfinished(): Promise<number> {
  const response = await get(`/uploads?status=open&limit=${MOST_SHOWN}`);
  if (!response.ok) return 0;
  // The API's tests verify its type.
  const { uploads }: { uploads: unknown[] } = await response.json();
  return uploads.length;
}
