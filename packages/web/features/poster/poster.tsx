"use client";

import { useState } from "react";
import { cx } from "../../components/ui/class.ts";
import { Icon } from "../../components/ui/icon.tsx";

type Props = {
  url?: string;
  /** Requests a fresh URL when the current one has expired. */
  onBroken?(): void;
  className?: string;
  /** True for a poster that is visible when the page opens: the browser loads it at once, with priority. */
  first?: boolean;
};

/** A frame of the video, uncropped, on a dark background. It decorates the title, so it has no alternative text. */
export function Poster({ url, onBroken, className, first = false }: Props) {
  const [broken, setBroken] = useState<string>();
  const shown = url !== undefined && url !== broken;
  return (
    <div className={cx("poster", className)}>
      {shown ? (
        // biome-ignore lint/performance/noImgElement: signed URLs point to the CDN. An image proxy would break them.
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
        <Icon name="video" className="size-8 text-white/25" />
      )}
    </div>
  );
}
