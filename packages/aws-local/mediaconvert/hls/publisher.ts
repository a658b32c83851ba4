import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { retryWhenSpace } from "../disk.ts";
import { type ObjectBody, putObject } from "../put-object.ts";
import type { CmafPlan, CmafTrack } from "../translate/plan.ts";
import { codecOf } from "./codec.ts";
import { PLAYLIST, publishExtras } from "./extras.ts";
import {
  type ExtraLines,
  extensionOf,
  initKey,
  measuredRate,
  mediaPlaylist,
  multivariantPlaylist,
  type PublishedTrack,
  parseTrackFile,
  playlistKey,
  type Segment,
  segmentKey,
  upperBound,
} from "./playlist.ts";

/** More would compete with the encoder, and with the viewers, for the disk. */
const CONCURRENCY = 2;
const MIME = { cmfv: "video/mp4", cmfa: "audio/mp4" } as const;
const CHANGING = "no-cache";
const IMMUTABLE = "max-age=31536000, immutable";

export interface PublisherContext {
  s3: S3Client;
  /** The disk that must have space. */
  workFolder: string;
  onWaiting(): void;
}

/** What one run of ffmpeg has written of a track, and what of that is published. */
interface TrackState {
  track: CmafTrack;
  codec?: string;
  segments: Segment[];
  /** How many segments are uploaded. */
  uploaded: number;
}

/**
 * Publishes a CMAF group while ffmpeg writes it: segments, then the media playlists that list them, then the
 * multivariant playlist, once every track has a segment. When the tracks are complete, all playlists are replaced.
 *
 * A run that starts again writes the same objects. Its playlists must not become shorter while somebody plays
 * them, so each is replaced only when it has at least as many segments as before.
 */
export class HlsPublisher {
  readonly #context: PublisherContext;
  readonly #plan: CmafPlan;
  /** How many segments each published playlist lists. */
  readonly #listed = new Map<CmafTrack, number>();
  #isListed = false;
  #run: { folder: string; stop: AbortController; states: TrackState[] } | undefined;
  #pass: Promise<void> | undefined;
  #isDue = false;

  constructor(context: PublisherContext, plan: CmafPlan) {
    this.#context = context;
    this.#plan = plan;
  }

  /** Reads what an earlier start of the process has published. */
  async restore(): Promise<void> {
    for (const track of this.#plan.tracks) {
      const text = await this.#read(playlistKey(track));
      this.#listed.set(track, text.match(/^#EXTINF:/gm)?.length ?? 0);
    }
    this.#isListed = (await this.#read(playlistKey(this.#plan))) !== "";
  }

  /** Begins a run that writes into this folder. */
  begin(folder: string): void {
    const states = this.#plan.tracks.map((track) => ({ track, segments: [], uploaded: 0 }));
    this.#run = { folder, stop: new AbortController(), states };
  }

  /** Publishes what is new, unless it is being done. Errors go to `onError`. */
  update(onError: (error: unknown) => void): void {
    this.#isDue = true;
    this.#pass ??= this.#passes()
      .catch(onError)
      .finally(() => {
        this.#pass = undefined;
      });
  }

  /** Resolves when no update is being published. */
  async settled(): Promise<void> {
    await this.#pass;
  }

  /** Publishes the rest of a run that wrote everything, and the final playlists. */
  async finish(signal: AbortSignal): Promise<void> {
    const run = this.#run;
    if (!run) return;
    const stop = () => run.stop.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      signal.throwIfAborted();
      // It may wait for space.
      await this.settled();
      signal.throwIfAborted();
      await this.#publish(true);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Ends the uploads of a run that failed. Its folder can be removed then. */
  async stop(): Promise<void> {
    this.#run?.stop.abort(new Error("The run ended."));
    this.#isDue = false;
    await this.settled();
    this.#run = undefined;
  }

  async #passes(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      try {
        await this.#publish(false);
      } catch (error) {
        if (this.#run?.stop.signal.aborted) return;
        throw error;
      }
    }
  }

  async #publish(isComplete: boolean): Promise<void> {
    const { states } = this.#current();
    const queue = [...states];
    const work = async () => {
      for (let state = queue.shift(); state; state = queue.shift()) {
        await this.#publishTrack(state, isComplete);
      }
    };
    // Awaits all: after an error, no upload may be left that would undo a deletion.
    const results = await Promise.allSettled(Array.from({ length: CONCURRENCY }, work));
    for (const result of results) if (result.status === "rejected") throw result.reason;
    const written = states.filter(({ segments }) => segments.length > 0);
    if (isComplete) {
      const extras = await this.#publishExtras(written);
      await this.#publishGroup(written, (state) => this.#measure(state), extras);
    } else if (!this.#isListed && written.length === states.length) {
      await this.#publishGroup(written, ({ track }) => upperBound(track));
      this.#isListed = true;
    }
  }

  async #publishTrack(state: TrackState, isComplete: boolean): Promise<void> {
    const { folder } = this.#current();
    const { track } = state;
    const path = join(folder, `${track.file}.mp4`);
    const text = await readFile(join(folder, `${track.file}.m3u8`), "utf8").catch(() => "");
    const { initBytes, segments } = parseTrackFile(text);
    state.segments = segments;
    if (segments.length === 0) return;
    const extension = extensionOf(track);
    const media = { contentType: MIME[extension], cacheControl: IMMUTABLE };
    if (!state.codec) {
      await this.#put(initKey(track), media, { path, start: 0, bytes: initBytes });
      state.codec = codecOf(await readStart(path, initBytes));
    }
    const isNew = segments.length > state.uploaded;
    for (; state.uploaded < segments.length; state.uploaded++) {
      const segment = segments[state.uploaded];
      if (segment) await this.#put(segmentKey(track, state.uploaded), media, { path, ...segment });
    }
    const listed = this.#listed.get(track) ?? 0;
    // In a long video a segment is little, and its playlist is larger than a segment.
    const isLonger = isNew && segments.length >= listed + Math.floor(listed / 256);
    if (!isComplete && !isLonger) return;
    const playlist = mediaPlaylist(track, segments, this.#plan.segmentSeconds, isComplete);
    await this.#put(
      playlistKey(track),
      { contentType: PLAYLIST, cacheControl: CHANGING },
      playlist,
    );
    this.#listed.set(track, segments.length);
  }

  #measure({ segments }: TrackState) {
    return measuredRate(segments, this.#plan.segmentSeconds);
  }

  #publishExtras(states: TrackState[]): Promise<ExtraLines> {
    const first = states.find(({ track }) => track.content.type === "video") ?? states[0];
    const seconds = (first?.segments ?? []).reduce((sum, segment) => sum + segment.seconds, 0);
    const settings = { folder: this.#current().folder, seconds };
    return publishExtras(this.#plan, settings, (key, contentType, body) => {
      const cacheControl = contentType === PLAYLIST ? CHANGING : IMMUTABLE;
      return this.#put(key, { contentType, cacheControl }, body);
    });
  }

  async #publishGroup(
    states: TrackState[],
    rateOf: (state: TrackState) => PublishedTrack["rate"],
    extras?: ExtraLines,
  ): Promise<void> {
    const tracks = states.map((state) => ({
      track: state.track,
      codec: state.codec ?? "",
      rate: rateOf(state),
    }));
    const settings = { contentType: PLAYLIST, cacheControl: CHANGING };
    await this.#put(playlistKey(this.#plan), settings, multivariantPlaylist(tracks, extras));
  }

  /** Uploads an object; on a full disk, when there is space. */
  async #put(
    key: string,
    settings: { contentType: string; cacheControl: string },
    body: ObjectBody,
  ): Promise<void> {
    const { s3, workFolder, onWaiting } = this.#context;
    const { signal } = this.#current().stop;
    const target = { bucket: this.#plan.bucket, key, ...settings };
    const needBytes = typeof body === "string" ? body.length : body.bytes;
    await retryWhenSpace(() => putObject(s3, target, body, signal), {
      folder: workFolder,
      needBytes: () => needBytes,
      signal,
      onWaiting,
    });
  }

  async #read(key: string): Promise<string> {
    const target = { Bucket: this.#plan.bucket, Key: key };
    try {
      const { Body } = await this.#context.s3.send(new GetObjectCommand(target));
      return (await Body?.transformToString()) ?? "";
    } catch {
      return "";
    }
  }

  #current() {
    if (!this.#run) throw new Error("No run has begun.");
    return this.#run;
  }
}

async function readStart(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer;
  } finally {
    await file.close();
  }
}
