"use client";

import { type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { buttonClass } from "../../components/ui/button.tsx";

const SIGN_IN = `/sign-in?${new URLSearchParams({ returnTo: "/signed-in" })}`;

/** In a window of its own, so that this page is not left; in a new tab where windows are blocked. */
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

/** Stays in sight at the top, and in nobody's way: what is on the page can be read and copied on. */
export function Band({
  says,
  hint,
  children,
}: {
  says: string;
  hint: string;
  children: ReactNode;
}) {
  const self = useRef<HTMLElement>(null);
  useEffect(() => announce(`${says} ${hint}`), [says, hint]);
  useEffect(() => {
    const band = self.current;
    return () => {
      // The focus must not fall to the top of the page with the button that had it.
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
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-6 gap-y-2 px-4 py-2.5 sm:px-6 lg:px-8">
        <p className="mr-auto text-sm">
          <strong className="font-semibold">{says}</strong> {hint}
        </p>
        <div className="flex gap-2">{children}</div>
      </div>
    </aside>
  );
}
