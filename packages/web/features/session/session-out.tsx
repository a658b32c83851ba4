import { Band, SignIn } from "./session-band.tsx";

/** The session has ended. The page stays, and continues after a sign-in. */
export function SessionOut() {
  return (
    <Band
      message="You are signed out."
      hint="Sign in again to continue. Nothing on this page is lost, and uploads are paused."
    >
      <SignIn tone="primary" />
    </Band>
  );
}
