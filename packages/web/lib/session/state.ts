/** Who is signed in, as far as this page knows. `ownerId` is the page's user, once the server has named it. */
export type Session =
  | { type: "in"; ownerId?: string }
  /** No one is signed in. */
  | { type: "out"; ownerId?: string }
  /** Another user signed in with this browser. The page shows the data of the first. */
  | { type: "other"; ownerId: string; email: string };

export type Action =
  /** The server returned the signed-in user. */
  | { type: "signed_in"; ownerId: string; email: string }
  /** The server returned 401, or another window signed out. */
  | { type: "unauthorized" };

export const initial: Session = { type: "in" };

/** The next state, or the same object if nothing changed. */
export function reduce(session: Session, action: Action): Session {
  if (action.type === "unauthorized") {
    return session.type === "out" ? session : { type: "out", ownerId: session.ownerId };
  }
  const { ownerId, email } = action;
  if (session.ownerId !== undefined && session.ownerId !== ownerId) {
    return { type: "other", ownerId: session.ownerId, email };
  }
  return session.type === "in" && session.ownerId === ownerId ? session : { type: "in", ownerId };
}
