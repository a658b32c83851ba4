"use client";

import { useEffect } from "react";
import { titlePrefix } from "./title.ts";
import { useProvided } from "./use-uploads.ts";
import { total } from "./view.ts";

/** Shows the progress of uploads in the title of every page, for a tab in the background. */
export function UploadTitle() {
  const { engine } = useProvided();
  useEffect(() => {
    const show = titlePrefix();
    const update = () => {
      const state = engine.engine()?.state();
      const all = state && total(state);
      show(all && all.running > 0 ? `${all.percent} % · ` : "");
    };
    update();
    const stop = engine.subscribe(update);
    return () => {
      stop();
      show("");
    };
  }, [engine]);
  return null;
}
