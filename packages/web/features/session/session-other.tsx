"use client";

import { useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { useUploads } from "../upload/provider.tsx";
import { ended, inFlight } from "../upload/status.ts";
import { Band, SignIn } from "./session-band.tsx";

/** Somebody else signed in: the page goes on as that person's once it is loaded anew. */
export function SessionOther({ email }: { email: string }) {
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
      says={`${email} is now signed in in this browser.`}
      hint="This page belongs to another account. Reload it to continue."
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
        {underWay === 1 ? "One upload is" : `${underWay} uploads are`} in progress and will stop. To
        continue them, keep this page open and sign in as the user who started them.
      </ConfirmDialog>
    </Band>
  );
}
