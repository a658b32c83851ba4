import { type RefObject, useEffect, useRef, useState } from "react";
import type { AudioTrack, HlsEngine, HlsEvents, HlsOptions } from "./hls-engine.ts";
import type { Level } from "./level-view.ts";
import { loadHls } from "./load-hls.ts";
import type { Offer } from "./offers.ts";
import type { PlayerState } from "./playback-state.ts";
import { SignedFolder } from "./signed-folder.ts";
import { useWaiting } from "./use-waiting.ts";

/** What the user can choose in an adaptive stream, and what plays. */
export type HlsChoices = Pick<
  ReturnType<typeof useHls>,
  "levels" | "current" | "chosen" | "choose" | "audioTracks" | "audioTrack" | "chooseAudioTrack"
>;

type Input = { offer: Offer | undefined; refresh(): void; onFailed(): void };

/** The state of hls.js in the video element, while the player shows HLS. */
export function useHls(
  video: RefObject<HTMLVideoElement | null>,
  state: PlayerState,
  input: Input,
) {
  const [levels, setLevels] = useState<Level[]>([]);
  const [current, setCurrent] = useState<number>();
  const [chosen, setChosen] = useState<number>();
  const [audio, setAudio] = useState<{ tracks: AudioTrack[]; current?: number }>({ tracks: [] });
  const [chosenAudio, setChosenAudio] = useState<string>();
  const latest = useRef({ chosen, chosenAudio });
  latest.current = { chosen, chosenAudio };
  const { engine, run } = useEngine(video, state, input, (failed) => ({
    level: latest.current.chosen,
    audio: latest.current.chosenAudio,
    onLevels: setLevels,
    onLevel: setCurrent,
    onAudioTracks: (tracks, id) => setAudio({ tracks, current: id }),
    onFailed: failed,
  }));

  return {
    levels,
    current: levels.find(({ index }) => index === current),
    chosen,
    choose(index: number | undefined) {
      setChosen(index);
      engine.current?.setLevel(index);
    },
    audioTracks: audio.tracks,
    audioTrack: audio.current,
    chooseAudioTrack(id: number) {
      setChosenAudio(audio.tracks.find((track) => track.id === id)?.name);
      engine.current?.setAudioTrack(id);
    },
    waiting: useWaiting(video, engine, run),
  };
}

/** Runs hls.js as long as the state shows HLS. A new `run` starts it again. */
function useEngine(
  video: RefObject<HTMLVideoElement | null>,
  state: PlayerState,
  input: Input,
  events: (onFailed: () => void) => HlsEvents & Pick<HlsOptions, "level" | "audio">,
) {
  const engine = useRef<HlsEngine>(undefined);
  const folder = useRef<SignedFolder>(undefined);
  const latest = useRef({ state, events, ...input });
  latest.current = { state, events, ...input };

  // A new value starts the engine again: another URL, or the same one after a failure.
  const run =
    state.phase === "showing" && state.id === "hls" ? `${state.reloads} ${state.url}` : undefined;
  useEffect(() => {
    const element = video.current;
    const { state: from, offer } = latest.current;
    if (run === undefined || !element || from.phase !== "showing") return;
    const stopped = new AbortController();
    const signed = new SignedFolder(from, () => latest.current.refresh());
    if (offer) signed.renew(offer);
    folder.current = signed;
    const failed = () => {
      if (!stopped.signal.aborted) latest.current.onFailed();
    };
    loadHls().then(({ startHls }) => {
      if (stopped.signal.aborted) return;
      engine.current = startHls(element, {
        url: from.url,
        folder: signed,
        startSeconds: from.position.atSeconds,
        ...latest.current.events(failed),
      });
    }, failed);
    return () => {
      stopped.abort();
      engine.current?.destroy();
      engine.current = undefined;
    };
  }, [run, video]);

  const { offer } = input;
  useEffect(() => {
    if (offer) folder.current?.renew(offer);
  }, [offer]);
  return { engine, run };
}
