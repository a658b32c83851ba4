import { accessible } from "./accessible.ts";
import { leaks } from "./leaks.ts";
import {
  annsVideo,
  ask,
  EXPECTED_FAILURES,
  PEOPLE,
  remember,
  signIn,
  test,
  typePassword,
} from "./members.ts";
import { choose, expect, fileRow, fitsPhone, NAMES } from "./person.ts";
import { SLOW, speedOf, UNLIMITED } from "./speed.ts";

// Each test creates its own data, so that a failed test does not affect the others.
test.describe.configure({ timeout: 120_000 });

test("redirects to sign-in and back, and shows a wrong password and a provider that is down", async ({
  page,
  expected,
}) => {
  expected.messages.push(EXPECTED_FAILURES);
  await page.goto("/jobs?q=nothing");
  await expect(page).toHaveURL(/\/sign-in\?returnTo=%2Fjobs%3Fq%3Dnothing$/);
  await accessible(page, "the way in");
  await fitsPhone(page, "the way in");
  await page.goto("/sign-in?problem=signin.unavailable&returnTo=%2Fjobs%3Fq%3Dnothing");
  await expect(page.getByRole("alert").filter({ hasText: "does not respond" })).toBeVisible();
  await accessible(page, "the way in while the provider is down");
  await page.getByRole("link", { name: "Sign in" }).click();
  await accessible(page, "the provider's sign-in");
  await fitsPhone(page, "the provider's sign-in");
  await typePassword(page, PEOPLE.ann.email, "not Ann's password");
  await expect(page.getByRole("alert")).toContainText("is incorrect");
  await accessible(page, "the provider's sign-in after a wrong password");
  await typePassword(page, PEOPLE.ann.email, PEOPLE.ann.password);
  await expect(page).toHaveURL(/\/jobs\?q=nothing$/);
});

test("ends the session on sign-out, and shows nothing when you go back", async ({
  page,
  site,
  expected,
}) => {
  expected.messages.push(EXPECTED_FAILURES);
  await signIn(page, "ann", "/jobs");
  await annsVideo(page);
  await page.goto("/jobs");
  await expect(page.getByRole("link", { name: NAMES.mp4 })).toBeVisible();
  await remember(page.context(), site.secrets);
  const before = await page.context().cookies();
  const databases = () =>
    page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  await page.evaluate(() => void indexedDB.open("rushes-uploads"));
  await expect.poll(databases).toContain("rushes-uploads");
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await expect.poll(databases).toEqual([]);
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText(NAMES.mp4)).toHaveCount(0);
  // Also for anyone who copied the cookies.
  await page.context().addCookies(before);
  expect((await ask(page, "/api/account")).status).toBe(401);
  await page.context().clearCookies();
});

test("pauses an upload when the session ends, and resumes after sign-in without sending a part twice", async ({
  page,
  browser,
  expected,
}) => {
  expected.messages.push(EXPECTED_FAILURES);
  await signIn(page, "ann");
  const parts = new Map<string, number>();
  page.on("requestfinished", (request) => {
    const part = new URL(request.url()).searchParams.get("partNumber");
    if (request.method() === "PUT" && part) parts.set(part, (parts.get(part) ?? 0) + 1);
  });
  // The session ends before the file is sent.
  const speed = await speedOf(page);
  await speed(SLOW);
  await choose(page, "large");
  const row = fileRow(page, NAMES.large);
  await expect(row).toHaveAttribute("data-status", "sending");

  const other = await browser.newContext();
  const second = await other.newPage();
  await signIn(second, "ann");
  const { body } = await ask(second, "/api/account/sessions");
  for (const { id, current } of body.sessions) {
    if (!current) await ask(second, `/api/account/sessions/${id}`, "DELETE");
  }
  await other.close();
  await speed(UNLIMITED);

  const notice = page.getByRole("complementary", { name: "Sign-in" });
  await expect(notice).toContainText("You are signed out.");
  await accessible(page, "the page after its session has ended");
  await fitsPhone(page, "the page after its session has ended");
  await expect(row).not.toHaveAttribute("data-status", "failed");
  const opens = page.context().waitForEvent("page");
  await notice.getByRole("link", { name: "Sign in" }).click();
  const popup = await opens;
  await popup.getByRole("link", { name: "Sign in" }).click();
  // The provider's own session may still be active.
  if (
    !popup.isClosed() &&
    (await popup
      .getByLabel("Email address")
      .isVisible()
      .catch(() => false))
  ) {
    await typePassword(popup, PEOPLE.ann.email, PEOPLE.ann.password);
  }
  await expect.poll(() => popup.isClosed()).toBe(true);
  await expect(notice).toBeHidden();
  await expect(row.getByRole("link", { name: /^Open the video/ })).toBeVisible({ timeout: 60_000 });
  expect(parts.size).toBeGreaterThan(1);
  expect([...parts.values()].every((times) => times === 1)).toBe(true);
});

test("writes no secret to any log", async ({ page, site }) => {
  await signIn(page, "root");
  await remember(page.context(), site.secrets);
  // The secrets of the stack, the passwords of the users, and a cookie.
  expect(Object.keys(site.secrets).length).toBeGreaterThan(5);
  expect(leaks(await site.logs(), site.secrets)).toEqual([]);
});
