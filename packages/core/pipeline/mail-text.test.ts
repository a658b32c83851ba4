import { expect, test } from "vitest";
import { compose } from "./mail-text.ts";

const url = "http://127.0.0.1:3000/jobs/job_1";

test("escapes markup and line breaks in a title", () => {
  const mail = compose({ title: '<img src=x onerror="a">\r\nBcc: b@c', status: "complete", url });
  expect(mail.html).not.toContain("<img");
  expect(mail.subject).not.toMatch(/[\r\n]/);
  expect(mail.text).toContain(url);
});

test("tells the owner of a failed retry that the earlier renditions keep playing", () => {
  const failure = { type: "encoder.lost" } as const;
  const mail = compose({ title: "Tone", status: "error", failure, stillPlays: true, url });
  expect(mail.text).toContain("The earlier renditions keep playing.");
  const ready = compose({ title: "Tone", status: "complete", stillPlays: true, url });
  expect(ready.text).not.toContain("earlier");
});

test("states the reason of a failure in the text and in the HTML", () => {
  const failure = { type: "source.audio_only" } as const;
  const mail = compose({ title: "Tone", status: "rejected", failure, url });
  expect(mail.text).toContain("only audio");
  expect(mail.html).toContain("only audio");
});

test.each([
  [
    ["hls", "1080p", "720p", "web-720p", "poster"],
    "video is ready to play as an adaptive stream, and to download as MP4.",
  ],
  [["hls", "poster"], "video is ready to play as an adaptive stream."],
  [["1080p", "720p", "web-720p", "poster"], "video is ready to play and download."],
  [["hls", "audio"], "audio is ready to play as an adaptive stream, and to download as an M4A."],
])("names what was made of %j", (made, sentence) => {
  const mail = compose({ title: "Tone", status: "complete", made, url });
  expect(mail.text).toContain(`Your ${sentence}`);
  expect(mail.html).toContain(`Your ${sentence}`);
});
