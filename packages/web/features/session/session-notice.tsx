"use client";

import { type MouseEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { Button, buttonClass } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { signInPage } from "../../lib/return-to.ts";
import { useUploads } from "../upload/provider.tsx";
import { ended, inFlight } from "../upload/state.ts";
import { useSession } from "./use-session.ts";

const SIGN_IN = signInPage("/signed-in");

/** In a window of its own, so that this page is not left; in a new tab where windows are blocked. */
function open(event: MouseEvent) {
  if (window.open(SIGN_IN, "rushes-sign-in", "popup,width=520,height=760")) event.preventDefault();
}

function SignIn({ tone }: { tone: "primary" | "secondary" }) {
  return (
    <a href={SIGN_IN} target="_blank" onClick={open} className={buttonClass(tone)} rel="noopener">
      Sign in
    </a>
  );
}

/** Stays in sight at the top, and in nobody's way: what is on the page can be read and copied on. */
function Band({ says, hint, children }: { says: string; hint: string; children: ReactNode }) {
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

/** Somebody else signed in: the page goes on as that person's once it is loaded anew. */
function Other({ email }: { email: string }) {
  const { state, engine } = useUploads();
  const [asking, setAsking] = useState(false);
  const underWay = state.files.filter((file) => !ended(file)).length;

  function reload() {
    for (const file of state.files) if (inFlight(file)) engine.cancel(file.key);
    // After the guard against leaving has seen that nothing is under way any more.
    setTimeout(() => window.location.reload());
  }

  return (
    <Band
      says={`${email} is signed in with this browser now.`}
      hint="This page is still another person's. Reload it to go on."
    >
      <Button tone="primary" onClick={() => (underWay > 0 ? setAsking(true) : reload())}>
        Reload
      </Button>
      <SignIn tone="secondary" />
      <ConfirmDialog
        open={asking}
        title="Reload and stop the uploads?"
        confirmLabel="Reload"
        onConfirm={reload}
        onCancel={() => setAsking(false)}
      >
        {underWay === 1 ? "One upload is" : `${underWay} uploads are`} on the way and would stop. To
        go on with them, keep this page and sign in as whoever chose the files.
      </ConfirmDialog>
    </Band>
  );
}

/** The one notice of a session that has ended; nothing while all is well. */
export function SessionNotice() {
  const session = useSession();
  const before = useRef(session.type);

  useEffect(() => {
    if (before.current === "out" && session.type === "in") announce("You are signed in again.");
    before.current = session.type;
  }, [session.type]);

  if (session.type === "in") return null;
  if (session.type === "other") return <Other email={session.email} />;
  return (
    <Band
      says="You are signed out."
      hint="Sign in again to go on: nothing on this page is lost, and uploads wait."
    >
      <SignIn tone="primary" />
    </Band>
  );
}
