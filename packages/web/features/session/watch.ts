import type { Store } from "../../lib/session/session.ts";

/** The channel on which the windows of a browser share who is signed in. */
export const CHANNEL = "rushes-session";
export type Message =
  /** Sent by a page that knows who is signed in, and without an owner by /signed-in. */
  { type: "signed_in"; ownerId?: string } | { type: "signed_out" };

export function parseMessage(data: unknown): Message | undefined {
  if (typeof data !== "object" || data === null || !("type" in data)) return undefined;
  if (data.type === "signed_out") return { type: "signed_out" };
  if (data.type !== "signed_in") return undefined;
  const known = "ownerId" in data && typeof data.ownerId === "string";
  return known ? { type: "signed_in", ownerId: String(data.ownerId) } : { type: "signed_in" };
}

/** The browser functions that `watchSession` needs. */
export type Environment = {
  /** Calls back for every message of another window. Returns a function that stops it. */
  onMessage(listen: (data: unknown) => void): () => void;
  /** Calls back whenever the page becomes visible. */
  onVisible(listen: () => void): () => void;
};

/**
 * Keeps a page's session up to date: listens to the other windows, and calls `fetchSession` when a signed-out page
 * becomes visible. `fetchSession` updates the session. Returns a function that stops it.
 */
export function watchSession(
  session: Store,
  fetchSession: () => Promise<unknown>,
  environment: Environment,
): () => void {
  let fetching = false;
  function check() {
    if (fetching) return;
    fetching = true;
    // No response, and a 401, change nothing.
    fetchSession()
      .catch(() => {})
      .finally(() => {
        fetching = false;
      });
  }
  const stops = [
    environment.onMessage((data) => {
      const message = parseMessage(data);
      const { type, ownerId } = session.current();
      if (message?.type === "signed_out") session.unauthorized(session.epoch());
      if (message?.type !== "signed_in") return;
      if (type !== "in" || message.ownerId !== ownerId) check();
    }),
    environment.onVisible(() => {
      if (session.current().type !== "in") check();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
