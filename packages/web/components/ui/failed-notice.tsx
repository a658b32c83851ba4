import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

type Props = { title: string; mutation: { error: Error | null; reset(): void } };

/** Why a mutation failed, until it is dismissed or tried again. */
export function FailedNotice({ title, mutation }: Props) {
  if (!mutation.error) return null;
  return (
    <Notice
      role="alert"
      tone="danger"
      title={title}
      actions={<Button onClick={() => mutation.reset()}>Dismiss</Button>}
    >
      {mutation.error.message}
    </Notice>
  );
}
