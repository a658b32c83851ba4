"use client";

import { useState } from "react";
import { IconButton } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { THEME_COOKIE, type Theme } from "./theme.ts";

const YEAR_SECONDS = 365 * 24 * 3600;

function isDark(theme: Theme): boolean {
  if (theme !== "system") return theme === "dark";
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

/**
 * Switches between light and dark. A cookie stores the choice, so that the server renders the page with it and no
 * script has to run before the first paint.
 */
export function ThemeToggle({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);

  function toggle() {
    const next: Theme = isDark(theme) ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari before 18.4.
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
    setTheme(next);
  }

  return (
    <IconButton label="Switch between light and dark" onClick={toggle}>
      <Icon name="sun" className="in-dark size-5" />
      <Icon name="moon" className="in-light size-5" />
    </IconButton>
  );
}
