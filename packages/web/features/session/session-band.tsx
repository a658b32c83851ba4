"use client";

import { type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { buttonClass } from "../../components/ui/button.tsx";

const SIGN_IN = `/sign-in?${new URLSearchParams({ returnTo: "/signed-in" })}`;

/** Opens a popup, so that the page stays open; a new tab if popups are blocked. */
function open(event: MouseEvent) {
  if (window.open(SIGN_IN, "rushes-sign-in", "popup,width=520,height=760")) event.preventDefault();
}

export function SignIn({ tone }: { tone: "primary" | "secondary" }) {
  return (
    <a href={SIGN_IN} target="_blank" onClick={open} className={buttonClass(tone)} rel="noopener">
      Sign in
    </a>
  );
}

/** A band at the top of the page. The page stays readable below. */
export function Band({
  message,
  hint,
  children,
}: {
  message: string;
  hint: string;
  children: ReactNode;
}) {
  const self = useRef<HTMLElement>(null);
  useEffect(() => announce(`${message} ${hint}`), [message, hint]);
  useEffect(() => {
    const band = self.current;
    return () => {
      // If the focused button disappears, the focus must not move to the top of the page.
      if (band?.contains(document.activeElement)) document.getElementById("main")?.focus();
    };
  }, []);
  return (
    <aside
      ref={self}
      aria-label="Sign-in"
      data-session-notice
      className="sticky top-0 z-40 border-b border-control bg-accent-soft"
    >
      <div className="mx-auto flex max-w-(--page) flex-wrap items-center gap-x-6 gap-y-2 px-4 py-2.5 sm:px-6 lg:px-8">
        <p className="mr-auto text-sm">
          <strong className="font-semibold">{message}</strong> {hint}
        </p>
        <div className="flex gap-2">{children}</div>
      </div>
    </aside>
  );
}
