import { resource } from "@rushes/core/resource";
import { get } from "../../api/page.ts";
import type { Account, Person } from "../../lib/account/account.ts";

/**
 * Who opens a page, as its header shows it, read while the server renders the page: the header neither
 * waits for the browser's code nor changes afterwards. Without a user where there is no valid session, or
 * where the API fails; the page's own requests find out why.
 */
export async function personOf(): Promise<{ user?: Person; signIn: boolean }> {
  const signIn = resource().SignIn.required;
  const response = await get("/account");
  if (!response.ok) return { signIn };
  // The API speaks the schemas of core; its own tests verify that.
  const { user }: Account = await response.json();
  const { id, email, name, role } = user;
  return { user: { id, email, ...(name !== undefined && { name }), role }, signIn };
}
