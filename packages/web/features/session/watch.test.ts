import { expect, it } from "vitest";
import { createStore } from "../../lib/session/session.ts";
import { parseMessage, watchSession } from "./watch.ts";

/** A page of Ann's and the browser around it. `signedIn` is whom the server would name. */
function page() {
  const session = createStore();
  const world = { signedIn: "own_ann" as string | undefined, asked: 0 };
  let tell: (data: unknown) => void = () => {};
  let look = () => {};
  const ask = async () => {
    world.asked += 1;
    if (world.signedIn === undefined) throw new Error("Sign in to do this.");
    session.known({ id: world.signedIn, email: "" });
  };
  session.known({ id: "own_ann", email: "" });
  const stop = watchSession(session, ask, {
    onMessage: (listen) => {
      tell = listen;
      return () => {
        tell = () => {};
      };
    },
    onLook: (listen) => {
      look = listen;
      return () => {
        look = () => {};
      };
    },
  });
  const settle = () => new Promise<void>((done) => setImmediate(done));
  return { session, world, stop, settle, tell: (data: unknown) => tell(data), look: () => look() };
}

it("goes on when another window says that somebody signed in, and the server agrees", async () => {
  const { session, world, tell, settle } = page();
  session.refused(session.epoch());
  tell({ type: "signed_in" });
  await settle();
  expect(session.current().type).toBe("in");
  expect(world.asked).toBe(1);
});

it("does not believe another window against the server", async () => {
  const { session, world, tell, settle } = page();
  session.refused(session.epoch());
  world.signedIn = undefined;
  tell({ type: "signed_in", ownerId: "own_ann" });
  await settle();
  expect(session.current().type).toBe("out");
});

it("asks when somebody looks at it while signed out, again and again, and not otherwise", async () => {
  const { session, world, look, settle } = page();
  look();
  expect(world.asked).toBe(0);
  session.refused(session.epoch());
  world.signedIn = undefined;
  look();
  look();
  await settle();
  expect(world.asked).toBe(1);
  world.signedIn = "own_ann";
  look();
  await settle();
  expect(session.current().type).toBe("in");
});

it("notices that somebody else signed in in another window, while it believed all was well", async () => {
  const { session, world, tell, settle } = page();
  tell({ type: "signed_in", ownerId: "own_ann" });
  expect(world.asked).toBe(0);
  world.signedIn = "own_bob";
  tell({ type: "signed_in", ownerId: "own_bob" });
  await settle();
  expect(session.current().type).toBe("other");
});

it("is signed out with the window in which somebody signed out", () => {
  const { session, tell } = page();
  tell({ type: "signed_out" });
  expect(session.current().type).toBe("out");
});

it("hears nothing but its own words", () => {
  for (const data of [undefined, null, 1, "signed_out", {}, { type: "signed" }, []]) {
    expect(parseMessage(data)).toBeUndefined();
  }
  expect(parseMessage({ type: "signed_in", ownerId: 5 })).toEqual({ type: "signed_in" });
});
