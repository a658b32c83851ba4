import type { Store } from "../../lib/session/session.ts";

/** Where the windows of one browser tell each other who is signed in. */
export const CHANNEL = "rushes-session";
export type Message =
  /** Sent by a page that has just learned who is signed in, and without an owner by /signed-in. */
  { type: "signed_in"; ownerId?: string } | { type: "signed_out" };

export function parseMessage(data: unknown): Message | undefined {
  if (typeof data !== "object" || data === null || !("type" in data)) return undefined;
  if (data.type === "signed_out") return { type: "signed_out" };
  if (data.type !== "signed_in") return undefined;
  const known = "ownerId" in data && typeof data.ownerId === "string";
  return known ? { type: "signed_in", ownerId: String(data.ownerId) } : { type: "signed_in" };
}

/** What the watch needs of the browser; the tests give their own. */
export type Surroundings = {
  /** Calls back for every message of another window; gives back the way to stop. */
  onMessage(listen: (data: unknown) => void): () => void;
  /** Calls back whenever somebody comes to look at the page. */
  onLook(listen: () => void): () => void;
};

/**
 * Keeps a page's session true: listens to the other windows, and asks the server when somebody looks
 * at a page that believes it is signed out. `ask` tells the session what it learns. Returns how to stop.
 */
export function watchSession(
  session: Store,
  ask: () => Promise<unknown>,
  around: Surroundings,
): () => void {
  let asking = false;
  function check() {
    if (asking) return;
    asking = true;
    // No answer, and the answer that nobody is signed in, leave everything as it is.
    ask()
      .catch(() => {})
      .finally(() => {
        asking = false;
      });
  }
  const stops = [
    around.onMessage((data) => {
      const message = parseMessage(data);
      const { type, ownerId } = session.current();
      if (message?.type === "signed_out") session.refused(session.epoch());
      if (message?.type !== "signed_in") return;
      if (type !== "in" || message.ownerId !== ownerId) check();
    }),
    around.onLook(() => {
      if (session.current().type !== "in") check();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
