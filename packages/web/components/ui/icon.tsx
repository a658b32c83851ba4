/**
 * The icons that the first pages show: strokes of one weight on a 20-unit grid. Those that only some pages
 * or dialogs show are in `action-icon.tsx`, so that not every page loads them.
 */
const PATHS = {
  upload: "M10 13V3m0 0L6 7m4-4 4 4M3 13v2.5A1.5 1.5 0 0 0 4.5 17h11a1.5 1.5 0 0 0 1.5-1.5V13",
  video: "M3.5 3.5h13v13h-13zM7 3.5v13M13 3.5v13M3.5 7H7m-3.5 6H7m6-6h3.5M13 13h3.5M7 10h6",
  pause: "M7 4v12M13 4v12",
  play: "M6 4.2v11.6L15.5 10z",
  retry: "M16 10a6 6 0 1 1-1.9-4.4L16 7.4M16 3v4.4h-4.4",
  close: "m5 5 10 10M15 5 5 15",
  down: "M4.5 8 10 13.5 15.5 8",
  left: "M12 4.5 6.5 10l5.5 5.5",
  right: "M8 4.5 13.5 10 8 15.5",
} as const;
export type IconName = keyof typeof PATHS;

/** Decoration only: the text or label next to it says what it means. */
export function Icon({ name, className }: { name: IconName; className?: string }) {
  return <Strokes path={PATHS[name]} className={className} />;
}

/** One path of an icon. `className` sets the size. */
export function Strokes({
  path,
  className = "size-4",
}: {
  path: string;
  className?: string | undefined;
}) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={className}
    >
      <path d={path} />
    </svg>
  );
}
