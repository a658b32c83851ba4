"use client";

import type { Listed } from "@rushes/core/job/schema";
import type { Info as Playback } from "@rushes/core/playback/schema";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { MouseEvent } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Poster } from "./poster.tsx";

type Props = {
  job: Listed;
  /** Undefined until it has loaded. The choice is there before, so that nothing moves when it arrives. */
  playback: Playback | undefined;
};

/** The poster of a video that plays, with the choice of another. Its code loads with the first use. */
export function PosterChoice({ job, playback }: Props) {
  const client = useQueryClient();
  const show = ({ job: next }: { job: Listed }) => {
    const key = ["job", job.id];
    client.setQueryData<{ job: Listed }>(key, (old) => (old ? { ...old, job: next } : old));
    // The player shows it without a request for fresh URLs.
    client.setQueriesData<Playback>({ queryKey: ["playback", job.id] }, (old) =>
      old ? { ...old, posterUrl: next.posterUrl } : old,
    );
    announce("Poster changed.");
  };
  const choose = useMutation({
    async mutationFn(video: HTMLVideoElement) {
      const [{ frameOf }, api] = await Promise.all([import("./frame.ts"), import("./requests.ts")]);
      const [file] = (playback?.renditions ?? []).filter(({ kind }) => kind === "mp4");
      return api.choose(job.id, await frameOf(video, file?.url));
    },
    onSuccess: show,
  });
  const reset = useMutation({
    mutationFn: async () => (await import("./requests.ts")).reset(job.id),
    onSuccess: show,
  });
  const busy = choose.isPending || reset.isPending;
  const problem = choose.error ?? reset.error;

  function chooseFrame({ currentTarget }: MouseEvent<HTMLElement>) {
    const video = currentTarget.closest("article")?.querySelector("video");
    if (video) choose.mutate(video);
  }

  return (
    <section aria-label="Poster" className="flex flex-wrap items-center gap-3">
      <Poster url={job.posterUrl} className="w-24 rounded-md" />
      <Button onClick={chooseFrame} disabled={busy || !playback}>
        Use this frame as poster
      </Button>
      {job.chosenPoster ? (
        <Button tone="quiet" onClick={() => reset.mutate()} disabled={busy}>
          Use the automatic poster
        </Button>
      ) : null}
      {problem ? (
        <p role="alert" className="w-full text-sm text-danger">
          {problem.message}
        </p>
      ) : null}
    </section>
  );
}
