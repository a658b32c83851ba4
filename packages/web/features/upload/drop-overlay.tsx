import { Icon } from "../../components/ui/icon.tsx";

/** Covers the page while files are dragged over it. */
export function DropOverlay() {
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none fixed inset-0 z-40 grid place-items-center bg-paper/90 p-6"
    >
      <div className="grid size-full place-items-center rounded-frame border-2 border-dashed border-accent">
        <p className="flex items-center gap-3 text-xl font-semibold text-accent">
          <Icon name="upload" className="size-6" /> Drop to upload
        </p>
      </div>
    </div>
  );
}
