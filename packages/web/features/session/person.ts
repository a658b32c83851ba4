import { resource } from "@rushes/core/resource";
import { get } from "../../api/page.ts";
import type { Account, Person } from "../../lib/account/account.ts";

/**
 * The user of a page, as its header shows it. The server reads it while it renders the page, so that the header
 * neither waits for the browser's code nor changes afterwards. There is no user without a valid session, or if the
 * API fails; the page's own requests show why.
 */
export async function personOf(): Promise<{ user?: Person; signIn: boolean }> {
  const signIn = resource().SignIn.required;
  const response = await get("/account");
  if (!response.ok) return { signIn };
  // The API's tests verify that it returns core's types.
  const { user }: Account = await response.json();
  const { id, email, name, role } = user;
  return { user: { id, email, ...(name !== undefined && { name }), role }, signIn };
}
