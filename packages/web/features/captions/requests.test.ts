import { afterEach, expect, it, vi } from "vitest";
import { add } from "./requests.ts";

afterEach(() => vi.unstubAllGlobals());

const file = new File(["WEBVTT"], "clip.de.vtt");
const request = () => add("job_1", { file, language: "de", name: "" });

it("sends the file itself, and returns the captions", async () => {
  const sent = vi.fn<typeof fetch>(async () => Response.json({ captions: { id: "cap_1" } }));
  vi.stubGlobal("fetch", sent);
  expect(await request()).toEqual({ captions: { id: "cap_1" } });
  expect(sent).toHaveBeenCalledWith("/api/jobs/job_1/captions?language=de", {
    method: "POST",
    body: file,
    headers: { "content-type": "text/vtt" },
  });
});

it("rejects with the sentence of the API, or with one about the connection", async () => {
  const message = "Line 2: the caption ends before it starts.";
  vi.stubGlobal("fetch", async () => Response.json({ message }, { status: 400 }));
  await expect(request()).rejects.toThrow(message);
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(request()).rejects.toThrow("The server is not responding.");
});
