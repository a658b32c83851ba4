/** The style sheet of the provider's pages. */
import { STYLE } from "@rushes/aws-local/ses/inbox-assets";

export const STYLE_SHEET = `${STYLE}
body { align-items: stretch; }
main.card {
  width: 100%; max-width: 26rem; margin: auto; padding: clamp(1.25rem, 5vw, 2rem); gap: 1.25rem;
}
.brand { margin: 0; display: flex; align-items: center; gap: 0.625rem; font-weight: 600; letter-spacing: -0.01em; color: var(--muted); }
main.card h1 { margin: 0; font-size: 1.625rem; line-height: 1.2; letter-spacing: -0.02em; text-wrap: balance; }
main.card p { margin: 0; }
p.hint { color: var(--muted); font-size: 0.875rem; }
form.fields { display: flex; flex-direction: column; gap: 1rem; }
.field { display: flex; flex-direction: column; gap: 0.375rem; }
.field label { font-size: 0.875rem; font-weight: 600; }
.field input {
  font: inherit; width: 100%; min-height: 2.75rem; padding: 0 0.75rem; border-radius: 0.5rem;
  border: 1px solid var(--control); background: var(--surface); color: var(--ink);
}
.field input[readonly] { background: var(--sunken); color: var(--muted); }
.problem {
  padding: 0.75rem 0.875rem; border-radius: 0.5rem; background: var(--danger-soft); color: var(--danger);
}
button.main, a.main {
  font: inherit; font-weight: 600; min-height: 2.75rem; justify-content: center; border-color: transparent;
  background: var(--accent); color: light-dark(#fffaf4, #1f1305); text-decoration: none; border-radius: 0.5rem;
  display: inline-flex; align-items: center; padding: 0 1rem;
}
button.main:hover, a.main:hover { background: light-dark(#85350a, #f7bb80); }
`;
