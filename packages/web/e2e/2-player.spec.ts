import { accessible } from "./accessible.ts";
import { closeSettings, openSetting, player } from "./adaptive.ts";
import { isReady, openLadder, stateOf } from "./ladder.ts";
import { expect, fitsPhone, test } from "./person.ts";

test("obeys the keyboard on the whole page, except in a field", { tag: "@firefox" }, async ({
  page,
}) => {
  await openLadder(page);
  const at = async (key: string, seconds: number, digits = 2) => {
    await page.keyboard.press(key);
    const now = async () => (await stateOf(page)).atSeconds;
    await expect.poll(now, key).toBeCloseTo(seconds, digits);
    return now();
  };
  // The length of a stream is exact only when its end has loaded.
  const half = await at("5", 3.5, 1);
  await at(".", half + 1 / 30);
  await at(",", half);
  await at("ArrowLeft", 0);
  await at("ArrowRight", 5);
  await at("j", 0);
  for (const muted of [true, false]) {
    await page.keyboard.press("m");
    await expect.poll(async () => (await stateOf(page)).muted).toBe(muted);
  }
  for (const key of ["k", "Space"]) {
    await page.keyboard.press(key);
    await expect.poll(async () => (await stateOf(page)).paused).toBe(false);
    await page.keyboard.press(key);
    await expect.poll(async () => (await stateOf(page)).paused).toBe(true);
  }
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(list).toBeVisible();
  await accessible(page, "the list of shortcuts");
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();

  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByLabel("Name of the video").fill("");
  await page.keyboard.type("k0m");
  await expect(page.getByLabel("Name of the video")).toHaveValue("k0m");
  expect(await stateOf(page)).toMatchObject({ paused: true, muted: false });
  await page.keyboard.press("Escape");
});

test("has the poster in the HTML, the URLs without a request, and the controls after the first picture or at a key", async ({
  page,
}) => {
  const { jobs } = await (await page.request.get("/api/jobs?q=ladder&status=complete")).json();
  const path = `/jobs/${jobs[0].id}`;
  await test.step("the poster and the URLs", async () => {
    const html = await (await page.request.get(path)).text();
    const [poster] = html.match(/<img [^>]*fetchPriority="high"[^>]*>/) ?? [];
    expect(poster).toMatch(/src="[^"]*poster[^"]*\.jpg/);
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await openLadder(page);
    expect(requests.filter((url) => url.includes(`/api${path}`))).toEqual([]);
  });
  await test.step("the controls", async () => {
    // Without the limit of a second, which a busy machine exceeds before the first picture.
    await page.addInitScript(() => {
      const { setTimeout } = window;
      const later = (run: TimerHandler, ms?: number) => setTimeout(run, ms === 1000 ? 1e6 : ms);
      Object.assign(window, { setTimeout: later });
    });
    const play = page.locator("media-play-button");
    await openLadder(page);
    await expect(play).toBeVisible();
    const segment = Promise.withResolvers<void>();
    const asked = page.waitForRequest(/\.cmfv/);
    await page.route(/\.cmfv/, (route) => segment.promise.then(() => route.continue()));
    await page.goto(path);
    await asked;
    await expect(play).toHaveCount(0);
    await page.keyboard.press("Tab");
    await expect(play).toBeVisible();
    await play.focus();
    await page.keyboard.press("Enter");
    segment.resolve();
    await expect.poll(async () => (await stateOf(page)).paused).toBe(false);
    await expect.poll(async () => (await stateOf(page)).atSeconds).toBeGreaterThan(0);
  });
});

test("has what a link opens in the HTML, for a browser, and begins without a request for it", async ({
  page,
  baseURL,
}) => {
  const origin = baseURL ?? "";
  const { jobs } = await (await page.request.get("/api/jobs?q=ladder&status=complete")).json();
  const share = async (more: object) => {
    const data = { expiresInHours: 1, origins: [origin], ...more };
    const made = await page.request.post(`/api/jobs/${jobs[0].id}/shares`, {
      ...{ data, headers: { origin } },
    });
    return (await made.json()).share;
  };
  const { url, embedUrl } = await share({});
  const secret = await share({ password: "open sesame" });
  // Headers of a browser's tab and of its frame. Programs that preview links send none.
  const htmlOf = async (from: string, dest?: string) => {
    const headers: Record<string, string> = dest === undefined ? {} : { "sec-fetch-dest": dest };
    const response = await page.request.get(from, { headers });
    expect(response.headers()["cache-control"]).toContain("no-store");
    return response.text();
  };
  const { title } = jobs[0];
  await test.step("the title, the poster and the stream", async () => {
    const html = await htmlOf(url, "document");
    expect(html).toMatch(new RegExp(`<h1[^>]*><bdi>${title}</bdi></h1>`));
    expect(html).toMatch(/<img [^>]*src="[^"]*poster[^"]*\.jpg/);
    expect(html).toContain("index.m3u8?");
    // What the API tells no visitor.
    expect(html).not.toContain('"downloadUrl');
    expect(await htmlOf(embedUrl, "iframe")).toContain("index.m3u8?");
  });
  await test.step("nothing for other programs, and nothing of a link with a password", async () => {
    for (const html of [await htmlOf(url), await htmlOf(embedUrl)]) {
      expect(html).not.toContain(title);
      expect(html).not.toContain("index.m3u8");
    }
    const html = await htmlOf(secret.url, "document");
    expect(html).toContain("protected by a password");
    for (const part of [title, "index.m3u8", "poster"]) expect(html).not.toContain(part);
  });
  await test.step("no request for it", async () => {
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(url);
    await isReady(page);
    await expect(page).toHaveTitle(title);
    expect(requests.filter((one) => one.includes("/api/watch/"))).toEqual([]);
  });
});

test("loads the beginning of the stream while the code of the page is still on its way", async ({
  page,
}) => {
  const { jobs } = await (await page.request.get("/api/jobs?q=ladder&status=complete")).json();
  const segment = page.waitForRequest(/\.cmfv/);
  await page.route(/\/chunks\/.*\.js/, async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    // The only code with these words.
    if (body.includes("All videos")) await segment;
    await route.fulfill({ response, body });
  });
  const playlists: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/index.m3u8")) playlists.push(request.url());
  });
  await page.goto(`/jobs/${jobs[0].id}`);
  await isReady(page);
  // The player continues with it. The storyboard reads the playlist once more.
  expect(playlists.length).toBeLessThanOrEqual(2);
});

test("loads one or two segments of a stream that nobody plays, and the rest when it plays", async ({
  page,
}) => {
  const segments = new Set<string>();
  page.on("request", (request) => {
    const [, number, track] = /_0*(\d+)\.cmf([av])/.exec(request.url()) ?? [];
    if (track !== undefined) segments.add(`${track === "a" ? "sound" : "picture"} ${number}`);
  });
  await openLadder(page);
  await page.waitForLoadState("networkidle");
  // Of four.
  expect([...segments].filter((one) => /[34]$/.test(one))).toEqual([]);
  expect(segments).toContain("picture 1");
  await page.locator("video").evaluate(async (video: HTMLVideoElement) => {
    video.muted = true;
    video.playbackRate = 4;
    const ended = new Promise((resolve) => video.addEventListener("ended", resolve));
    await video.play();
    await ended;
  });
  expect((await stateOf(page)).atSeconds).toBeGreaterThan(6.8);
  for (const track of ["picture", "sound"]) expect(segments).toContain(`${track} 4`);
});

test("shows chapters and a picture of the time over the seek bar", { tag: "@firefox" }, async ({
  page,
}) => {
  await openLadder(page);
  const bar = page.locator("media-time-range");
  const pointAt = async (part: number) => {
    const { width = 0 } = (await bar.boundingBox()) ?? {};
    await bar.hover({ position: { x: width * part, y: 12 } });
  };
  await pointAt(0.2);
  await expect(bar).toHaveAttribute("mediapreviewchapter", "Arrival");
  await pointAt(0.8);
  await expect(bar).toHaveAttribute("mediapreviewchapter", "The pier");
  const picture = page.locator("media-preview-thumbnail[slot=preview] img");
  await expect(picture).toHaveAttribute("src", /\/media\/job_.*\.jpg/);
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(1);
  await accessible(page, "the preview over the seek bar");
});

test("remembers captions, their size and the speed, and starts where a link says", {
  tag: "@firefox",
}, async ({ page }) => {
  await openLadder(page, "?t=5.5s");
  expect((await stateOf(page)).atSeconds).toBeCloseTo(5.5, 2);
  await page.keyboard.press("c");
  await expect.poll(async () => (await stateOf(page)).captions).toEqual(["Guten Morgen"]);
  await openSetting(page, "Speed");
  await accessible(page, "the speeds of the player");
  await page.getByRole("menuitemradio", { name: "1.5x" }).click();
  await closeSettings(page);
  await openSetting(page, "Captions size");
  await page.getByRole("menuitemradio", { name: "Very large" }).click();
  const sized = page.locator("video[data-captions-size=huge]");
  await expect(sized).toBeVisible();
  await fitsPhone(page, "the menu of the player");
  await closeSettings(page);
  await accessible(page, "a video with captions");

  await openLadder(page, "?t=2s");
  await expect(sized).toBeVisible();
  await expect
    .poll(() => stateOf(page))
    .toMatchObject({ atSeconds: 2, rate: 1.5, captions: ["Guten Morgen"], paused: true });
});

test("says why it cannot play, and plays when asked to try again", async ({ page, expected }) => {
  expected.messages.push(/Failed to load resource/);
  await page.route(/\/media\/.*\.(m3u8|mp4)/, (route) => route.abort());
  const { jobs } = await (await page.request.get("/api/jobs?q=ladder&status=complete")).json();
  await page.goto(`/jobs/${jobs[0].id}`);
  await expect(page.getByText("This video cannot be played right now.")).toBeVisible();
  await accessible(page, "a video that cannot be played");
  await page.unrouteAll();
  await page.getByRole("button", { name: "Try again" }).click();
  await isReady(page);
});

test("plays a file where the browser has no MediaSource", async ({ page }) => {
  await page.addInitScript(() => {
    for (const name of ["MediaSource", "ManagedMediaSource"]) Reflect.deleteProperty(window, name);
  });
  await openLadder(page);
  await expect(player(page)).not.toHaveAttribute("data-source", "hls");
  await page.keyboard.press("5");
  await expect.poll(async () => (await stateOf(page)).atSeconds).toBeCloseTo(3.5, 1);
  await accessible(page, "the player of a file");
});
