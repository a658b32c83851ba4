"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { UploadProvider } from "../../features/upload/provider.tsx";

/** What every page shares and a change of page must not end: cached answers and running uploads. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 5_000 } } }),
  );
  return (
    <QueryClientProvider client={client}>
      <UploadProvider>{children}</UploadProvider>
    </QueryClientProvider>
  );
}
