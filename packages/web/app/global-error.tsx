"use client";

import "./globals.css";

/** Shown if the layout failed, too. It contains nothing that could fail again. */
export default function GlobalError({ reset }: { error: Error; reset(): void }) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong · Rushes</title>
        <main className="mx-auto max-w-lg space-y-4 px-4 py-16">
          <h1 className="text-2xl font-semibold">Something went wrong</h1>
          <p>Your videos are safe. Try again, or reload the page.</p>
          <button
            type="button"
            onClick={reset}
            className="rounded-lg bg-accent px-4 py-2 text-on-accent"
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
