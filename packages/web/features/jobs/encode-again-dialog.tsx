"use client";

import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Modal } from "../../components/ui/modal.tsx";
import { call } from "../../lib/api-client/call.ts";
import { ProfileRadios, type Profiles } from "../profile/profile-radios.tsx";
import type { useJobActions } from "./use-job-actions.ts";

/** Not the name of the upload's field: a file that is dropped on the page would take this choice. */
const FIELD = "attempt-profile";

type Props = {
  /** The profile of the attempt before. */
  profile: string;
  retry: ReturnType<typeof useJobActions>["retry"];
  open: boolean;
  onClose(): void;
};

/** The choice of what another attempt makes of the source. */
export function EncodeAgainDialog({ profile, retry, open, onClose }: Props) {
  const { data: list, error } = useQuery({
    queryKey: ["profiles"],
    queryFn: ({ signal }) => call<Profiles>("/profiles", { signal }),
  });
  const problem = error ?? retry.error;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const chosen = new FormData(event.currentTarget).get(FIELD);
    retry.mutate(typeof chosen === "string" ? chosen : undefined, { onSuccess: onClose });
  }

  return (
    <Modal open={open} title="Encode this video again" onClose={onClose}>
      <form onSubmit={submit} className="mt-2 space-y-4 text-sm">
        <p className="text-muted">
          Renditions that exist keep playing until the new ones are complete.
        </p>
        {list ? <ProfileRadios field={FIELD} list={list} checked={profile} /> : null}
        {problem ? (
          <p role="alert" className="text-danger">
            {problem.message}
          </p>
        ) : null}
        <Button type="submit" tone="primary" disabled={!list || retry.isPending}>
          Encode again
        </Button>
      </form>
    </Modal>
  );
}
