import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { accessible } from "./accessible.ts";
import { siteOf } from "./elsewhere.ts";
import { annsVideo, plays, signIn, test } from "./members.ts";
import { expect, fitsPhone, NAMES } from "./person.ts";

// Each test creates its own data, so that a failed test does not affect the others.
test.describe.configure({ timeout: 120_000 });

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
  // The scope for access keys is for admins.
  await expect(page.getByRole("checkbox")).toHaveCount(4);
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

test("lets an admin's token with the scope for access keys list these, and nothing else", async ({
  page,
  site,
  baseURL,
}) => {
  await signIn(page, "root", "/settings");
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("card readers");
  for (const name of [/^Upload/, /^Read/]) await page.getByRole("checkbox", { name }).uncheck();
  await page.getByRole("checkbox", { name: /^Access keys/ }).check();
  await accessible(page, "the form of an admin's token");
  await page.getByRole("button", { name: "Create token" }).click();
  const token = await page.getByLabel(/^Token “card readers”/).inputValue();
  site.secrets["the admin's token"] = token;
  await page.getByRole("button", { name: "Done" }).click();
  const statusOf = async (route: string) =>
    (await fetch(`${baseURL}/api/${route}`, { headers: { authorization: `Bearer ${token}` } }))
      .status;
  expect([await statusOf("keys"), await statusOf("jobs")]).toEqual([200, 403]);
  await page.getByRole("button", { name: "Revoke the token card readers" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("No tokens yet.")).toBeVisible();
  expect(await statusOf("keys")).toBe(401);
});

test("lets an S3 tool upload with an admin's access key until it is revoked", async ({
  page,
  site,
}) => {
  await signIn(page, "root", "/settings");
  await page.getByRole("button", { name: "New access key" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Card reader");
  await expect(page.getByLabel("Owner of the videos")).toHaveValue("");
  await accessible(page, "the form of an access key");
  await page.getByRole("button", { name: "Create access key" }).click();
  const dialog = page.getByRole("dialog");
  const secretAccessKey = await dialog.getByLabel(/^Secret access key “Card/).inputValue();
  site.secrets["the secret access key"] = secretAccessKey;
  const accessKeyId = (await dialog.getByText(/^RSHK/).textContent()) ?? "";
  await expect(dialog.getByText(new URL(site.dashboard).origin)).toBeVisible();
  await accessible(page, "a new access key");
  await page.getByRole("button", { name: "Done" }).click();
  const s3 = new S3Client({
    endpoint: site.dashboard,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  const notes = { Bucket: "rushes-uploads", Key: "card/notes.xml" };
  await s3.send(new PutObjectCommand({ ...notes, Body: "<notes/>" }));
  const list = () => s3.send(new ListObjectsV2Command({ Bucket: notes.Bucket, Prefix: "card/" }));
  expect((await list()).Contents?.map(({ Key }) => Key)).toEqual([notes.Key]);
  await expect(s3.send(new GetObjectCommand(notes))).rejects.toThrow("Access Denied");
  await accessible(page, "the settings of an admin");
  await fitsPhone(page, "the settings of an admin");
  await page.getByRole("button", { name: "Revoke the access key Card reader" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("No access keys yet.")).toBeVisible();
  const problem = () =>
    list().then(
      () => "none",
      (error: Error) => error.name,
    );
  await expect.poll(problem).toBe("InvalidAccessKeyId");
  s3.destroy();
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
  // All of it is selected, and its beginning is in view.
  const selected = await link.evaluate((field: HTMLInputElement) => [
    field.selectionStart,
    field.selectionEnd === field.value.length,
    field.scrollLeft,
  ]);
  expect(selected).toEqual([0, true, 0]);
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

test("shows a preview of a link, and lets its visitors download, if its owner allows both", async ({
  page,
  browser,
}) => {
  await signIn(page, "ann");
  await page.goto(await annsVideo(page));
  await page.getByRole("button", { name: "Share" }).click();
  const form = page.getByRole("form", { name: "New link" });
  await form.getByLabel(/^Show title, poster and length/).check();
  await form.getByLabel("Visitors may download the video").check();
  await form.getByRole("button", { name: "Create link" }).click();
  const url = await page.getByLabel("Link", { exact: true }).first().inputValue();
  await expect(page.getByText("Shows a preview").first()).toBeVisible();

  const html = await (await fetch(url)).text();
  const [, poster = ""] = /property="og:image" content="([^"]+)"/.exec(html) ?? [];
  const [, oembed = ""] = /type="application\/json\+oembed" href="([^"]+)"/.exec(html) ?? [];
  expect(html).toContain(`<meta property="og:title" content="${NAMES.mp4}"/>`);
  expect(html).toContain('<meta name="robots" content="noindex, nofollow"/>');
  expect((await fetch(poster)).headers.get("content-type")).toBe("image/jpeg");
  expect(await (await fetch(oembed.replaceAll("&amp;", "&"))).json()).toMatchObject({
    ...{ type: "link", title: NAMES.mp4, thumbnail_url: poster },
  });

  const context = await browser.newContext();
  const visitor = await context.newPage();
  await visitor.goto(url);
  const file = visitor.getByRole("list", { name: "Downloads" }).getByRole("link");
  await expect(file).toHaveText("Download 360p");
  await accessible(visitor, "a link that allows downloads");
  await fitsPhone(visitor, "a link that allows downloads");
  const download = visitor.waitForEvent("download");
  await file.click();
  expect((await download).suggestedFilename()).toBe("my video-360p.mp4");
  await context.close();
});
