/**
 * Conditional writes in progress. S3 returns 409 ConditionalRequestConflict if a delete of the same key succeeds
 * before a conditional write completes: the condition was true, but for another object.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
import { S3Error } from "./errors.ts";

interface ConditionalWrite {
  /** Call inside the commit. @throws S3Error ConditionalRequestConflict */
  assertNoConflict(): void;
  end(): void;
}

export class ConditionalWrites {
  /** By the name of the object. */
  readonly #running = new Map<string, Set<{ hasConflict: boolean }>>();

  begin(name: string): ConditionalWrite {
    const write = { hasConflict: false };
    const writes = this.#running.get(name) ?? new Set();
    this.#running.set(name, writes.add(write));
    return {
      assertNoConflict() {
        if (!write.hasConflict) return;
        throw new S3Error(
          "ConditionalRequestConflict",
          "The conditional request cannot succeed due to a conflicting operation against this resource.",
        );
      },
      end: () => {
        writes.delete(write);
        if (writes.size === 0) this.#running.delete(name);
      },
    };
  }

  /** Call when an object is deleted: the conditional writes of it that are in progress fail. */
  onDelete(name: string): void {
    for (const write of this.#running.get(name) ?? []) write.hasConflict = true;
  }
}
