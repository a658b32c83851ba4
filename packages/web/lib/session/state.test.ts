import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStore } from "./session.ts";
import { type Action, initial, reduce } from "./state.ts";

const ann = { type: "signed_in", ownerId: "own_ann", email: "ann@example.com" } as const;
const bob = { type: "signed_in", ownerId: "own_bob", email: "bob@example.com" } as const;
const unauthorized = { type: "unauthorized" } as const;
const session = (...actions: Action[]) => actions.reduce(reduce, initial);

describe("the page's user", () => {
  it("stays the first user, even if another signs in", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(ann, bob, unauthorized)), (actions) => {
        const first = actions.find((action) => action.type === "signed_in");
        expect(actions.reduce(reduce, initial).ownerId).toBe(first?.ownerId);
      }),
    );
  });

  it("differs from the user who is signed in now", () => {
    expect(session(ann, unauthorized)).toEqual({ type: "out", ownerId: "own_ann" });
    expect(session(ann, unauthorized, ann)).toEqual({ type: "in", ownerId: "own_ann" });
    const other = { type: "other", ownerId: "own_ann", email: "bob@example.com" };
    expect(session(ann, unauthorized, bob)).toEqual(other);
    expect(session(ann, bob)).toEqual(other);
    expect(session(ann, bob, ann)).toEqual({ type: "in", ownerId: "own_ann" });
  });
});

describe("waiting for the session", () => {
  const known = (store: ReturnType<typeof createStore>, user: typeof ann | typeof bob) =>
    store.signedIn({ id: user.ownerId, email: user.email });

  it("ends if the same user signs in, but not if another does", async () => {
    const store = createStore();
    known(store, ann);
    store.unauthorized(store.epoch());
    let back = false;
    const waiting = store.back(new AbortController().signal).then(() => {
      back = true;
    });
    known(store, bob);
    await Promise.resolve();
    expect(back).toBe(false);
    known(store, ann);
    await waiting;
    expect(back).toBe(true);
  });

  it("ends with its signal", async () => {
    const store = createStore();
    store.unauthorized(store.epoch());
    const controller = new AbortController();
    const waiting = store.back(controller.signal);
    controller.abort(new Error("canceled"));
    await expect(waiting).rejects.toThrow("canceled");
  });

  it("does not begin again for an answer that was asked for before the session came back", () => {
    const store = createStore();
    known(store, ann);
    const asked = store.epoch();
    store.unauthorized(asked);
    known(store, ann);
    store.unauthorized(asked);
    expect(store.current().type).toBe("in");
  });
});
