/** Which actor each operation of the core needs. The test beside it calls each as everybody. */
import type { Scope } from "./actor.ts";

/** Whose a thing must be; "or an admin" is one who signed in. */
type Whose = "the owner" | "the owner or an admin";

export type Need =
  /** Reads nothing and asks nobody: a function of what it is given. */
  | "pure"
  /** Decides by the secret or the address that it is given, or only writes down. */
  | "anybody"
  /** A step of other operations, which have asked; nothing outside of the core may call it. */
  | "inside"
  /** One of our own functions; never a request. */
  | "system"
  /** A session, or the one user of a machine without sign-in; never a token. */
  | "person"
  /** A person who is an admin. */
  | "admin"
  /** A person or a token of this scope, for what is the caller's own. */
  | Scope
  /** The same, for one thing, which is not there for anybody else. */
  | `${Scope | "person"} of ${Whose}`;

/** Every function that a module exports: the index of each folder, and each step of the pipeline. */
export const NEEDS: Record<string, Record<string, Need>> = {
  upload: {
    create: "upload",
    list: "upload",
    fromId: "upload of the owner or an admin",
    parts: "upload of the owner or an admin",
    remove: "upload of the owner or an admin",
    sign: "upload of the owner",
    complete: "upload of the owner",
    settle: "system",
  },
  job: {
    list: "read",
    changedSince: "read",
    details: "read of the owner or an admin",
    rename: "manage of the owner or an admin",
    cancel: "manage of the owner or an admin",
    // With the scope that it is given.
    requireReachable: "manage of the owner or an admin",
    failureSentence: "pure",
  },
  playback: { create: "read of the owner or an admin" },
  share: {
    create: "person of the owner or an admin",
    list: "manage of the owner or an admin",
    remove: "manage of the owner or an admin",
    open: "anybody",
    framesOf: "anybody",
  },
  user: {
    me: "read",
    list: "admin",
    fromId: "admin",
    update: "admin",
    signIn: "system",
    ownerIdOf: "pure",
    mailSuppression: "read",
    unsuppressMail: "person",
    unsuppressMailOf: "admin",
    mailSuppressions: "admin",
  },
  session: {
    list: "person",
    end: "person",
    endById: "person of the owner",
    endAll: "admin",
    create: "system",
    resume: "anybody",
  },
  token: {
    create: "person",
    list: "person",
    remove: "person of the owner",
    resolve: "anybody",
  },
  usage: {
    info: "read",
    read: "inside",
    write: "inside",
    reserve: "inside",
    refusal: "pure",
  },
  audit: { list: "admin", record: "anybody", looked: "anybody", write: "inside", item: "pure" },
  deployment: { list: "admin", record: "system" },
  "dead-letter": { list: "admin", redrive: "admin" },
  limit: { take: "anybody", tryTake: "anybody", giveBack: "anybody" },
  table: {
    apply: "inside",
    due: "inside",
    foldName: "inside",
    get: "inside",
    oneOf: "pure",
    page: "inside",
    put: "inside",
    queryAll: "inside",
    removeAll: "inside",
    tableName: "inside",
    transact: "inside",
    update: "inside",
  },
  "pipeline/receive": { receive: "system" },
  "pipeline/claim": { claim: "inside", title: "pure" },
  "pipeline/inspect": { inspectHead: "inside", inspectContent: "inside" },
  "pipeline/start": { start: "inside" },
  "pipeline/submit": { submit: "inside" },
  "pipeline/progress": { applyUpdate: "system" },
  "pipeline/finish": { complete: "inside", fail: "inside", reported: "pure" },
  "pipeline/land": { land: "system", collect: "inside", recording: "pure", rows: "inside" },
  "pipeline/describe": { describe: "inside" },
  "pipeline/notify": { send: "system" },
  "pipeline/mail-text": { compose: "pure" },
  "pipeline/feedback": { recordFeedback: "system" },
  "pipeline/feedback-event": { parseFeedback: "pure", tagsOf: "pure" },
  "pipeline/retry": { retry: "manage of the owner or an admin" },
  "pipeline/remove": {
    remove: "manage of the owner or an admin",
    removeMany: "manage",
    purgeAgain: "inside",
  },
  "pipeline/supersede": { supersede: "inside" },
  "pipeline/reconcile": { run: "system" },
  "pipeline/reconcile-job": { reconcileJob: "inside" },
};
