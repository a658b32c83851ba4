"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { pauseWhileSignedOut } from "../session/pause.ts";
import { session } from "../session/session.ts";
import { useHydrated } from "../use-hydrated.ts";
import { isFinal, isSignedOut } from "./call.ts";

/** A query that was refused for want of a session rests until there is one, and is sent again. */
const retry = (count: number, error: unknown) =>
  isSignedOut(error) || (count < 1 && !isFinal(error));

/** One for as long as the browser shows the app: a change of page keeps what has been answered. */
let client: QueryClient | undefined;

function browserClient(): QueryClient {
  if (client) return client;
  client = new QueryClient({
    defaultOptions: {
      queries: { retry, staleTime: 5_000 },
      // What a person asked for answers at once, also with a refusal: it must not happen later unseen.
      mutations: { networkMode: "always" },
    },
  });
  pauseWhileSignedOut(session);
  return client;
}

type Props = {
  /** What the server renders, and the browser until the page is hydrated. */
  fallback: ReactNode;
  children: ReactNode;
};

/**
 * The part of a page that shows answers of the API. It is rendered in the browser alone: an answer that is
 * there before React has hydrated the page must not make it differ from the server's HTML. Queries do not
 * work outside of it, so nothing can be hydrated with an answer by mistake.
 */
export function Queries({ fallback, children }: Props) {
  if (!useHydrated()) return fallback;
  return <QueryClientProvider client={browserClient()}>{children}</QueryClientProvider>;
}
