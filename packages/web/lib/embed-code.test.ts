import { expect, test } from "vitest";
import { embedCode } from "./embed-code.ts";

const url = "https://rushes.example/embed/x-y";

test("the embed code is as wide as its page, with the video's shape and an escaped title", () => {
  const code = embedCode({ url, title: `"><script>&`, size: { width: 1080, height: 1920 } });
  expect(code).toContain("width:100%;aspect-ratio:1080/1920");
  expect(code).toContain('title="&quot;&gt;&lt;script&gt;&amp;"');
  expect(embedCode({ url, title: "a" })).toContain("aspect-ratio:16/9");
});
