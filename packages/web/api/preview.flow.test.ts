// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gone, type Shares, SITE, startShares } from "./testing/shares.ts";

let api: Shares;
beforeAll(async () => {
  api = await startShares();
});
afterAll(() => api.stack.close());

const previewOf = async (address: string) => ({
  oembed: await api.call(
    "GET",
    `/oembed?url=${encodeURIComponent(`${SITE}/watch/${address}`)}&format=json`,
  ),
  poster: await api.call("GET", `/watch/${address}/poster`),
});

describe("the preview of a link", () => {
  test("has title, poster and shape if its owner allows it, and a player if sites may embed it", async () => {
    const { id } = await api.video({ title: "Dailies, day 3" });
    const allowed = await api.shared(id, { allowsPreview: true });
    const { oembed, poster } = await previewOf(allowed.address);
    expect(oembed.body).toMatchObject({
      ...{ version: "1.0", type: "link", title: "Dailies, day 3", duration: expect.any(Number) },
      thumbnail_url: `${SITE}/api/watch/${allowed.address}/poster`,
      thumbnail_width: expect.any(Number),
    });
    expect(poster.status).toBe(302);
    const url = new URL(poster.headers.get("location") ?? "");
    expect(Number(url.searchParams.get("Expires")) - Date.now() / 1000).toBeLessThanOrEqual(60);
    expect(await (await fetch(url)).text()).toBe("bytes");
    const embedded = await api.shared(id, {
      allowsPreview: true,
      origins: ["https://example.com"],
    });
    const { body } = (await previewOf(embedded.address)).oembed;
    expect(body).toMatchObject({ type: "video", html: expect.stringContaining("/embed/") });
    expect(body.width).toBeLessThanOrEqual(640);
  });

  test("does not exist for any other link, and ends when the link ends", async () => {
    const { id } = await api.video();
    const ended = await api.shared(id, { allowsPreview: true });
    await api.call("DELETE", `/shares/${ended.id}`);
    const locked = await api.shared(id, { allowsPreview: true, password: "open sesame" });
    expect(locked.allowsPreview).toBe(false);
    for (const { address } of [await api.shared(id), ended, locked]) {
      const { oembed, poster } = await previewOf(address);
      expect([oembed, poster]).toMatchObject([gone, gone]);
    }
    const foreign = await api.call(
      "GET",
      `/oembed?url=${encodeURIComponent(`${SITE}/jobs/${id}`)}`,
    );
    expect(foreign).toMatchObject(gone);
  });
});

test("a link that allows downloads names each file by the title and its size, and no other has any", async () => {
  const { id } = await api.video({ title: "Dailies, day 3.mov" });
  const open = async (fields: object) => {
    const { address } = await api.shared(id, { ...fields });
    return (await api.watch(address)).body.playback.renditions[0].downloadUrl;
  };
  expect(await open({})).toBeUndefined();
  const response = await fetch(await open({ allowsDownloads: true }));
  expect(response.headers.get("content-disposition")).toBe(
    "attachment; filename*=UTF-8''Dailies%2C%20day%203-720p.mp4",
  );
});
