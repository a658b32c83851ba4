import { useState } from "react";
import { rememberInCookie } from "../../lib/cookie.ts";
import { VIEW_COOKIE, type View } from "./list-view.ts";

/** The last choice of this visit. A navigation back to a list uses the page of before the choice. */
let chosen: View | undefined;

/** How the list is shown, and a function that changes it for this browser. `first` is how the server has rendered it. */
export function useView(first: View): [View, (view: View) => void] {
  const [view, setView] = useState(() => chosen ?? first);
  return [
    view,
    (next) => {
      chosen = next;
      rememberInCookie(VIEW_COOKIE, next);
      setView(next);
    },
  ];
}
