"use client";

import { type ReactNode, useEffect } from "react";
import { Visitor } from "./visitor.tsx";
import type { WatchResult } from "./watch-result.ts";

function Titled({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div className="space-y-5">
      <h1 className="text-2xl leading-tight font-semibold tracking-tight sm:text-3xl">
        <bdi>{title}</bdi>
      </h1>
      {children}
    </div>
  );
}

type Props = { address: string; first: WatchResult | undefined };

export function WatchPage({ address, first }: Props) {
  return (
    <Visitor address={address} first={first}>
      {(title, player) => <Titled title={title}>{player}</Titled>}
    </Visitor>
  );
}
