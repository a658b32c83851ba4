import type { Code } from "@rushes/core/error";

/** What went wrong at a sign-in, and how to go on. */
export type Problem = { title: string; sentence: string };

/** Why a sign-in can fail; each of these may stand in the address of the sign-in page. */
type SignInCode = Extract<Code, `signin.${string}` | "user.disabled" | "rate.limited">;

const PROBLEMS: Record<SignInCode, Problem> = {
  "signin.state": {
    title: "This sign-in was not begun here",
    sentence:
      "It was begun in another browser, took too long, or was used already. Begin it again with the button below.",
  },
  "signin.denied": {
    title: "The sign-in was declined",
    sentence:
      "Your sign-in provider said no, or you stopped it there. Try again, or ask whoever runs this Rushes for access.",
  },
  "signin.invalid": {
    title: "The answer of the sign-in provider does not hold",
    sentence:
      "So nobody was signed in. Try again; if it happens again, whoever runs this Rushes should check its sign-in settings.",
  },
  "signin.clock": {
    title: "Two clocks are too far apart",
    sentence:
      "That of the sign-in provider and that of this server differ by minutes. Whoever runs this Rushes has to set its clock; then try again.",
  },
  "signin.unavailable": {
    title: "The sign-in provider does not answer",
    sentence:
      "Your videos are safe, and what is being encoded goes on. Try again in a few minutes.",
  },
  "signin.issuer": {
    title: "A sign-in setting is wrong",
    sentence:
      "RUSHES_OIDC_ISSUER is not the name that the sign-in provider gives itself. The log has the right value: set it, start Rushes again, then sign in.",
  },
  "signin.groups": {
    title: "Your groups cannot be read",
    sentence:
      "The sign-in provider sends them in an unknown form, which the log names. Check RUSHES_OIDC_GROUPS_CLAIM, then sign in again.",
  },
  "signin.email": {
    title: "Your mail address is not verified",
    sentence:
      "Mails about your videos go there, so it has to be yours. Verify it at your sign-in provider, then sign in again.",
  },
  "user.disabled": {
    title: "This account is switched off",
    sentence:
      "An admin has switched it off; its videos are kept. Ask an admin to switch it on, or sign in with another account.",
  },
  "rate.limited": {
    title: "Too many tries",
    sentence: "Wait a quarter of an hour, then sign in again.",
  },
};

const UNKNOWN: Problem = {
  title: "The sign-in did not work",
  sentence: "Try again; if it happens again, tell whoever runs this Rushes.",
};

function isKnown(code: string): code is SignInCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** What to say about the `problem` in the address; nothing without one. Nothing of it is repeated. */
export function signInProblem(code: string | string[] | undefined): Problem | undefined {
  if (code === undefined) return undefined;
  return typeof code === "string" && isKnown(code) ? PROBLEMS[code] : UNKNOWN;
}
