import { Band, SignIn } from "./session-band.tsx";

/** Nobody is signed in any more: what is on the page stays, and a sign-in goes on with it. */
export function SessionOut() {
  return (
    <Band
      says="You are signed out."
      hint="Sign in again to continue. Nothing on this page is lost, and uploads are paused."
    >
      <SignIn tone="primary" />
    </Band>
  );
}
