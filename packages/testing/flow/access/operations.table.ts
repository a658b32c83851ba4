/** Which actor each operation of core requires. A test calls each operation as every kind of actor. */
import type { Scope } from "@rushes/core/actor";

/** Who must own the object. The admin must be signed in. */
type Whose = "the owner" | "the owner or an admin";

export type Need =
  /** A pure function of its arguments. */
  | "pure"
  /** Authorizes by the secret or the link in its arguments, or only records something. */
  | "anybody"
  /** Part of other operations, which authorize. Only core may call it. */
  | "inside"
  /** One of Rushes's own functions, and never a request. */
  | "system"
  /** A session, or the local user without sign-in, and never a token. */
  | "person"
  /** A person who is an admin. */
  | "admin"
  /** A person who is an admin, or a token with the scope `keys` whose owner is one. */
  | "keys of an admin"
  /** A person, or a token with this scope, for the caller's own data. */
  | Scope
  /** The same for one object, which everyone else gets a "not found" for. */
  | `${Scope | "person" | "share or manage"} of ${Whose}`;

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
    counts: "read",
    details: "read of the owner or an admin",
    rename: "manage of the owner or an admin",
    tag: "manage of the owner or an admin",
    cancel: "manage of the owner or an admin",
    // With the given scope.
    requireReachable: "manage of the owner or an admin",
    failureSentence: "pure",
  },
  captions: {
    list: "read of the owner or an admin",
    add: "manage of the owner or an admin",
    update: "manage of the owner or an admin",
    remove: "manage of the owner or an admin",
  },
  poster: {
    choose: "manage of the owner or an admin",
    reset: "manage of the owner or an admin",
  },
  playback: { create: "read of the owner or an admin" },
  share: {
    create: "share of the owner or an admin",
    list: "share or manage of the owner or an admin",
    remove: "share or manage of the owner or an admin",
    open: "anybody",
    preview: "anybody",
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
    demote: "admin",
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
  "access-key": {
    create: "keys of an admin",
    list: "keys of an admin",
    remove: "keys of an admin",
  },
  search: {
    advance: "inside",
    collect: "inside",
    entryOf: "pure",
    find: "inside",
    isIndexed: "inside",
    matches: "pure",
    read: "inside",
    removeRows: "inside",
    removeStale: "inside",
    removeUnused: "inside",
    tagCounts: "inside",
    termsOf: "pure",
    writes: "inside",
  },
  usage: {
    info: "read",
    read: "inside",
    write: "inside",
    reserve: "inside",
    quotaError: "pure",
  },
  audit: {
    list: "admin",
    record: "anybody",
    recordAccess: "anybody",
    write: "inside",
    item: "pure",
  },
  deployment: { list: "admin", record: "system" },
  "dead-letter": { list: "admin", redrive: "admin" },
  limit: { take: "anybody", tryTake: "anybody", giveBack: "anybody" },
  table: {
    apply: "inside",
    count: "inside",
    due: "inside",
    foldName: "inside",
    get: "inside",
    getAll: "inside",
    part: "inside",
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
  "pipeline/attach": { attachFile: "inside", attachFiles: "inside" },
  "pipeline/claim": { claim: "inside", title: "pure" },
  "pipeline/owner": { ownerOf: "inside" },
  "pipeline/inspect": { inspectHead: "inside", inspectContent: "inside" },
  "pipeline/start": { start: "inside" },
  "pipeline/submit": { submit: "inside" },
  "pipeline/progress": { applyUpdate: "system" },
  "pipeline/finish": { complete: "inside", fail: "inside", reported: "pure" },
  "pipeline/land": { land: "system", collect: "inside", recording: "pure", rows: "inside" },
  "pipeline/describe": { describe: "inside" },
  "pipeline/describe-stream": { describeStream: "inside" },
  "pipeline/check": { beginCheck: "inside", inspectOutputs: "inside", checkOutputs: "inside" },
  "pipeline/check-stream": { checkStream: "inside" },
  "pipeline/compare": { compare: "pure" },
  "pipeline/warn": { warn: "inside" },
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
  "pipeline/index-jobs": { indexJobs: "inside" },
  "pipeline/reconcile-job": { reconcileJob: "inside" },
};
