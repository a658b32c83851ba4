import { readFile } from "node:fs/promises";
import type { APIRequestContext, Page } from "@playwright/test";
import { until } from "@rushes/testing/until";
import { withEagerModules } from "../build/eager-modules.ts";
import { uploadThroughApi } from "./api-upload.ts";
import type { Clip } from "./clips.ts";
import {
  latePages,
  load,
  loadInParts,
  open,
  openLate,
  recordShifts,
  shifted,
  slowLine,
  sum,
} from "./loads.ts";
import { clipPath, expect, NAMES, test } from "./person.ts";

/** How often each page is loaded in each state. Set `RUSHES_E2E_LOADS=20` to find a rare fault. */
const LOADS = Number(process.env.RUSHES_E2E_LOADS ?? 1);
/** How many times slower the processor is then. It takes three quarters of the CPU time of this file. */
const SLOWDOWN = LOADS > 1 ? 4 : 1;
const MOST_SHIFT = 0.02;
/** Bytes of scripts after gzip -9 that a page may load without an interaction: `video` in addition to the shell. */
const MOST = { shell: 150_000, list: 162_000, watch: 145_000, video: 12_000, player: 265_000 };
const VIEWS = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 390, height: 844 },
];

/** `SHELL` is not a page, and the page after a sign-in closes itself if a script opened it. */
const EXPECTED = [/status of 404/, /^Scripts may close only the windows that were opened by them/];

/** A URL without a page: it loads only the layout that all pages share. */
const SHELL = "/nowhere";
let video = "";
let adaptive = "";
let watch = "";
let pages: string[] = [];

/** The id of a video in this status. Uploads the clip if the earlier files of tests did not run. */
async function idOf(
  request: APIRequestContext,
  clip: Clip,
  status: string,
  profile = "original",
): Promise<string> {
  const find = async (): Promise<string | undefined> => {
    const query = `q=${encodeURIComponent(NAMES[clip])}&status=${status}&limit=1`;
    const { jobs } = await (await request.get(`/api/jobs?${query}`)).json();
    return jobs[0]?.id;
  };
  const found = await find();
  if (found !== undefined) return found;
  const body = await readFile(clipPath(clip));
  await uploadThroughApi(request, [{ name: NAMES[clip], body }], profile);
  return until(find);
}

/** The page of a new share link. */
async function sharedPath(request: APIRequestContext, id: string): Promise<string> {
  const made = await request.post(`/api/jobs/${id}/shares`, { data: { expiresInHours: 1 } });
  return new URL((await made.json()).share.url).pathname;
}

test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({
    baseURL,
    extraHTTPHeaders: { origin: baseURL ?? "" },
  });
  const id = await idOf(request, "mp4", "complete");
  const rejected = await idOf(request, "notes", "rejected");
  video = `/jobs/${id}`;
  adaptive = await sharedPath(request, await idOf(request, "flashes", "complete", "web"));
  watch = await sharedPath(request, id);
  pages = [
    ...["/", "/jobs", "/jobs?status=canceled&q=nothing", video, `/jobs/${rejected}`, watch],
    ...[watch.replace("/watch/", "/embed/"), "/settings", "/admin/users", "/admin/audit"],
    ...["/admin/dead-letters", "/admin/deployments", SHELL, "/sign-in", "/signed-in"],
  ];
  await request.dispose();
});

/** Visits the paths one after the other in a new tab, and returns the results of `visit`. */
async function inTab<Result>(
  page: Page,
  paths: readonly string[],
  visit: (tab: Page, path: string) => Promise<Result>,
  prepare: (tab: Page) => Promise<void>,
): Promise<Result[]> {
  const tab = await page.context().newPage();
  await prepare(tab);
  const results: Result[] = [];
  for (const path of paths) results.push(await visit(tab, path));
  await tab.close();
  return results;
}

test("loads no more code than its budget before the first interaction, on every page", async ({
  page,
  expected,
}) => {
  expected.messages.push(/status of 404/);
  const controls = "media-play-button";
  const watched = await loadInParts(page, watch, controls);
  const viewed = await loadInParts(page, video, controls);
  // With hls.js, which a video without a stream does not need.
  const streamed = await loadInParts(page, adaptive, controls);
  const shell = sum(await load(page, SHELL));
  const weights = {
    shell,
    "/": sum(await load(page, "/")),
    "/jobs": sum(await load(page, "/jobs")),
    watch: sum(watched.first),
    video: sum(viewed.first) - shell,
    player: sum(streamed.later),
  };
  test.info().annotations.push({ type: "bytes", description: JSON.stringify(weights) });
  expect(weights.shell, "what surrounds every page").toBeLessThanOrEqual(MOST.shell);
  expect(weights["/"], "the upload page").toBeLessThanOrEqual(MOST.list);
  expect(weights["/jobs"], "the list").toBeLessThanOrEqual(MOST.list);
  expect(weights.watch, "a shared video").toBeLessThanOrEqual(MOST.watch);
  expect(weights.video, "the page of a video").toBeLessThanOrEqual(MOST.video);
  expect(weights.player, "the player of a stream").toBeLessThanOrEqual(MOST.player);
  expect(watched.later.size, "the controls load after the page").toBeGreaterThan(0);
});

test("lets the browser compile the large modules of its scripts while they load", async ({
  page,
}) => {
  const urls: string[] = [];
  page.on("request", (request) => {
    if (request.resourceType() === "script") urls.push(request.url());
  });
  await page.goto(video);
  await expect(page.locator("media-play-button")).toBeVisible();
  const scripts = await Promise.all(urls.map(async (url) => (await page.request.get(url)).text()));
  expect(scripts.filter((script) => withEagerModules(script) !== script)).toEqual([]);
  const changed = scripts.filter((script) => /,\d+,\(\(?\w.*=>\{/.test(script.slice(0, 1000)));
  expect(changed.length).toBeGreaterThan(0);
});

/** Visits every page in new tabs: with late scripts, and on each screen with late data. Returns what moved there. */
async function visitAll(page: Page): Promise<string[]> {
  const times = Array.from({ length: LOADS }, () => pages).flat();
  const shell = await load(page, SHELL);
  const late = inTab(
    page,
    times,
    (tab, path) => openLate(tab, path, SLOWDOWN),
    (tab) => latePages(tab, shell),
  );
  const views = VIEWS.map((view) =>
    inTab(
      page,
      times,
      async (tab, path) => {
        await open(tab, path);
        const { total, of } = await shifted(tab);
        return total > MOST_SHIFT ? `${path} at ${view.width}: ${total}\n${of.join("\n")}` : "";
      },
      async (tab) => {
        await slowLine(tab);
        await tab.setViewportSize(view);
      },
    ),
  );
  const [moved] = await Promise.all([Promise.all(views), late]);
  return moved.flat().filter((one) => one !== "");
}

test("shifts no layout on any screen, and hydrates every page as it was rendered, whether its code or its data arrives first", async ({
  page,
  expected,
}) => {
  test.setTimeout(60_000 + LOADS * 240_000);
  // Any console message fails the test, for example a hydration mismatch.
  expected.messages.push(...EXPECTED);
  await recordShifts(page.context());
  expect(await visitAll(page)).toEqual([]);
});

test("fits the renditions table into its page without scrolling", async ({ page }) => {
  for (const view of VIEWS.slice(0, 2)) {
    await page.setViewportSize(view);
    await page.goto(video);
    const table = page.getByRole("region", { name: "Table of renditions" });
    await expect(table.getByRole("link", { name: "Download …-1080p.mp4" })).toBeVisible();
    const { scroll, client } = await table.evaluate(({ scrollWidth, clientWidth }) => ({
      scroll: scrollWidth,
      client: clientWidth,
    }));
    expect(scroll, `at ${view.width} px`).toBeLessThanOrEqual(client);
  }
});

test("has the list of videos in the HTML of a page load, and of nothing else", async ({ page }) => {
  const list = `/jobs?status=complete&q=${encodeURIComponent(NAMES.mp4)}`;
  const htmlOf = async (headers: Record<string, string>) => {
    const response = await page.request.get(list, { headers });
    expect(response.headers()["cache-control"]).toContain("no-store");
    return response.text();
  };
  // Headers of a browser's page load and of its navigation within the app. Programs send none.
  expect(await htmlOf({ "sec-fetch-dest": "document" })).toContain('<li data-job="job_');
  expect(await htmlOf({ "sec-fetch-dest": "empty" })).not.toContain("job_");
  expect(await htmlOf({})).not.toContain("job_");
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(list);
  // The code of the page sets it.
  await expect(page.getByLabel("Search videos")).toHaveValue(NAMES.mp4);
  await page.getByRole("link", { name: "Upload" }).click();
  await page.waitForURL("/");
  await expect(page.getByRole("list", { name: "Videos" })).toBeVisible();
  const lists = requests.filter((url) => /\/api\/jobs(?!.*changedSince)/.test(url));
  expect(lists.map((url) => new URL(url).search)).toEqual([""]);
});

test("loads the first posters at once, and the others when they become visible", async ({
  page,
}) => {
  await page.goto("/jobs?status=complete");
  const posters = page.getByRole("list", { name: "Videos" }).locator("img");
  await expect(posters.first()).toHaveAttribute("loading", "eager");
  await expect(posters.first()).toHaveAttribute("fetchpriority", "high");
});
