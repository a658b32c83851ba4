/** The few icons of the app: strokes of one weight on a 20-unit grid. */
const PATHS = {
  upload: "M10 13V3m0 0L6 7m4-4 4 4M3 13v2.5A1.5 1.5 0 0 0 4.5 17h11a1.5 1.5 0 0 0 1.5-1.5V13",
  download: "M10 3v10m0 0 4-4m-4 4L6 9M3 13v2.5A1.5 1.5 0 0 0 4.5 17h11a1.5 1.5 0 0 0 1.5-1.5V13",
  film: "M3.5 3.5h13v13h-13zM7 3.5v13M13 3.5v13M3.5 7H7m-3.5 6H7m6-6h3.5M13 13h3.5M7 10h6",
  pause: "M7 4v12M13 4v12",
  play: "M6 4.2v11.6L15.5 10z",
  retry: "M16 10a6 6 0 1 1-1.9-4.4L16 7.4M16 3v4.4h-4.4",
  trash: "M3.5 5.5h13M8 5.5v-2h4v2M5 5.5l.8 11h8.4l.8-11M8.3 8.5v5M11.7 8.5v5",
  pencil: "M3.5 16.5 4.4 13 13.5 3.9a1.4 1.4 0 0 1 2 0l.6.6a1.4 1.4 0 0 1 0 2L7 15.6z",
  close: "m5 5 10 10M15 5 5 15",
  check: "m4 10.5 4 4 8-9",
  down: "M4.5 8 10 13.5 15.5 8",
  left: "M12 4.5 6.5 10l5.5 5.5",
  right: "M8 4.5 13.5 10 8 15.5",
  sun: "M10 2v1.5m0 13V18M2 10h1.5m13 0H18M4.3 4.3l1.1 1.1m9.2 9.2 1.1 1.1M4.3 15.7l1.1-1.1m9.2-9.2 1.1-1.1M13.2 10a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0z",
  moon: "M16.5 11.6A6.8 6.8 0 0 1 8.4 3.5a6.8 6.8 0 1 0 8.1 8.1z",
  alert: "M10 6.5v4.2m0 2.6v.2M10 2.8 1.9 16.5h16.2z",
  stop: "M5 5h10v10H5z",
  user: "M13.2 7a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0zM3.8 16.8a6.3 6.3 0 0 1 12.4 0",
  sliders:
    "M3 6h8m4 0h2M3 14h2m4 0h8M15 6a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM9 14a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
  copy: "M7 7h9.5v9.5H7zM13 7V3.5H3.5V13H7",
  share:
    "M6.8 8.9 13.2 5.6M6.8 11.1l6.4 3.3M7 10a2.2 2.2 0 1 1-4.4 0A2.2 2.2 0 0 1 7 10zm10.4-5.4a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0zm0 10.8a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0z",
  link: "M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1-1",
} as const;
export type IconName = keyof typeof PATHS;

/** Decoration only: the text or label beside it says what it means. */
export function Icon({ name, className = "size-4" }: { name: IconName; className?: string }) {
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
      <path d={PATHS[name]} />
    </svg>
  );
}
