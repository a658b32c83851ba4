import { expect, test } from "vitest";
import { compose } from "./mail-text.ts";

const url = "http://127.0.0.1:3000/jobs/job_1";

test("a title cannot put markup or a line into the mail", () => {
  const mail = compose({ title: '<img src=x onerror="a">\r\nBcc: b@c', status: "complete", url });
  expect(mail.html).not.toContain("<img");
  expect(mail.subject).not.toMatch(/[\r\n]/);
  expect(mail.text).toContain(url);
});

test("a mail about a failed retry says that the earlier renditions keep playing", () => {
  const failure = { type: "encoder.lost" } as const;
  const mail = compose({ title: "Tone", status: "error", failure, stillPlays: true, url });
  expect(mail.text).toContain("The earlier renditions keep playing.");
  const ready = compose({ title: "Tone", status: "complete", stillPlays: true, url });
  expect(ready.text).not.toContain("earlier");
});

test("a mail about a failure says why, in text and in HTML", () => {
  const failure = { type: "source.audio_only" } as const;
  const mail = compose({ title: "Tone", status: "rejected", failure, url });
  expect(mail.text).toContain("only audio");
  expect(mail.html).toContain("only audio");
});
