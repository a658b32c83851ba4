"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useDeferredValue } from "react";
import { pauseWhileSignedOut } from "../session/pause.ts";
import { session } from "../session/session.ts";
import { useHydrated } from "../use-hydrated.ts";
import { isFinal, isSignedOut } from "./call.ts";

/** A query that failed without a session waits until there is one, and is sent again. */
const retry = (count: number, error: unknown) =>
  isSignedOut(error) || (count < 1 && !isFinal(error));

/** One client for the whole visit, so that a navigation keeps the cached responses. */
let client: QueryClient | undefined;

function clientOf(): QueryClient {
  // A server has many users, and each of its pages a client of its own.
  if (typeof window === "undefined") return new QueryClient();
  if (client) return client;
  client = new QueryClient({
    defaultOptions: {
      queries: { retry, staleTime: 5_000 },
      // An action of the user succeeds or fails at once. It must not run later unseen.
      mutations: { networkMode: "always" },
    },
  });
  pauseWhileSignedOut(session);
  return client;
}

/** The client for code outside of `Queries`. Undefined before its first use. */
export const queryClient = () => client;

type Props = {
  /** The content that the server renders, and the browser until hydration. */
  fallback: ReactNode;
  /** True if the HTML has all data with which the children begin. The server renders them then. */
  inHtml?: boolean;
  children: ReactNode;
};

/**
 * The part of a page that shows data from the API. Without `inHtml`, it is rendered in the browser only: data that
 * arrives before React has hydrated the page must not make it differ from the server's HTML. Queries do not work
 * outside of it, so nothing can be hydrated with data by mistake.
 */
export function Queries({ fallback, inHtml = false, children }: Props) {
  // Deferred, React renders the children in several tasks. The hook's own change would render them in one.
  const hydrated = useDeferredValue(useHydrated());
  if (!hydrated && !inHtml) return fallback;
  return <QueryClientProvider client={clientOf()}>{children}</QueryClientProvider>;
}
