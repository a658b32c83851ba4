/** A home in which people sign in, and the people. */
import { randomBytes } from "node:crypto";
import { type BrowserContext, expect, type Page } from "@playwright/test";
import { type Account, freePort, type Home, startHome } from "@rushes/testing/process";
import { test as base } from "./person.ts";

const password = () => randomBytes(12).toString("base64url");

export const PEOPLE = {
  ann: { email: "ann@example.com", password: password() },
  bob: { email: "bob@example.com", password: password() },
  root: { email: "root@example.com", password: password() },
} as const satisfies Record<string, Account>;
export type Name = keyof typeof PEOPLE;

export interface Site extends Home {
  /** What must stand in no log: by its name. Grows while the tests run. */
  secrets: Record<string, string>;
}

/** One home for all tests of a file, in public on loopback, with the provider that Rushes brings. */
export const test = base.extend<object, { site: Site }>({
  site: [
    async ({ browserName }, use) => {
      expect(browserName).toBe("chromium");
      const port = String(await freePort());
      const secret = randomBytes(48).toString("base64");
      const home = await startHome(
        {
          RUSHES_PUBLIC: "yes",
          RUSHES_PUBLIC_URL: `http://127.0.0.1:${port}`,
          RUSHES_HOST: "127.0.0.1",
          RUSHES_PORT: port,
          RUSHES_SECRET: secret,
          RUSHES_ADMINS: PEOPLE.root.email,
        },
        Object.values(PEOPLE),
      );
      const { clientSecret } = JSON.parse(home.env.SST_RESOURCE_SignIn ?? "{}");
      const secrets = { RUSHES_SECRET: secret, "the client's secret": clientSecret };
      for (const [name, person] of Object.entries(PEOPLE)) {
        Object.assign(secrets, { [`${name}'s password`]: person.password });
      }
      await use({ ...home, secrets });
      await home.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
  baseURL: ({ site }, use) => use(site.dashboard),
});

/** Fills in the provider's page. */
export async function typePassword(page: Page, email: string, secret: string): Promise<void> {
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(secret);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Signs in and resolves on the page that was asked for. */
export async function signIn(page: Page, name: Name, to = "/"): Promise<void> {
  await page.goto(to);
  await page.getByRole("link", { name: "Sign in" }).click();
  const { email, password: secret } = PEOPLE[name];
  await typePassword(page, email, secret);
  await expect(page).toHaveURL((url) => `${url.pathname}${url.search}` === to);
}

/** Remembers what the browser keeps, to be looked for in the logs. */
export async function remember(context: BrowserContext, secrets: Site["secrets"]): Promise<void> {
  for (const { name, value } of await context.cookies()) {
    secrets[`the cookie ${name} #${Object.keys(secrets).length}`] = value;
  }
}

/** The API, asked by the page itself with what its browser has. */
export function ask(page: Page, path: string, method = "GET") {
  return page.evaluate(
    async ([to, how]) => {
      const answer = await fetch(to, { method: how });
      const text = await answer.text();
      return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
    },
    [path, method] as const,
  );
}
