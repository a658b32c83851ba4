import { useState } from "react";
import { announce } from "./announcer.tsx";

/** A mutation of TanStack Query, as far as a confirmation needs it. */
type Mutation<T> = {
  mutate(input: T, options: { onSuccess?: () => void; onSettled(): void }): void;
  isPending: boolean;
  error: Error | null;
  reset(): void;
};
export type Confirmed<T> = ReturnType<typeof useConfirmed<T>>;

/** Confirms a mutation in a dialog before it runs. Announces `done` when it has succeeded. */
export function useConfirmed<T>(mutation: Mutation<T>, done?: (input: T) => string) {
  /** The input of the mutation; undefined while the dialog is closed. */
  const [input, setInput] = useState<T>();
  return {
    input,
    ask: (next: T) => setInput(next),
    mutation,
    dialog: {
      open: input !== undefined,
      busy: mutation.isPending,
      onConfirm() {
        if (input === undefined) return;
        mutation.mutate(input, {
          onSuccess: done && (() => announce(done(input))),
          onSettled: () => setInput(undefined),
        });
      },
      onCancel: () => setInput(undefined),
    },
  };
}
