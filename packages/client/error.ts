/** A request or an upload that failed. `message` is a sentence for people. */
export class ClientError extends Error {
  /** The HTTP status. 0 if there was no response, or if the failure is not one of a request. */
  readonly status: number;
  /**
   * A code of the API (docs/api.md), `unreachable`, `not_rushes`, `file`, or why an upload failed, such as `unreadable`.
   */
  readonly code: string;
  /** The Retry-After header. */
  readonly retryAfter: string | undefined;

  constructor(code: string, message: string, status = 0, retryAfter?: string) {
    super(message);
    this.name = "ClientError";
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}
