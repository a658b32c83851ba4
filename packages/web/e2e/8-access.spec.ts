import type { Page } from "@playwright/test";
import * as Id from "@rushes/core/id";
import { ACCESS, type Column } from "../api/access.table.ts";
import { accessible } from "./accessible.ts";
import { annsVideo, ask, EXPECTED_FAILURES, PEOPLE, plays, signIn, test } from "./members.ts";
import { card, expect, fitsPhone, NAMES } from "./person.ts";

// Each test creates its own data, so that a failed test does not affect the others.
test.describe.configure({ timeout: 120_000 });

test("uploads, plays, tags and finds a member's video through the proxy, hidden from other members", async ({
  page,
  browser,
  baseURL,
  expected,
}) => {
  expected.messages.push(EXPECTED_FAILURES);
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
  await page.getByRole("link", { name: "Download …-720p.mp4" }).click();
  expect(await (await download).failure()).toBeNull();
  await page.getByRole("button", { name: "Add a tag" }).click();
  const field = page.getByLabel("New tag");
  await field.fill("Premiere");
  await field.press("Enter");
  await page.getByRole("list", { name: "Tags" }).getByRole("link", { name: "Premiere" }).click();
  await expect(page).toHaveURL(/\/jobs\?tag=premiere/i);
  await page.getByLabel("Search videos").fill("video m");
  await expect(page).toHaveURL(/q=video/);
  await expect(card(page, NAMES.mp4)).toBeVisible();
  expect(elsewhere, "requests to another origin than the site's").toEqual([]);

  const other = await browser.newContext();
  const bob = await other.newPage();
  await signIn(bob, "bob", "/jobs");
  await expect(bob.getByText(/No videos/i).first()).toBeVisible();
  await expect(bob.getByText(NAMES.mp4)).toHaveCount(0);
  const htmlOf = async (who: Page) => {
    const answer = await who.request.get("/jobs", { headers: { "sec-fetch-dest": "document" } });
    return answer.text();
  };
  expect(await htmlOf(page)).toContain(NAMES.mp4);
  expect(await htmlOf(bob)).not.toContain(NAMES.mp4);
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
  expected.messages.push(EXPECTED_FAILURES);
  await signIn(page, "ann", "/jobs");
  const video = await annsVideo(page);
  const [job, account] = [await ask(page, `/api${video}`), await ask(page, "/api/account")];
  const ids: Record<string, string> = { jobs: job.body.job.id, uploads: job.body.job.uploadId };
  const fill = (path: string) =>
    path
      .replace(/\/(jobs|uploads)\/\{id\}/, (_, noun: string) => `/${noun}/${ids[noun]}`)
      .replace(/\{owner\}|(?<=\/users\/)\{id\}/, account.body.user.id)
      .replace("{captions}", Id.create.captions())
      .replace("{time}", new Date().toISOString());
  /** All read requests except those of a link, and for users without access also the requests that change the owner's video. */
  const lines = Object.entries(ACCESS)
    .filter(([route]) => !/\/auth\/|\{address\}/.test(route))
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

test("shows users, their videos and the audit log to an admin, and not to a member", async ({
  page,
  browser,
  expected,
}) => {
  expected.messages.push(EXPECTED_FAILURES);
  const hers = await browser.newContext();
  const ann = await hers.newPage();
  await signIn(ann, "ann");
  await annsVideo(ann);
  await hers.close();
  const other = await browser.newContext();
  const bob = await other.newPage();
  await signIn(bob, "bob", "/jobs");
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

  await bob.goto("/admin/users");
  await expect(bob.getByText(PEOPLE.ann.email)).toHaveCount(0);
  for (const path of ["users", "audit?day=2026-01-01", "dead-letters"]) {
    expect((await ask(bob, `/api/admin/${path}`)).status, path).toBe(403);
  }
  await other.close();
});
