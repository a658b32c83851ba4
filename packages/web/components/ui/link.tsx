"use client";

import { useRouter } from "next/navigation";
import type { ComponentProps } from "react";

type Props = Omit<ComponentProps<"a">, "href"> & {
  /** A page of this app. */
  href: string;
  /** Fetches the page ahead once somebody comes near: for pages that render the same for everybody. */
  ahead?: boolean;
};

/**
 * A link to another page of the app, which keeps the app running. With a key held down, or before the page is
 * hydrated, the browser follows it as any other. Next's own link weighs 2.5 kB on every page, for ways of
 * prefetching that pages rendered for one person cannot use.
 */
export function Link({ href, ahead = false, onClick, ...rest }: Props) {
  const router = useRouter();
  const prefetch = ahead ? () => router.prefetch(href) : undefined;
  return (
    <a
      href={href}
      onPointerEnter={prefetch}
      onFocus={prefetch}
      {...rest}
      onClick={(event) => {
        onClick?.(event);
        const { button, metaKey, ctrlKey, shiftKey, altKey } = event;
        const elsewhere = button !== 0 || metaKey || ctrlKey || shiftKey || altKey;
        if (event.defaultPrevented || elsewhere || (rest.target ?? "_self") !== "_self") return;
        event.preventDefault();
        router.push(href);
      }}
    />
  );
}
