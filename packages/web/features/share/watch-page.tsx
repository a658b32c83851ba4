"use client";

import { type ReactNode, useEffect } from "react";
import { Visitor } from "./visitor.tsx";

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
export function WatchPage({ address }: { address: string }) {
  return (
    <Visitor address={address}>
      {(title, player) => <Titled title={title}>{player}</Titled>}
    </Visitor>
  );
}
