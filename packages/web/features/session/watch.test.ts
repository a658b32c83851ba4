import { expect, it } from "vitest";
import { createStore } from "../../lib/session/session.ts";
import { parseMessage, watchSession } from "./watch.ts";

/** A page of Ann's and its browser. `server.signedIn` is the user whom the server would return. */
function page() {
  const session = createStore();
  const server = { signedIn: "own_ann" as string | undefined, requests: 0 };
  let post: (data: unknown) => void = () => {};
  let show = () => {};
  const fetchSession = async () => {
    server.requests += 1;
    if (server.signedIn === undefined) throw new Error("Sign in to do this.");
    session.signedIn({ id: server.signedIn, email: "" });
  };
  session.signedIn({ id: "own_ann", email: "" });
  const stop = watchSession(session, fetchSession, {
    onMessage: (listen) => {
      post = listen;
      return () => {
        post = () => {};
      };
    },
    onVisible: (listen) => {
      show = listen;
      return () => {
        show = () => {};
      };
    },
  });
  const settle = () => new Promise<void>((done) => setImmediate(done));
  return { session, server, stop, settle, post: (data: unknown) => post(data), show: () => show() };
}

it("is signed in again after a message of another window, if the server confirms it", async () => {
  const { session, server, post, settle } = page();
  session.unauthorized(session.epoch());
  post({ type: "signed_in" });
  await settle();
  expect(session.current().type).toBe("in");
  expect(server.requests).toBe(1);
});

it("stays signed out if the server does not confirm the message of another window", async () => {
  const { session, server, post, settle } = page();
  session.unauthorized(session.epoch());
  server.signedIn = undefined;
  post({ type: "signed_in", ownerId: "own_ann" });
  await settle();
  expect(session.current().type).toBe("out");
});

it("checks with the server each time it becomes visible while signed out, and not otherwise", async () => {
  const { session, server, show, settle } = page();
  show();
  expect(server.requests).toBe(0);
  session.unauthorized(session.epoch());
  server.signedIn = undefined;
  show();
  show();
  await settle();
  expect(server.requests).toBe(1);
  server.signedIn = "own_ann";
  show();
  await settle();
  expect(session.current().type).toBe("in");
});

it("detects that another user signed in in another window", async () => {
  const { session, server, post, settle } = page();
  post({ type: "signed_in", ownerId: "own_ann" });
  expect(server.requests).toBe(0);
  server.signedIn = "own_bob";
  post({ type: "signed_in", ownerId: "own_bob" });
  await settle();
  expect(session.current().type).toBe("other");
});

it("signs out when another window signs out", () => {
  const { session, post } = page();
  post({ type: "signed_out" });
  expect(session.current().type).toBe("out");
});

it("ignores messages of another format", () => {
  for (const data of [undefined, null, 1, "signed_out", {}, { type: "signed" }, []]) {
    expect(parseMessage(data)).toBeUndefined();
  }
  expect(parseMessage({ type: "signed_in", ownerId: 5 })).toEqual({ type: "signed_in" });
});
