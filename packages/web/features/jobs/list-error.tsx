import { Button } from "../../components/ui/button.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Notice } from "../../components/ui/notice.tsx";

export function ListError({ message, onRetry }: { message: string; onRetry(): void }) {
  return (
    <Notice
      role="alert"
      tone="danger"
      title="The videos could not be loaded"
      actions={
        <Button onClick={onRetry}>
          <Icon name="retry" />
          Try again
        </Button>
      }
    >
      {message}
    </Notice>
  );
}
