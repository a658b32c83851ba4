import type { ReactNode } from "react";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { FailedNotice } from "../../components/ui/failed-notice.tsx";
import { Section } from "../../components/ui/section.tsx";
import type { Confirmed } from "../../components/ui/use-confirmed.ts";

type Props<T> = {
  id: string;
  title: string;
  about: string;
  actions?: ReactNode;
  removal: Confirmed<T>;
  /** The dialog that confirms a removal. */
  dialog: { title: string; confirmLabel: string; body: ReactNode };
  /** The title of the notice after a removal failed. */
  failed: string;
  children: ReactNode;
};

/** A section of things that you can end, revoke or discard after a confirmation. */
export function RemovalSection<T>(props: Props<T>) {
  const { removal, dialog, failed, children, ...section } = props;
  return (
    <Section {...section}>
      <FailedNotice title={failed} mutation={removal.mutation} />
      {children}
      <ConfirmDialog {...removal.dialog} title={dialog.title} confirmLabel={dialog.confirmLabel}>
        {dialog.body}
      </ConfirmDialog>
    </Section>
  );
}
