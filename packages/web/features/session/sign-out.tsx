"use client";

import { useState } from "react";
import { call } from "../../lib/api-client/call.ts";
import { post } from "./channel.ts";
import { MENU_ITEM } from "./menu-link.tsx";

/** Ends the session, in every window of this browser. */
export function SignOut() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function signOut() {
    setBusy(true);
    try {
      const { location } = await call<{ location: string }>("/auth/sign-out", {
        method: "POST",
        anyone: true,
      });
      post({ type: "signed_out" });
      // What the browser keeps of unfinished uploads. See features/upload/kept-files.ts.
      window.indexedDB?.deleteDatabase("rushes-uploads");
      window.location.assign(location);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    // Also after success: the user may stay on the page because uploads are running.
    setBusy(false);
  }

  return (
    <>
      <button type="button" className={MENU_ITEM} disabled={busy} onClick={() => void signOut()}>
        Sign out
      </button>
      {problem ? (
        <p role="alert" className="px-3 py-1 text-sm text-danger">
          {problem}
        </p>
      ) : null}
    </>
  );
}
