/** The IPC messages between the runner and its worker processes. */
export type ToWorker =
  | { type: "preload"; handlers: string[] }
  | {
      type: "run";
      id: string;
      handler: string;
      payload: unknown;
      context: {
        functionName: string;
        awsRequestId: string;
        timeoutMs: number;
        region: string;
      };
    };

export type FromWorker =
  | { type: "ready" }
  | { type: "done"; id: string; result: unknown }
  | { type: "failed"; id: string; error: { name: string; message: string; stack?: string } };
