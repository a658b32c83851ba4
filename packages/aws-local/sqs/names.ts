import type { QueueWiring, Wiring } from "@rushes/core/wiring";
import { ACCOUNT_ID, arn } from "../wire/account.ts";
import { ServiceError } from "../wire/service-error.ts";

/** The names, URLs and ARNs of all queues. */
export class QueueNames {
  readonly #region: string;
  readonly #sources: ReadonlyMap<string, QueueWiring>;
  readonly #deadLetterQueues: ReadonlySet<string>;

  constructor({ queues, functions }: Pick<Wiring, "queues" | "functions">, region: string) {
    this.#region = region;
    this.#sources = new Map(Object.entries(queues));
    this.#deadLetterQueues = new Set([
      ...Object.values(queues).map(({ deadLetter }) => deadLetter),
      ...Object.values(functions).flatMap(({ onFailure }) => onFailure ?? []),
    ]);
  }

  /** The wiring of a queue that feeds a function; undefined for a dead-letter queue. */
  source(name: string): QueueWiring | undefined {
    return this.#sources.get(name);
  }

  isDeadLetterQueue(name: string): boolean {
    return this.#deadLetterQueues.has(name);
  }

  arn(name: string): string {
    return arn("sqs", this.#region, name);
  }

  url(name: string, endpoint: string): string {
    return `${endpoint}/${ACCOUNT_ID}/${this.assertExists(name)}`;
  }

  assertExists(name: string): string {
    if (this.#sources.has(name) || this.#deadLetterQueues.has(name)) return name;
    throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
  }

  fromUrl(url: string): string {
    return this.assertExists(new RegExp(`/${ACCOUNT_ID}/([\\w-]{1,80})$`).exec(url)?.[1] ?? "");
  }

  /** The name of a dead-letter queue. Clients cannot receive from the other queues. */
  deadLetterQueueFromUrl(url: string): string {
    const name = this.fromUrl(url);
    if (this.#deadLetterQueues.has(name)) return name;
    throw new ServiceError(
      "UnsupportedOperation",
      `Only its function receives messages of ${name}.`,
    );
  }

  /** The source of a move task: a dead-letter queue of a queue, as on AWS. */
  moveSourceFromArn(sourceArn: string): string {
    const prefix = this.arn("");
    const name = sourceArn.startsWith(prefix) ? sourceArn.slice(prefix.length) : "";
    if (!this.#sources.has(name) && !this.#deadLetterQueues.has(name)) {
      const text = "The resource that you specified for the SourceArn parameter doesn't exist.";
      throw new ServiceError("ResourceNotFoundException", text, 404);
    }
    if (![...this.#sources.values()].some(({ deadLetter }) => deadLetter === name)) {
      const text = "Source queue must be configured as a Dead Letter Queue.";
      throw new ServiceError("UnsupportedOperation", text);
    }
    return name;
  }
}
