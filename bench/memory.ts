/** The memory of Chromium's processes, from Linux's /proc. */
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { Browser } from "@playwright/test";
import * as z from "zod";

const SAMPLE_MS = 500;
const Processes = z.object({ processInfo: z.array(z.object({ id: z.number() })) });

/**
 * The most bytes that all processes of the browser have had during `act`, over what they had before. Pages that
 * processes share count once.
 */
export async function memoryOf(
  browser: Browser,
  act: () => Promise<void>,
): Promise<{ overIdle: number }> {
  const session = await browser.newBrowserCDPSession();
  const used = async () => {
    const found = Processes.parse(await session.send("SystemInfo.getProcessInfo"));
    const sizes = await Promise.all(found.processInfo.map(({ id }) => sizeOf(id)));
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  const idle = await used();
  let most = idle;
  let acting = true;
  // One after the other: Linux stops a process while it counts its memory.
  const sampling = (async () => {
    while (acting) {
      most = Math.max(most, await used());
      await wait(SAMPLE_MS);
    }
  })();
  try {
    await act();
  } finally {
    acting = false;
    await sampling;
    await session.detach();
  }
  return { overIdle: most - idle };
}

async function sizeOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Number(/^Pss: *(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
}
