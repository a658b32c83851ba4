"use client";

import { useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { ended, inFlight } from "../upload/status.ts";
import { useUploads } from "../upload/use-engine.ts";
import { Band, SignIn } from "./session-band.tsx";

/** Another user signed in. Reloading the page shows their data. */
export function SessionOther({ email }: { email: string }) {
  const { state, engine } = useUploads();
  const [confirming, setConfirming] = useState(false);
  const count = state.files.filter((file) => !ended(file)).length;

  function reload() {
    engine?.cancel(...state.files.filter(inFlight).map(({ key }) => key));
    // After the navigation guard has noticed that no upload is running.
    setTimeout(() => window.location.reload());
  }

  return (
    <Band
      message={`${email} is now signed in in this browser.`}
      hint="This page belongs to another account. Reload it to continue."
    >
      <Button tone="primary" onClick={() => (count > 0 ? setConfirming(true) : reload())}>
        Reload
      </Button>
      <SignIn tone="secondary" />
      <ConfirmDialog
        open={confirming}
        title="Reload and stop the uploads?"
        confirmLabel="Reload"
        onConfirm={reload}
        onCancel={() => setConfirming(false)}
      >
        {count === 1 ? "One upload is" : `${count} uploads are`} in progress and will stop. To
        continue them, keep this page open and sign in as the user who started them.
      </ConfirmDialog>
    </Band>
  );
}
