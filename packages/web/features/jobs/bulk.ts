/** One job that an action failed for, and the sentence that says why. */
export type Failed = { id: string; message: string };

type Run = {
  ids: readonly string[];
  /** How many jobs one request is about. */
  batch: number;
  /** Resolves with the jobs that it failed for. If it rejects, it failed for all of them. */
  act(ids: string[]): Promise<readonly Failed[]>;
  /** Receives how many jobs are settled. */
  onProgress(settled: number): void;
};

/** Few, so that the API's limit of requests and other uses of the page are not affected. */
const WIDTH = 3;

/** Acts on many jobs, some requests at a time. One failure does not stop the others. Never rejects. */
export async function runAll({ ids, batch, act, onProgress }: Run): Promise<Failed[]> {
  const failed: Failed[] = [];
  let next = 0;
  let settled = 0;
  const worker = async () => {
    while (next < ids.length) {
      const some = ids.slice(next, next + batch);
      next += batch;
      try {
        failed.push(...(await act(some)));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        failed.push(...some.map((id) => ({ id, message })));
      }
      settled += some.length;
      onProgress(settled);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  return failed;
}
