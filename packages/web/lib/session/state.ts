/** What this page knows of who is signed in. `ownerId` is whose page it is, once the server has said so. */
export type Session =
  | { type: "in"; ownerId?: string }
  /** The server has said that nobody is signed in any more. */
  | { type: "out"; ownerId?: string }
  /** Somebody else signed in with this browser: what is shown here is not that person's. */
  | { type: "other"; ownerId: string; email: string };

export type Action =
  /** The server has said who is signed in. */
  | { type: "account"; ownerId: string; email: string }
  /** The server, or another window, has said that nobody is. */
  | { type: "refused" };

export const initial: Session = { type: "in" };

/** The next state; the same one where nothing changed. */
export function reduce(session: Session, action: Action): Session {
  if (action.type === "refused") {
    return session.type === "out" ? session : { type: "out", ownerId: session.ownerId };
  }
  const { ownerId, email } = action;
  if (session.ownerId !== undefined && session.ownerId !== ownerId) {
    return { type: "other", ownerId: session.ownerId, email };
  }
  return session.type === "in" && session.ownerId === ownerId ? session : { type: "in", ownerId };
}
