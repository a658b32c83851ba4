"use client";

import { useState } from "react";
import { cx } from "../../components/ui/class.ts";
import { Icon } from "../../components/ui/icon.tsx";

type Props = {
  url?: string;
  /** Asks for a fresh address, when the one that we have has ended. */
  onBroken?(): void;
  className?: string;
  /** True for a poster that is in sight when the page opens: the browser fetches it at once, and first. */
  first?: boolean;
};

/**
 * A frame of the video on a dark screen, whole, whatever its shape. Decoration beside the title, so
 * it has no text of its own.
 */
export function Poster({ url, onBroken, className, first = false }: Props) {
  const [broken, setBroken] = useState<string>();
  const shown = url !== undefined && url !== broken;
  return (
    <div
      className={cx(
        "flex aspect-video items-center justify-center overflow-hidden bg-screen",
        className,
      )}
    >
      {shown ? (
        // biome-ignore lint/performance/noImgElement: signed addresses go straight to the CDN; an image proxy in between would break them.
        <img
          src={url}
          alt=""
          loading={first ? "eager" : "lazy"}
          fetchPriority={first ? "high" : "auto"}
          decoding="async"
          className="size-full object-contain"
          onError={() => {
            setBroken(url);
            onBroken?.();
          }}
        />
      ) : (
        <Icon name="film" className="size-8 text-white/25" />
      )}
    </div>
  );
}
