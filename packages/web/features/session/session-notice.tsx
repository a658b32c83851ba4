"use client";

import { useEffect, useRef } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { Deferred } from "../../components/ui/deferred.tsx";
import { useSession } from "../../lib/session/use-session.ts";

const out = () => import("./session-out.tsx");
const other = () => import("./session-other.tsx");

/** The notice of a session that has ended. Renders nothing while the user is signed in. */
export function SessionNotice() {
  const session = useSession();
  const before = useRef(session.type);

  useEffect(() => {
    if (before.current === "out" && session.type === "in") announce("You are signed in again.");
    before.current = session.type;
  }, [session.type]);

  switch (session.type) {
    case "in":
      return null;
    case "out":
      return <Deferred load={out}>{({ SessionOut }) => <SessionOut />}</Deferred>;
    case "other":
      return (
        <Deferred load={other}>
          {({ SessionOther }) => <SessionOther email={session.email} />}
        </Deferred>
      );
  }
}
