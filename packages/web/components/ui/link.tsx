"use client";

import { useRouter } from "next/navigation";
import type { ComponentProps } from "react";

type Props = Omit<ComponentProps<"a">, "href"> & {
  href: string;
  /** Prefetches the page when the pointer or the focus comes near. For pages that are the same for all users. */
  ahead?: boolean;
};

/**
 * A link to another page of the app, without a page load. With a modifier key, or before hydration, the browser
 * follows it like any other link. Next's own link adds 2.5 kB to every page, for kinds of prefetching that pages
 * rendered per user cannot use.
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
