"use client";

import { Button } from "../../components/ui/button.tsx";
import { Notice } from "../../components/ui/notice.tsx";

/** A bug on a page. What was uploaded and encoded is safe: it lives on the server. */
export default function PageError({ reset }: { error: Error; reset(): void }) {
  return (
    <div className="mx-auto max-w-lg space-y-4 py-16">
      <h1 className="text-2xl font-semibold tracking-tight">Something went wrong</h1>
      <Notice
        role="alert"
        tone="danger"
        title="This page could not be shown"
        actions={<Button onClick={reset}>Try again</Button>}
      >
        Your videos are safe. Try again, or reload the page.
      </Notice>
    </div>
  );
}
