import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Frame, type Page } from "@playwright/test";
import type { AxeResults, RunOnly, RunOptions } from "axe-core";
import { isFirefox } from "./person.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What to check in each scheme. The styles of dark mode change colors only, and these rules are all that read colors. */
const RULES: Record<"light" | "dark", RunOnly> = {
  light: { type: "tag", values: TAGS },
  dark: { type: "rule", values: ["color-contrast", "link-in-text-block"] },
};

const OPTIONS: RunOptions = {
  // It describes violations only, which takes three quarters of the time.
  resultTypes: ["violations"],
  // axe would copy the styles of shadow roots, which the content security policy forbids.
  preload: false,
  // Each frame is checked on its own: a frame of another site accepts no messages of axe.
  iframes: false,
};

/**
 * Fails on any violation of WCAG 2.2 AA that axe detects, in light and dark mode, and in Firefox only in light mode.
 * Loads axe once for both: loading it takes several times as long as a check.
 */
export async function accessible(page: Page, state: string): Promise<void> {
  for (const frame of page.frames()) {
    if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(AXE);
  }
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.evaluate(finishTransitions);
  const schemes = isFirefox(page) ? (["light"] as const) : (["light", "dark"] as const);
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Otherwise the check would read colors between light and dark.
    expect(await page.evaluate(colorTransitions), `${state}, transitions`).toEqual([]);
    const found = await Promise.all(
      page.frames().map((frame) => violations(frame, RULES[colorScheme])),
    );
    expect(found.flat(), `${state}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

/** Those that began before motion was reduced, such as that of a button that was clicked. */
function finishTransitions(): void {
  for (const animation of document.getAnimations()) {
    if (animation instanceof CSSTransition) animation.finish();
  }
}

function colorTransitions(): string[] {
  return document
    .getAnimations()
    .flatMap((animation) =>
      animation instanceof CSSTransition ? [animation.transitionProperty] : [],
    )
    .filter((property) => property.endsWith("color"));
}

async function violations(frame: Frame, runOnly: RunOnly): Promise<string[]> {
  const results: AxeResults = await frame.evaluate(
    (options) => Reflect.get(window, "axe").run(options),
    { ...OPTIONS, runOnly },
  );
  return results.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
}
