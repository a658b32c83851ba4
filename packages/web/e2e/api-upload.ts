import type { APIRequestContext } from "@playwright/test";
import { expect } from "./person.ts";

/** Uploads small files through the API, as a program would. */
export async function uploadThroughApi(
  request: APIRequestContext,
  files: { name: string; body: Buffer }[],
  profile = "original",
): Promise<void> {
  const data = files.map(({ name, body }) => ({
    name,
    sizeBytes: body.length,
    contentType: "video/mp4",
    profile,
  }));
  const answer = await request.post("/api/uploads", { data: { files: data } });
  expect(answer.ok()).toBe(true);
  for (const [at, { requests }] of (await answer.json()).results.entries()) {
    const [{ url, headers }] = requests;
    expect((await request.put(url, { headers, data: files[at]?.body })).ok()).toBe(true);
  }
}
