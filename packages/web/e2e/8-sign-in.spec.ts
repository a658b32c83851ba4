import { createServer } from "node:http";
import type { Page } from "@playwright/test";
import { ACCESS, type Column } from "../api/access.table.ts";
import { leaks } from "./leaks.ts";
import { ask, PEOPLE, remember, signIn, test, typePassword } from "./members.ts";
import { accessible, card, choose, expect, fileRow, fitsPhone, NAMES, upload } from "./person.ts";

// Each test creates its own data, so that a failed test does not affect the others.
test.describe.configure({ timeout: 120_000 });

/** Chromium logs every failed response, including the expected ones. */
const REFUSED = /Failed to load resource: the server responded with a status of 40[0134]/;

async function plays(page: Page): Promise<void> {
  const video = page.locator("video");
  await video.evaluate((element: HTMLVideoElement) => {
    element.muted = true;
    return element.play();
  });
  await expect
    .poll(() => video.evaluate((element: HTMLVideoElement) => element.currentTime))
    .toBeGreaterThan(0.3);
}

/** A server with one page, which embeds the URL in a frame. */
async function siteOf(frame: () => string) {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><title>Elsewhere</title><iframe src="${frame()}"></iframe>`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return { origin: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

let uploaded: Promise<string> | undefined;
/** The path of Ann's video. The first call uploads it. `page` must be signed in as Ann. */
function annsVideo(page: Page): Promise<string> {
  uploaded ??= (async () => {
    const path = await upload(page, "mp4");
    await expect(card(page, NAMES.mp4)).toHaveAttribute("data-status", "complete", {
      timeout: 60_000,
    });
    return path;
  })();
  return uploaded;
}

test("redirects to sign-in and back, and shows a wrong password and a provider that is down", async ({
  page,
  expected,
}) => {
  expected.messages.push(REFUSED);
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

test("uploads and plays a member's video through the proxy, hidden from other members", async ({
  page,
  browser,
  baseURL,
  expected,
}) => {
  expected.messages.push(REFUSED);
  await signIn(page, "ann");
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== baseURL) elsewhere.push(request.url());
  });
  const video = await annsVideo(page);
  await page.goto(video);
  await plays(page);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download 720p" }).click();
  expect(await (await download).failure()).toBeNull();
  expect(elsewhere, "requests to another origin than the site's").toEqual([]);

  const other = await browser.newContext();
  const bob = await other.newPage();
  await signIn(bob, "bob", "/jobs");
  await expect(bob.getByText(/No videos/i).first()).toBeVisible();
  await expect(bob.getByText(NAMES.mp4)).toHaveCount(0);
  expect((await bob.goto(video))?.status()).toBe(404);
  await expect(bob.getByText(NAMES.mp4)).toHaveCount(0);
  const missing = `${video.slice(0, -4)}0000`;
  const [foreign, none] = [await ask(bob, `/api${video}`), await ask(bob, `/api${missing}`)];
  expect(foreign).toEqual(none);
  expect(foreign.status).toBe(404);
  await other.close();
});

test("enforces the access table for every user of the provider", async ({
  page,
  browser,
  expected,
}) => {
  expected.messages.push(REFUSED);
  await signIn(page, "ann", "/jobs");
  const video = await annsVideo(page);
  const [job, account] = [await ask(page, `/api${video}`), await ask(page, "/api/account")];
  const ids: Record<string, string> = { jobs: job.body.job.id, uploads: job.body.job.uploadId };
  const fill = (path: string) =>
    path
      .replace(/\/(jobs|uploads)\/\{id\}/, (_, noun: string) => `/${noun}/${ids[noun]}`)
      .replace(/\{owner\}|(?<=\/users\/)\{id\}/, account.body.user.id)
      .replace("{time}", new Date().toISOString());
  /** All read requests, and for users without access also the requests that change the owner's video. */
  const lines = Object.entries(ACCESS)
    .filter(([route]) => !route.includes("/auth/"))
    .map(([route, line]) => ({ route, line, ask: route.split(" ") }));
  const walk = async (who: Page, column: Column) => {
    for (const { route, line, ask: asked } of lines) {
      const [method = "", path = ""] = asked;
      const outcome = line.who[column];
      const harmless =
        method === "GET" || (outcome !== "yes" && /\/(jobs|uploads)\/\{id\}/.test(path));
      // These routes validate their body first.
      if (!harmless || /^(PATCH|POST .*(shares|sign))/.test(route)) continue;
      const { status } = await ask(who, `/api${fill(path)}`, method);
      const wanted = outcome === "yes" ? line.status : Number(outcome.slice(0, 3));
      expect(`${route} for ${column}: ${status}`).toBe(`${route} for ${column}: ${wanted}`);
    }
  };
  await walk(page, "owner");
  for (const [column, name] of [
    ["nobody", undefined],
    ["other", "bob"],
    ["admin", "root"],
  ] as const) {
    const context = await browser.newContext();
    const who = await context.newPage();
    if (name) await signIn(who, name, "/jobs");
    else await who.goto("/sign-in");
    await walk(who, column);
    await context.close();
  }
  expect((await ask(page, `/api${video}`)).status).toBe(200);
});

test("ends the session on sign-out, and shows nothing when you go back", async ({
  page,
  site,
  expected,
}) => {
  expected.messages.push(REFUSED);
  await signIn(page, "ann", "/jobs");
  await annsVideo(page);
  await page.goto("/jobs");
  await expect(page.getByRole("link", { name: NAMES.mp4 })).toBeVisible();
  await remember(page.context(), site.secrets);
  const before = await page.context().cookies();
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText(NAMES.mp4)).toHaveCount(0);
  // Also for anyone who copied the cookies.
  await page.context().addCookies(before);
  expect((await ask(page, "/api/account")).status).toBe(401);
  await page.context().clearCookies();
});

test("shows users, their videos and the audit log to an admin, and not to a member", async ({
  page,
  browser,
  expected,
}) => {
  expected.messages.push(REFUSED);
  const hers = await browser.newContext();
  const ann = await hers.newPage();
  await signIn(ann, "ann");
  await annsVideo(ann);
  await hers.close();
  await signIn(page, "root", "/admin/users");
  const users = page.getByRole("list", { name: "Users" });
  for (const { email } of Object.values(PEOPLE)) await expect(users).toContainText(email);
  await accessible(page, "the page of users");
  await fitsPhone(page, "the page of users");
  await page.getByRole("link", { name: `Videos of ${PEOPLE.ann.email}` }).click();
  await expect(page.getByText(NAMES.mp4).first()).toBeVisible();
  await accessible(page, "another user's videos");
  await page.goto("/admin/audit");
  await expect(page.getByRole("list", { name: /^Events/ })).toContainText(PEOPLE.ann.email);
  await accessible(page, "the audit");
  await fitsPhone(page, "the audit");
  await page.goto("/admin/dead-letters");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await accessible(page, "the dead letters");

  const other = await browser.newContext();
  const bob = await other.newPage();
  await signIn(bob, "bob", "/admin/users");
  await expect(bob.getByText(PEOPLE.ann.email)).toHaveCount(0);
  for (const path of ["users", "audit?day=2026-01-01", "dead-letters"]) {
    expect((await ask(bob, `/api/admin/${path}`)).status, path).toBe(403);
  }
  await other.close();
});

test("accepts a token created in the settings until it is revoked", async ({
  page,
  site,
  baseURL,
}) => {
  await signIn(page, "ann");
  await annsVideo(page);
  await page.goto("/settings");
  await expect(page.getByRole("heading", { name: "API tokens" })).toBeVisible();
  await accessible(page, "the settings");
  await fitsPhone(page, "the settings");
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("night job");
  await accessible(page, "the form of a token");
  await page.getByRole("button", { name: "Create token" }).click();
  const token = await page.getByLabel(/^Token “night job”/).inputValue();
  expect(token).toMatch(/^rsh_[0-9A-Za-z]{38}$/);
  site.secrets["the token"] = token;
  await accessible(page, "a new token");
  await page.getByRole("button", { name: "Done" }).click();
  const asked = () =>
    fetch(`${baseURL}/api/jobs`, { headers: { authorization: `Bearer ${token}` } });
  const answer = await asked();
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain(NAMES.mp4);
  await page.getByRole("button", { name: "Revoke the token night job" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("No tokens yet.")).toBeVisible();
  expect((await asked()).status).toBe(401);
});

test("plays a share link without sign-in, asks for its password, limits its embedding, and revokes it", async ({
  page,
  browser,
  baseURL,
  site,
}) => {
  let frame = "";
  const listed = await siteOf(() => frame);
  const foreign = await siteOf(() => frame);
  await signIn(page, "ann");
  await page.goto(await annsVideo(page));
  await page.getByRole("button", { name: "Share" }).click();
  const form = page.getByRole("form", { name: "New link" });
  const password = "open sesame 47";
  site.secrets["the share's password"] = password;
  await form.getByLabel("Password (optional)").fill(password);
  await form.getByLabel(/^Allowed embed domains/).fill(listed.origin);
  await form.getByRole("button", { name: "Create link" }).click();
  const link = page.getByLabel("Link", { exact: true });
  await expect(link).toHaveValue(/\/watch\//);
  await accessible(page, "the dialog of links");
  const url = await link.inputValue();
  site.secrets["the share's address"] = url.slice(url.lastIndexOf("/") + 1);

  const context = await browser.newContext();
  const visitor = await context.newPage();
  await visitor.goto(url);
  await expect(
    visitor.getByRole("heading", { name: "This video is protected by a password" }),
  ).toBeVisible();
  await accessible(visitor, "the question for a link's password");
  await fitsPhone(visitor, "the question for a link's password");
  await visitor.getByLabel("Password").fill("open barley");
  await visitor.getByRole("button", { name: "Watch" }).click();
  await expect(visitor.getByText("The password is incorrect.")).toBeVisible();
  await visitor.getByLabel("Password").fill(password);
  await visitor.getByRole("button", { name: "Watch" }).click();
  await plays(visitor);
  await visitor.locator("video").evaluate((element: HTMLVideoElement) => element.pause());
  await accessible(visitor, "the page of a link");
  await fitsPhone(visitor, "the page of a link");
  expect(await context.cookies(), "cookies of a visitor").toEqual([]);
  const source = await visitor.locator("video").evaluate((element) => {
    return element instanceof HTMLVideoElement ? element.currentSrc : "";
  });
  const ends = Number(new URL(source).searchParams.get("Expires")) * 1000;
  expect(ends - Date.now()).toBeLessThanOrEqual(60_000);
  expect(new URL(source).pathname).toMatch(/^\/media\//);

  frame = url.replace("/watch/", "/embed/");
  await visitor.goto(listed.origin);
  const framed = visitor.frameLocator("iframe");
  await framed.getByLabel("Password").fill(password);
  await framed.getByRole("button", { name: "Watch" }).click();
  await expect(framed.locator("video")).toBeVisible();
  await visitor.goto(foreign.origin);
  await expect.poll(() => visitor.frames().at(-1)?.url()).toMatch(/^chrome-error:/);
  frame = url;
  await visitor.goto(listed.origin);
  await expect.poll(() => visitor.frames().at(-1)?.url()).toMatch(/^chrome-error:/);

  await page.getByRole("button", { name: "Revoke" }).click();
  const revoked = page.waitForResponse(
    (response) => response.request().method() === "DELETE" && response.ok(),
  );
  const asked = page.getByRole("dialog", { name: "Revoke this link?" });
  await asked.getByRole("button", { name: "Revoke" }).click();
  await revoked;
  await visitor.goto(url);
  await expect(visitor.getByRole("heading", { name: "This video is not available" })).toBeVisible();
  await accessible(visitor, "the page of a link that has ended");
  const address = url.slice(url.lastIndexOf("/") + 1);
  const answer = await fetch(`${baseURL}/api/watch/${address}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ password }),
  });
  expect(answer.status).toBe(404);
  await context.close();
  listed.close();
  foreign.close();
});

test("pauses an upload when the session ends, and resumes after sign-in without sending a part twice", async ({
  page,
  browser,
  expected,
}) => {
  expected.messages.push(REFUSED);
  await signIn(page, "ann");
  const parts = new Map<string, number>();
  page.on("requestfinished", (request) => {
    const part = new URL(request.url()).searchParams.get("partNumber");
    if (request.method() === "PUT" && part) parts.set(part, (parts.get(part) ?? 0) + 1);
  });
  // Slow enough that the session ends before most of the file is sent.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  const line = { offline: false, latency: 5, downloadThroughput: -1 };
  await devtools.send("Network.emulateNetworkConditions", { ...line, uploadThroughput: 6e6 });
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

  const notice = page.getByRole("complementary", { name: "Sign-in" });
  await expect(notice).toContainText("You are signed out.");
  await accessible(page, "the page after its session has ended");
  await fitsPhone(page, "the page after its session has ended");
  await expect(row).not.toHaveAttribute("data-status", "failed");
  await devtools.send("Network.emulateNetworkConditions", { ...line, uploadThroughput: -1 });
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
