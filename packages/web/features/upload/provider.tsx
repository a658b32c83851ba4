"use client";

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { nudgeJobs } from "../jobs/live-jobs.ts";
import { UploadIndicator } from "./indicator.tsx";
import { type Code, lazyUploads, type Uploads } from "./lazy.ts";
import { PageDrop } from "./page-drop.tsx";
import { ended, inFlight, initial, type State, type UploadFile } from "./state.ts";
import { UploadNotice } from "./upload-notice.tsx";
import { endings } from "./view.ts";
import { pause, WAKE } from "./wake.ts";

const Context = createContext<Uploads | undefined>(undefined);

/** The uploads of this page: their state, and everything that can be done with them. */
export function useUploads(): { state: State; engine: Uploads } {
  const engine = useContext(Context);
  if (!engine) throw new Error("useUploads needs an UploadProvider above it.");
  const state = useSyncExternalStore(engine.subscribe, engine.state, () => initial);
  return { state, engine };
}

/** What a person must know of files that were given and are not uploaded. */
export function useUploadNotice(): { notice: string | undefined; dismiss(): void } {
  const { engine } = useUploads();
  const notice = useSyncExternalStore(engine.subscribe, engine.notice, () => undefined);
  return { notice, dismiss: engine.dismissNotice };
}

/** True while a file is on its way to becoming a job: a list that shows jobs has one to expect. */
export function useUploading(): boolean {
  return useUploads().state.files.some((file) => !ended(file));
}

/** Leaving would stop what is on its way: the browser asks first, as long as that is so. */
function useGuard(active: boolean) {
  useEffect(() => {
    if (!active) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [active]);
}

/** Tells screen readers of files that came to their end, and the lists that there is a new job. */
function Herald() {
  const { engine } = useUploads();
  useEffect(() => {
    let before: readonly UploadFile[] = engine.state().files;
    return engine.subscribe(() => {
      const { files } = engine.state();
      const statuses = new Map(before.map((file) => [file.key, file.status]));
      const moved = files.filter((file) => statuses.get(file.key) !== file.status);
      before = files;
      const sentence = endings(moved);
      if (sentence) announce(sentence);
      if (moved.some((file) => file.status === "done")) nudgeJobs();
    });
  }, [engine]);
  return null;
}

function Guard() {
  useGuard(useUploads().state.files.some(inFlight));
  return null;
}

/**
 * Fetches the engine's code once the page has come to rest, so that a file which is chosen after the
 * network has gone still finds it.
 */
function useWarm() {
  useEffect(() => {
    const warm = () => void code().catch(() => {});
    if (typeof requestIdleCallback !== "function") {
      const timer = setTimeout(warm, 1_000);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(warm, { timeout: 3_000 });
    return () => cancelIdleCallback(idle);
  }, []);
}

const code = () => import("./code.ts");

async function load(): Promise<Code> {
  const { createEngine, browser, ...reading } = await code();
  return { engine: createEngine(browser()), ...reading };
}

/** How long until the code is asked for again; sooner when the network or the person comes back. */
const RELOAD_MS = 5_000;
const waitForServer = () => pause(RELOAD_MS, new AbortController().signal, WAKE);

/** Holds the uploads above all pages, so that they go on while a person looks around. */
export function UploadProvider({ children }: { children: ReactNode }) {
  const [engine] = useState(() => lazyUploads(load, waitForServer));
  useWarm();
  return (
    <Context value={engine}>
      {children}
      <UploadIndicator />
      <UploadNotice />
      <PageDrop onDrop={engine.addDropped} />
      <Guard />
      <Herald />
    </Context>
  );
}
