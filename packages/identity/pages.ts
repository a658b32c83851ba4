/** The provider's pages as HTML, without scripts. */
import { html, type Markup } from "@rushes/aws-local/ses/html";
import { MARK } from "@rushes/aws-local/ses/inbox-assets";

/** Paths that the pages link to. */
export interface Paths {
  /** Path of the issuer, such as `/identity`. */
  base: string;
  /** Starts a sign-in. */
  begin: string;
}

function page({ base }: Paths, title: string, main: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Rushes</title>
<link rel="stylesheet" href="${base}/style.css">
<link rel="icon" href="${base}/icon.svg">
</head>
<body>
<main class="card">
<p class="brand">${MARK}Rushes</p>
${main}
</main>
</body>
</html>
`.markup;
}

const alert = (problem?: string) =>
  problem === undefined
    ? undefined
    : html`<p class="problem" id="problem" role="alert">${problem}</p>`;

const begin = ({ begin: href }: Paths, text: string) =>
  html`<a class="main" href="${href}">${text}</a>`;

export function signInPage(
  paths: Paths,
  { uid, email = "", problem }: { uid: string; email?: string; problem?: string },
): string {
  // The cursor is in the first field that is empty.
  const focus = { markup: "autofocus" };
  const main = html`<h1>Sign in</h1>
${alert(problem)}
<form class="fields" method="post" action="${paths.base}/sign-in/${uid}">
<input type="hidden" name="uid" value="${uid}">
<div class="field">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" inputmode="email" autocapitalize="none" spellcheck="false" maxlength="320" required value="${email}"${described(problem)} ${email === "" ? focus : undefined}>
</div>
<div class="field">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required${described(problem)} ${email === "" ? undefined : focus}>
</div>
<button class="main" type="submit">Sign in</button>
</form>
<p class="hint">Forgot your password? Ask your administrator for a new link.</p>`;
  return page(paths, problem === undefined ? "Sign in" : "Sign in again", main);
}

const described = (problem?: string): Markup | undefined =>
  problem === undefined ? undefined : { markup: ' aria-invalid="true" aria-describedby="problem"' };

/** The page of a one-time link. */
export function welcomePage(
  paths: Paths,
  { code, email, problem }: { code: string; email: string; problem?: string },
): string {
  const main = html`<h1>Set your password</h1>
${alert(problem)}
<form class="fields" method="post" action="${paths.base}/welcome/${code}">
<div class="field">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" readonly value="${email}">
</div>
<div class="field">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="1024" required autofocus aria-describedby="${problem === undefined ? "" : "problem "}rule"${problem === undefined ? undefined : { markup: ' aria-invalid="true"' }}>
<p class="hint" id="rule">At least 12 characters. A short sentence works well.</p>
</div>
<button class="main" type="submit">Set password</button>
</form>`;
  return page(paths, "Set your password", main);
}

export function welcomedPage(paths: Paths): string {
  const main = html`<h1>Your password is set</h1>
<p>You can now sign in with your email address and this password.</p>
${begin(paths, "Continue to Rushes")}`;
  return page(paths, "Your password is set", main);
}

/** Asks for confirmation, because a link of another site may have led here. */
export function signOutPage(
  paths: Paths,
  { action, xsrf }: { action: string; xsrf: string },
): string {
  const main = html`<h1>Sign out of Rushes?</h1>
<p>You will need your password to sign in again.</p>
<form class="fields" method="post" action="${action}">
<input type="hidden" name="xsrf" value="${xsrf}">
<input type="hidden" name="logout" value="yes">
<button class="main" type="submit">Sign out</button>
</form>
<p class="hint"><a href="/">Stay signed in</a></p>`;
  return page(paths, "Sign out", main);
}

export function signedOutPage(paths: Paths): string {
  const main = html`<h1>You are signed out</h1>
${begin(paths, "Sign in again")}`;
  return page(paths, "Signed out", main);
}

/** Says what went wrong and what to do. */
export function problemPage(paths: Paths, title: string, message: string): string {
  const main = html`<h1>${title}</h1>
<p>${message}</p>
${begin(paths, "Sign in")}`;
  return page(paths, title, main);
}
