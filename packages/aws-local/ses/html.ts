/** Markup that is safe to insert into a page. A template escapes every other value. */
export interface Markup {
  readonly markup: string;
}

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? "");

type Value = Markup | string | number | undefined | Value[];

function render(value: Value): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map(render).join("");
  return typeof value === "object" ? value.markup : escapeHtml(String(value));
}

/** A template of HTML. Values are escaped unless they are markup. */
export const html = (parts: TemplateStringsArray, ...values: Value[]): Markup => ({
  markup: parts.map((part, at) => part + render(values[at])).join(""),
});
