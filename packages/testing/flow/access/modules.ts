/** The modules of core that the tests of access call. */

/** Imports them. Call it after `startStack`: they read the environment. */
export async function loadOperations() {
  const [{ withActor }, Table, commands, UploadRow, Secret, Reconcile] = await Promise.all([
    import("@rushes/core/actor"),
    import("@rushes/core/table/index"),
    import("../../commands.ts"),
    import("@rushes/core/upload/row"),
    import("@rushes/core/token/secret"),
    import("@rushes/core/pipeline/reconcile"),
  ]);
  const [Upload, Job, Playback, Share, User, Session, Token, Usage] = await Promise.all([
    import("@rushes/core/upload/index"),
    import("@rushes/core/job/index"),
    import("@rushes/core/playback/index"),
    import("@rushes/core/share/index"),
    import("@rushes/core/user/index"),
    import("@rushes/core/session/index"),
    import("@rushes/core/token/index"),
    import("@rushes/core/usage/index"),
  ]);
  const [Audit, DeadLetter, Limit, Deployment] = await Promise.all([
    import("@rushes/core/audit/index"),
    import("@rushes/core/dead-letter/index"),
    import("@rushes/core/limit/index"),
    import("@rushes/core/deployment/index"),
  ]);
  const [Captions, Poster, AccessKey] = await Promise.all([
    import("@rushes/core/captions/index"),
    import("@rushes/core/poster/index"),
    import("@rushes/core/access-key/index"),
  ]);
  const [Receive, Land, Progress, Notify, Feedback, Retry, Remove] = await Promise.all([
    import("@rushes/core/pipeline/receive"),
    import("@rushes/core/pipeline/land"),
    import("@rushes/core/pipeline/progress"),
    import("@rushes/core/pipeline/notify"),
    import("@rushes/core/pipeline/feedback"),
    import("@rushes/core/pipeline/retry"),
    import("@rushes/core/pipeline/remove"),
  ]);
  return {
    ...{ withActor, Table, watched: commands.watched, UploadRow: UploadRow.Row, Secret, Reconcile },
    ...{ Upload, Job, Playback, Share, User, Session, Token, Usage, Audit, DeadLetter, Limit },
    ...{
      Captions,
      Poster,
      AccessKey,
      Deployment,
      Receive,
      Land,
      Progress,
      Notify,
      Feedback,
      Retry,
      Remove,
    },
  };
}
