/**
 * Conditional writes that are under way. AWS answers 409 ConditionalRequestConflict when a delete of the
 * same key succeeds before a conditional write of it completes: the condition was true, but of another
 * object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
import { S3Error } from "./errors.ts";
import { type ObjectExchange, parameter } from "./exchange.ts";
import { objectName } from "./store.ts";

export interface ConditionalWrite {
  /** Call inside the commit. @throws S3Error ConditionalRequestConflict */
  assertUndisturbed(): void;
  end(): void;
}

export interface Conflicts {
  begin(name: string): ConditionalWrite;
  /** An object of this name was deleted: every conditional write of it that is under way fails. */
  deleted(name: string): void;
}

export function createConflicts(): Conflicts {
  const running = new Map<string, Set<{ disturbed: boolean }>>();
  return {
    begin(name) {
      const write = { disturbed: false };
      const writes = running.get(name) ?? new Set();
      running.set(name, writes.add(write));
      return {
        assertUndisturbed() {
          if (!write.disturbed) return;
          throw new S3Error(
            "ConditionalRequestConflict",
            "The conditional request cannot succeed due to a conflicting operation against this resource.",
          );
        },
        end() {
          writes.delete(write);
          if (writes.size === 0) running.delete(name);
        },
      };
    },
    deleted(name) {
      for (const write of running.get(name) ?? []) write.disturbed = true;
    },
  };
}

/** Runs a write; if it is conditional, it is known to `exchange.conflicts` from its beginning to its end. */
export async function conditionally<T>(
  exchange: ObjectExchange,
  run: (assertUndisturbed: () => void) => Promise<T>,
): Promise<T> {
  const conditional = ["if-none-match", "if-match"].some(
    (name) => parameter(exchange, name) !== undefined,
  );
  if (!conditional) return run(() => {});
  const write = exchange.conflicts.begin(objectName(exchange.bucket.name, exchange.key));
  try {
    return await run(write.assertUndisturbed);
  } finally {
    write.end();
  }
}
