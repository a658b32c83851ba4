import { expect, test } from "vitest";
import { junit, lineOf } from "./report.ts";
import { problemsOf } from "./run.ts";

const good = (label: string) => ({
  label,
  kind: "mp4",
  sizeBytes: 5,
  videoCodec: "h264",
  audioCodec: "aac",
  width: 1280,
  height: 720,
  durationSeconds: 3.02,
});
const poster = { label: "poster", kind: "poster", sizeBytes: 5 };
const all = [good("1080p"), good("720p"), good("web-720p"), poster];

test("accepts three complete renditions and a poster, and names each problem", () => {
  expect(problemsOf(all)).toEqual([]);
  expect(problemsOf(all.slice(1))).toEqual(["The 1080p is missing."]);
  expect(problemsOf(all.slice(0, 3))).toEqual(["The poster is missing."]);
  const [first, ...others] = all;
  const with1080 = (fields: object) => problemsOf([{ ...good("1080p"), ...fields }, ...others]);
  expect(first).toBeDefined();
  expect(with1080({ sizeBytes: 0 })).toEqual(["The 1080p is empty."]);
  expect(with1080({ audioCodec: undefined })).toEqual(["The 1080p has no picture or no sound."]);
  expect(with1080({ width: 0 })).toEqual(["The 1080p is 0 × 720."]);
  expect(with1080({ durationSeconds: 1 })).toEqual(["The 1080p is 1 s long instead of 3 s."]);
});

test("escapes any error message in the JUnit report", () => {
  const failure = 'S3 says <Code>"A&B"</Code>\u0000\u001b[31m';
  const report = junit({
    url: "http://x",
    started: "2031-05-06T07:08:09Z",
    passed: false,
    steps: [
      { title: "Upload", seconds: 1.5 },
      { title: "Play", seconds: 0.25, failure },
    ],
  });
  expect(report).toContain('tests="2" failures="1"');
  expect(report).toContain('message="S3 says &lt;Code&gt;&quot;A&amp;B&quot;&lt;/Code&gt;[31m"');
  expect(lineOf({ title: "Play", seconds: 0.25, failure })).toMatch(
    /^ {2}failed {2}Play \(0\.3 s\)\n/,
  );
});
