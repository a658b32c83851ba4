/** What an upload shows while it runs: bars on a terminal, lines elsewhere, nothing with `--json`. */
import { formatBytes } from "@rushes/core/format";
import { MultiBar, Presets } from "cli-progress";

/** The progress of one file. */
interface FileProgress {
  update(sentBytes: number): void;
  /** What the file waits for. */
  note(text: string): void;
  end(): void;
}
export interface Progress {
  file(path: string, sizeBytes: number): FileProgress;
  /** Prints a line above the bars. */
  print(line: string): void;
  /** The same, for what failed. */
  fail(line: string): void;
  stop(): void;
}

const FORMAT = "{bar} {percentage}% | {sent} of {size} | {eta_formatted} | {path} {note}";

/** Bars on stderr, so that stdout has only results. */
function bars(): Progress {
  const multi = new MultiBar(
    {
      format: FORMAT,
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      barsize: 20,
    },
    Presets.shades_classic,
  );
  return {
    file(path, sizeBytes) {
      const size = formatBytes(sizeBytes);
      const bar = multi.create(sizeBytes, 0, { path, size, sent: formatBytes(0), note: "" });
      return {
        update: (bytes) => bar.update(bytes, { sent: formatBytes(bytes) }),
        note: (note) => bar.update({ note }),
        end: () => void multi.remove(bar),
      };
    },
    print: (line) => multi.log(`${line}\n`),
    fail: (line) => multi.log(`${line}\n`),
    stop: () => multi.stop(),
  };
}

/** A smaller file is sent in one request, in a moment. */
const LARGE_BYTES = 32 * 1024 ** 2;

/** A line for each tenth of a large file. */
function lines(): Progress {
  const log = (line: string) => process.stderr.write(`${line}\n`);
  return {
    file(path, sizeBytes) {
      let shown = 0;
      return {
        update(bytes) {
          const tenth = Math.floor((bytes * 10) / sizeBytes);
          const isNew = tenth > shown && tenth < 10 && sizeBytes > LARGE_BYTES;
          if (isNew) log(`${path}: ${tenth * 10}% of ${formatBytes(sizeBytes)}`);
          shown = tenth;
        },
        note: (text) => text !== "" && log(`${path}: ${text}`),
        end() {},
      };
    },
    print: (line) => process.stdout.write(`${line}\n`),
    fail: log,
    stop() {},
  };
}

const nothing: Progress = {
  file: () => ({ update() {}, note() {}, end() {} }),
  print() {},
  fail() {},
  stop() {},
};

export function progressFor({ json }: { json: boolean }): Progress {
  if (json) return nothing;
  return process.stderr.isTTY && process.stdout.isTTY ? bars() : lines();
}
