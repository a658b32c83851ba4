"use client";

import { type ReactNode, useState } from "react";
import { rememberInCookie } from "../../lib/cookie.ts";
import { IconButton } from "./button.tsx";
import { THEME_COOKIE, type Theme } from "./theme.ts";

function isDark(theme: Theme): boolean {
  if (theme !== "system") return theme === "dark";
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

type Props = { initial: Theme; children: ReactNode };

/**
 * Switches between light and dark. A cookie stores the choice. The children are the icons of both.
 */
export function ThemeToggle({ initial, children }: Props) {
  const [theme, setTheme] = useState(initial);

  function toggle() {
    const next: Theme = isDark(theme) ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    rememberInCookie(THEME_COOKIE, next);
    setTheme(next);
  }

  return (
    <IconButton label="Switch between light and dark" onClick={toggle}>
      {children}
    </IconButton>
  );
}
