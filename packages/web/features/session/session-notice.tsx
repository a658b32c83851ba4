"use client";

import { lazy, Suspense, useEffect, useRef } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { Band, SignIn } from "./session-band.tsx";
import { useSession } from "./use-session.ts";

const SessionOther = lazy(async () => ({
  default: (await import("./session-other.tsx")).SessionOther,
}));

/** The one notice of a session that has ended; nothing while all is well. */
export function SessionNotice() {
  const session = useSession();
  const before = useRef(session.type);

  useEffect(() => {
    if (before.current === "out" && session.type === "in") announce("You are signed in again.");
    before.current = session.type;
  }, [session.type]);

  if (session.type === "in") return null;
  if (session.type === "other") {
    return (
      <Suspense>
        <SessionOther email={session.email} />
      </Suspense>
    );
  }
  return (
    <Band
      says="You are signed out."
      hint="Sign in again to go on: nothing on this page is lost, and uploads wait."
    >
      <SignIn tone="primary" />
    </Band>
  );
}
