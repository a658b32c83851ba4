"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { ACCOUNT, fetchAccount } from "./account.ts";
import { listen, tell } from "./channel.ts";
import { pauseWhileSignedOut } from "./pause.ts";
import { session } from "./session.ts";
import { useAccount } from "./use-account.ts";
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

/** Keeps the page's session true, and tells the other windows who is signed in. Shows nothing. */
export function SessionWatch() {
  const client = useQueryClient();
  const { data } = useAccount();
  const ownerId = data?.signIn ? data.user.id : undefined;

  useEffect(() => {
    const ask = async () => client.setQueryData([ACCOUNT], await fetchAccount());
    const stops = [watchSession(session, ask, { onMessage: listen, onLook })];
    stops.push(pauseWhileSignedOut(session));
    return () => {
      for (const stop of stops) stop();
    };
  }, [client]);

  useEffect(() => {
    if (ownerId !== undefined) tell({ type: "signed_in", ownerId });
  }, [ownerId]);
  return null;
}
