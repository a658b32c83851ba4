"use client";

import { useEffect } from "react";
import { post } from "./channel.ts";

/**
 * The end of a sign-in in a second window. It notifies the other pages, which then request the session, and closes. If
 * the browser does not let it close, it shows the text.
 */
export function SignedIn() {
  useEffect(() => {
    post({ type: "signed_in" });
    window.close();
  }, []);
  return (
    <div className="space-y-2">
      <h1 className="text-2xl font-semibold tracking-tight">You are signed in</h1>
      <p className="text-muted">
        You can close this window and continue on the page that you came from.
      </p>
      <p className="pt-2">
        <a href="/" className="font-medium text-accent underline underline-offset-4">
          Go to home
        </a>
      </p>
    </div>
  );
}
