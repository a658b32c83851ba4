export type View = "cards" | "table";
export const VIEW_COOKIE = "view";

/** How a list is shown. Cards unless the value is that of the table. */
export const parseView = (value: string | undefined): View =>
  value === "table" ? "table" : "cards";
