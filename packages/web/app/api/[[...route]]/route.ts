import { handle } from "hono/vercel";
import { app } from "../../../api/app.ts";

/** No response is prerendered. */
export const dynamic = "force-dynamic";

const handler = handle(app);

export {
  handler as DELETE,
  handler as GET,
  handler as HEAD,
  handler as OPTIONS,
  handler as PATCH,
  handler as POST,
  handler as PUT,
};
