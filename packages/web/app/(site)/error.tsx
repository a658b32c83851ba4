"use client";

import { buttonClass } from "../../components/ui/button.tsx";

/** A bug on a page. Uploaded and encoded videos are safe on the server. */
export default function PageError({ reset }: { error: Error; reset(): void }) {
  return (
    <div role="alert" className="mx-auto max-w-lg space-y-4 py-16">
      <h1 className="text-2xl font-semibold tracking-tight">This page could not be loaded</h1>
      <p>Your videos are safe. Try again, or reload the page.</p>
      <button type="button" onClick={reset} className={buttonClass()}>
        Try again
      </button>
    </div>
  );
}
