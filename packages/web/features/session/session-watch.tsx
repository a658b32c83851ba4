"use client";

import { useEffect } from "react";
import { fetchAccount, type Person } from "../../lib/account/account.ts";
import { session } from "../../lib/session/session.ts";
import { listen, post } from "./channel.ts";
import { watchSession } from "./watch.ts";

function onVisible(listener: () => void): () => void {
  const check = () => {
    if (document.visibilityState === "visible") listener();
  };
  window.addEventListener("focus", check);
  document.addEventListener("visibilitychange", check);
  return () => {
    window.removeEventListener("focus", check);
    document.removeEventListener("visibilitychange", check);
  };
}

type Props = {
  /** The page's user, as the server rendered it; undefined without sign-in or a session. */
  user: Person | undefined;
};

/** Keeps the page's session up to date, and notifies the other windows about the signed-in user. Renders nothing. */
export function SessionWatch({ user }: Props) {
  useEffect(() => watchSession(session, fetchAccount, { onMessage: listen, onVisible }), []);

  useEffect(() => {
    if (!user) return;
    session.signedIn(user);
    post({ type: "signed_in", ownerId: user.id });
  }, [user]);
  return null;
}
