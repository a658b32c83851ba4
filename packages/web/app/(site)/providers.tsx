"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { isFinal, isSignedOut } from "../../features/api/call.ts";
import { SessionWatch } from "../../features/session/session-watch.tsx";
import { UploadProvider } from "../../features/upload/provider.tsx";

/** A question that was refused for want of a session rests until there is one, and is asked again. */
const retry = (count: number, error: unknown) =>
  isSignedOut(error) || (count < 1 && !isFinal(error));

function createClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry, staleTime: 5_000 },
      // What a person asked for answers at once, also with a refusal: it must not happen later unseen.
      mutations: { networkMode: "always" },
    },
  });
}

/** What every page shares and a change of page must not end: cached answers and running uploads. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(createClient);
  return (
    <QueryClientProvider client={client}>
      <SessionWatch />
      <UploadProvider>{children}</UploadProvider>
    </QueryClientProvider>
  );
}
