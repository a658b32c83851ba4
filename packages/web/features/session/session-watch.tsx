"use client";

import { useEffect } from "react";
import { fetchAccount, type Person } from "../../lib/account/account.ts";
import { session } from "../../lib/session/session.ts";
import { listen, tell } from "./channel.ts";
import { watchSession } from "./watch.ts";

function onLook(look: () => void): () => void {
  const seen = () => {
    if (document.visibilityState === "visible") look();
  };
  window.addEventListener("focus", seen);
  document.addEventListener("visibilitychange", seen);
  return () => {
    window.removeEventListener("focus", seen);
    document.removeEventListener("visibilitychange", seen);
  };
}

type Props = {
  /** Whose page this is, as the server rendered it; undefined where nobody signs in, or is. */
  user: Person | undefined;
};

/** Keeps the page's session true, and tells the other windows who is signed in. Shows nothing. */
export function SessionWatch({ user }: Props) {
  useEffect(() => watchSession(session, fetchAccount, { onMessage: listen, onLook }), []);

  useEffect(() => {
    if (!user) return;
    session.known(user);
    tell({ type: "signed_in", ownerId: user.id });
  }, [user]);
  return null;
}
