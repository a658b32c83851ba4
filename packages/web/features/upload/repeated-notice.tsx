"use client";

import Link from "next/link";
import { Button, buttonClass, IconButton } from "../../components/ui/button.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { useUploads } from "./use-engine.ts";
import { repeatedSentence } from "./view.ts";

/** Asks what to do with files that were chosen a second time, or are videos already. */
export function RepeatedNotice() {
  const { state, engine } = useUploads();
  if (!engine || state.repeated.length === 0) return null;
  const [first, second] = state.repeated;
  const only = second ? undefined : first?.video;
  // The buttons disappear with their action. The focus must not jump to the top of the page.
  const closing = (act: () => void) => () => {
    act();
    document.getElementById("main")?.focus({ preventScroll: true });
  };
  return (
    <div className="mt-2 flex items-start gap-3 rounded-frame border border-line bg-surface py-2 pr-2 pl-4 text-ink shadow-lg">
      <div className="min-w-0 flex-1 space-y-2 py-1.5">
        <p className="text-sm break-words">{repeatedSentence(state.repeated)}</p>
        <p className="flex flex-wrap gap-2">
          <Button onClick={closing(engine.addRepeated)}>Upload anyway</Button>
          {only ? (
            <Link href={`/jobs/${only.jobId}`} className={buttonClass()}>
              Open the video
            </Link>
          ) : null}
        </p>
      </div>
      <IconButton label="Dismiss this message" onClick={closing(engine.dropRepeated)}>
        <Icon name="close" />
      </IconButton>
    </div>
  );
}
