"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { Progress } from "../../components/ui/progress.tsx";
import { useUploads } from "./use-engine.ts";
import { total } from "./view.ts";

/** On every page but the upload page: the progress of running uploads, with a link back. */
export function UploadIndicator() {
  return usePathname() === "/" ? null : <Indicator />;
}

function Indicator() {
  const { state } = useUploads();
  const all = total(state);
  if (!all || all.active === 0) return null;
  return (
    <aside
      aria-label="Uploads in progress"
      className="fixed right-4 bottom-4 left-4 z-30 sm:left-auto sm:w-72"
    >
      <Link
        href="/"
        className="block rounded-frame border border-line bg-surface px-4 py-3 shadow-lg hover:bg-sunken"
      >
        <span className="flex justify-between gap-3 text-sm font-medium">
          <span>{all.title}</span>
          <span className="tabular-nums">{all.percent} %</span>
        </span>
        <span className="mt-2 block">
          <Progress label="All uploads" value={all.percent} />
        </span>
        <span className="mt-1.5 block text-xs text-muted tabular-nums">{all.text}</span>
      </Link>
    </aside>
  );
}
