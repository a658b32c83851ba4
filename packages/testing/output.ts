import { vi } from "vitest";

/** Returns what `run` writes to stdout, one string per write. Nothing of it reaches the terminal. */
export async function captureStdout(run: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  try {
    await run();
  } finally {
    write.mockRestore();
  }
  return lines;
}
