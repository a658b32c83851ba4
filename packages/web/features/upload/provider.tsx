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
import type { Engine } from "./engine.ts";
import { UploadIndicator } from "./indicator.tsx";
import { lazyEngine } from "./lazy.ts";
import { PageDrop } from "./page-drop.tsx";
import { ended, inFlight, initial, type State, type UploadFile } from "./state.ts";
import { endings } from "./view.ts";

const Context = createContext<Engine | undefined>(undefined);

/** The uploads of this page: their state, and everything that can be done with them. */
export function useUploads(): { state: State; engine: Engine } {
  const engine = useContext(Context);
  if (!engine) throw new Error("useUploads needs an UploadProvider above it.");
  const state = useSyncExternalStore(engine.subscribe, engine.state, () => initial);
  return { state, engine };
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

const code = () => Promise.all([import("./engine.ts"), import("./world.ts")]);

async function load(): Promise<Engine> {
  const [{ createEngine }, { browser }] = await code();
  return createEngine(browser());
}

/** Holds the uploads above all pages, so that they go on while a person looks around. */
export function UploadProvider({ children }: { children: ReactNode }) {
  const [engine] = useState(() => lazyEngine(load));
  useWarm();
  return (
    <Context value={engine}>
      {children}
      <UploadIndicator />
      <PageDrop onFiles={engine.add} />
      <Guard />
      <Herald />
    </Context>
  );
}
