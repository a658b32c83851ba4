/** The style sheet of the provider's pages, which look like the web app's sign-in page. */
import { STYLE } from "@rushes/aws-local/ses/inbox-assets";

export const STYLE_SHEET = `${STYLE}
body { justify-content: center; padding: 3rem 1rem; }
main.card {
  position: relative; width: 100%; max-width: 26rem; margin: 0 auto; padding: 3.25rem clamp(1.5rem, 6vw, 2rem); gap: 1.25rem;
  border: 1px solid var(--line); border-radius: 0.625rem; background: var(--surface);
}
main.card::before, main.card::after {
  content: ""; position: absolute; left: 0.75rem; right: 0.75rem; height: 0.5rem;
  background: radial-gradient(circle at center, var(--line) 0 0.125rem, transparent 0.16rem) 0 0 / 1rem 0.5rem repeat-x;
}
main.card::before { top: 0.75rem; }
main.card::after { bottom: 0.75rem; }
.brand { margin: 0; display: flex; align-items: center; gap: 0.625rem; font-size: 1.125rem; font-weight: 600; letter-spacing: -0.025em; }
main.card h1 { margin: 0; font-size: 1.5rem; font-weight: 600; line-height: 1.33; letter-spacing: -0.025em; text-wrap: balance; }
main.card p { margin: 0; }
p.hint { color: var(--muted); font-size: 0.875rem; }
form.fields { display: flex; flex-direction: column; gap: 1rem; }
.field { display: flex; flex-direction: column; gap: 0.25rem; }
.field label { font-size: 0.875rem; font-weight: 500; }
.field input {
  font: inherit; width: 100%; min-height: 2.25rem; padding: 0.375rem 0.75rem; border-radius: 0.5rem;
  border: 1px solid var(--control); background: var(--surface); color: var(--ink);
}
.field input[readonly] { background: var(--sunken); color: var(--muted); }
.problem {
  padding: 0.875rem 1rem; border-radius: 0.625rem; font-size: 0.875rem; background: var(--danger-soft); color: var(--danger);
  border: 1px solid color-mix(in oklab, var(--danger) 40%, transparent);
}
button.main, a.main {
  justify-content: center; border-color: transparent; background: var(--accent); color: var(--on-accent); text-decoration: none;
  border-radius: 0.5rem; display: inline-flex; align-items: center; min-height: 2.25rem; padding: 0.375rem 0.875rem;
  font-size: 0.875rem; font-weight: 500;
}
button.main:hover, a.main:hover { background: var(--accent-strong); }
@media (pointer: coarse) { .field input, button.main, a.main { min-height: 2.75rem; } }
@media (min-width: 40rem) { .field input { font-size: 0.875rem; } }
`;
