/** A stack that requires sign-in, and its users. */
import { randomBytes } from "node:crypto";
import { type BrowserContext, expect, type Page } from "@playwright/test";
import { freePort } from "@rushes/testing/ports";
import { type Account, type StackProcess, spawnStack } from "@rushes/testing/process";
import { test as base, card, NAMES, upload } from "./person.ts";

const password = () => randomBytes(12).toString("base64url");

export const PEOPLE = {
  ann: { email: "ann@example.com", password: password() },
  bob: { email: "bob@example.com", password: password() },
  root: { email: "root@example.com", password: password() },
} as const satisfies Record<string, Account>;
export type Name = keyof typeof PEOPLE;

export interface Site extends StackProcess {
  /** Secrets that must not appear in any log, by name. Tests add to them. */
  secrets: Record<string, string>;
}

/** One stack for all tests of a file: public mode on loopback, with the built-in identity provider. */
export const test = base.extend<object, { site: Site }>({
  site: [
    async ({ browserName }, use) => {
      expect(browserName).toBe("chromium");
      const port = String(await freePort());
      const secret = randomBytes(48).toString("base64");
      const stack = await spawnStack({
        settings: {
          RUSHES_PUBLIC: "yes",
          RUSHES_PUBLIC_URL: `http://127.0.0.1:${port}`,
          RUSHES_HOST: "127.0.0.1",
          RUSHES_PORT: port,
          RUSHES_SECRET: secret,
          RUSHES_ADMINS: PEOPLE.root.email,
        },
        accounts: Object.values(PEOPLE),
      });
      const { clientSecret } = JSON.parse(stack.env.SST_RESOURCE_SignIn ?? "{}");
      const secrets = { RUSHES_SECRET: secret, "the client's secret": clientSecret };
      for (const [name, person] of Object.entries(PEOPLE)) {
        Object.assign(secrets, { [`${name}'s password`]: person.password });
      }
      await use({ ...stack, secrets });
      await stack.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  baseURL: ({ site }, use) => use(site.dashboard),
});

/** Submits the provider's sign-in form. */
export async function typePassword(page: Page, email: string, secret: string): Promise<void> {
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(secret);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Signs in and waits for the requested page. */
export async function signIn(page: Page, name: Name, to = "/"): Promise<void> {
  await page.goto(to);
  await page.getByRole("link", { name: "Sign in" }).click();
  const { email, password: secret } = PEOPLE[name];
  await typePassword(page, email, secret);
  await expect(page).toHaveURL((url) => `${url.pathname}${url.search}` === to);
}

/** Adds the browser's cookies to the secrets that must not appear in the logs. */
export async function remember(context: BrowserContext, secrets: Site["secrets"]): Promise<void> {
  for (const { name, value } of await context.cookies()) {
    secrets[`the cookie ${name} #${Object.keys(secrets).length}`] = value;
  }
}

/** Calls the API from the page, with the browser's cookies. */
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

/** Chromium logs every failed response, including the expected ones. */
export const EXPECTED_FAILURES =
  /Failed to load resource: the server responded with a status of 40[0134]/;

/** Plays the video of the page, and fails if it stands still. */
export async function plays(page: Page): Promise<void> {
  const video = page.locator("video");
  await video.evaluate((element: HTMLVideoElement) => {
    element.muted = true;
    return element.play();
  });
  await expect
    .poll(() => video.evaluate((element: HTMLVideoElement) => element.currentTime))
    .toBeGreaterThan(0.3);
}

let uploaded: Promise<string> | undefined;
/** The path of Ann's video. The first call uploads it. `page` must be signed in as Ann. */
export function annsVideo(page: Page): Promise<string> {
  uploaded ??= (async () => {
    const path = await upload(page, "mp4");
    await expect(card(page, NAMES.mp4)).toHaveAttribute("data-status", "complete", {
      timeout: 60_000,
    });
    return path;
  })();
  return uploaded;
}
