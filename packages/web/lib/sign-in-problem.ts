import type { Code } from "@rushes/core/error";

/** What went wrong in a sign-in, and what to do next. */
export type Problem = { title: string; sentence: string };

/** Why a sign-in can fail. Each code may be in the URL of the sign-in page. */
type SignInCode = Extract<Code, `signin.${string}` | "user.disabled" | "rate.limited">;

const PROBLEMS: Record<SignInCode, Problem> = {
  "signin.state": {
    title: "This sign-in was not started in this browser",
    sentence:
      "It was started in another browser, took too long, or was already used. Try again with the button below.",
  },
  "signin.denied": {
    title: "The sign-in was declined",
    sentence:
      "Your sign-in provider denied access, or you canceled. Try again, or ask an admin for access.",
  },
  "signin.invalid": {
    title: "The sign-in provider's response is invalid",
    sentence:
      "You are not signed in. Try again. If it happens again, ask an admin to check the sign-in settings.",
  },
  "signin.clock": {
    title: "The server's clock is wrong",
    sentence:
      "The clocks of this server and the sign-in provider differ by minutes. Ask an admin to set the server's clock, then try again.",
  },
  "signin.unavailable": {
    title: "The sign-in provider does not respond",
    sentence: "Your videos are safe, and encoding continues. Try again in a few minutes.",
  },
  "signin.issuer": {
    title: "A sign-in setting is wrong",
    sentence:
      "RUSHES_OIDC_ISSUER does not match the issuer that the sign-in provider reports. Set the value from the log, restart Rushes, then sign in.",
  },
  "signin.groups": {
    title: "Your groups cannot be read",
    sentence:
      "The sign-in provider sends them in an unknown format; the log shows it. Check RUSHES_OIDC_GROUPS_CLAIM, then sign in again.",
  },
  "signin.email": {
    title: "Your email address is not verified",
    sentence:
      "Rushes sends notifications to this address. Verify it at your sign-in provider, then sign in again.",
  },
  "user.disabled": {
    title: "This account is disabled",
    sentence:
      "An admin disabled it. Its videos are kept. Ask an admin to enable it, or sign in with another account.",
  },
  "rate.limited": {
    title: "Too many attempts",
    sentence: "Wait 15 minutes, then sign in again.",
  },
};

const UNKNOWN: Problem = {
  title: "The sign-in failed",
  sentence: "Try again. If it happens again, tell an admin.",
};

function isKnown(code: string): code is SignInCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** The text for the `problem` in the URL; undefined without one. It never repeats the URL's text. */
export function signInProblem(code: string | string[] | undefined): Problem | undefined {
  if (code === undefined) return undefined;
  return typeof code === "string" && isKnown(code) ? PROBLEMS[code] : UNKNOWN;
}
