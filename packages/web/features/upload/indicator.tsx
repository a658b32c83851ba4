"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { Progress } from "../../components/ui/progress.tsx";
import { useUploads } from "./use-engine.ts";
import { failedText, total } from "./view.ts";

/** On every page but the upload page: the progress of running uploads and how many failed, with a link to them. */
export function UploadIndicator() {
  return usePathname() === "/" ? null : <Indicator />;
}

function Indicator() {
  const { state } = useUploads();
  const all = total(state);
  const failed = failedText(state.files);
  const isActive = all !== undefined && all.active > 0;
  if (!isActive && failed === undefined) return null;
  return (
    <aside
      aria-label={isActive ? "Uploads in progress" : "Failed uploads"}
      className="fixed right-4 bottom-4 left-4 z-30 sm:left-auto sm:w-72"
    >
      <Link
        href="/"
        className="block rounded-frame border border-line bg-surface px-4 py-3 shadow-lg hover:bg-sunken"
      >
        {isActive ? (
          <>
            <span className="flex justify-between gap-3 text-sm font-medium">
              <span>{all.title}</span>
              <span className="tabular-nums">{all.percent} %</span>
            </span>
            <span className="mt-2 block">
              <Progress label="All uploads" value={all.percent} />
            </span>
            <span className="mt-1.5 block text-xs text-muted tabular-nums">{all.text}</span>
          </>
        ) : null}
        {failed === undefined ? null : (
          <span className="flex justify-between gap-3 text-sm font-medium">
            <span className="text-danger">{failed}</span> <span className="underline">Show</span>
          </span>
        )}
      </Link>
    </aside>
  );
}
