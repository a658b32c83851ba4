"use client";

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import { pause, WAKE } from "../connection/wake.ts";
import { type EngineChunk, lazyUploads, type Uploads } from "./lazy.ts";
import { PageDrop } from "./page-drop.tsx";
import type { State, UploadFile } from "./state.ts";
import { ended, inFlight, initial } from "./status.ts";
import { UploadNotice } from "./upload-notice.tsx";

type Components = typeof import("./components.ts");

const Context = createContext<{ engine: Uploads; components: Components | undefined } | undefined>(
  undefined,
);

type Uploading = {
  state: State;
  engine: Uploads;
  /** The components that show uploads. Undefined until there was one. */
  components: Components | undefined;
};

function useProvided() {
  const uploads = useContext(Context);
  if (!uploads) throw new Error("useUploads needs an UploadProvider above it.");
  return uploads;
}

/**
 * The uploads of this page, with their state and actions. Renders at every change, up to twenty times a
 * second: components that need less use one of the hooks below.
 */
export function useUploads(): Uploading {
  const { engine, components } = useProvided();
  const state = useSyncExternalStore(engine.subscribe, engine.state, () => initial);
  return { state, engine, components };
}

/** What to tell the user about files that are not uploaded. */
export function useUploadNotice(): { notice: string | undefined; dismiss(): void } {
  const { engine } = useProvided();
  const notice = useSyncExternalStore(engine.subscribe, engine.notice, () => undefined);
  return { notice, dismiss: engine.dismissNotice };
}

/** True while `test` is true for a file. Renders only when that changes. */
function useSomeFile(test: (file: UploadFile) => boolean): boolean {
  const { engine } = useProvided();
  return useSyncExternalStore(
    engine.subscribe,
    () => engine.state().files.some(test),
    () => false,
  );
}

const isAny = () => true;

/** For the upload section: the engine, and the components that show files once there are any. */
export function useUploadPanel(): Pick<Uploading, "engine" | "components"> & { hasFiles: boolean } {
  const { engine, components } = useProvided();
  return { engine, components, hasFiles: useSomeFile(isAny) };
}

const isUnderWay = (file: UploadFile) => !ended(file);

/** True while an upload is under way, which will become a job. */
export function useUploading(): boolean {
  return useSomeFile(isUnderWay);
}

/** While `active`, the browser asks before it leaves the page: that would stop the uploads. */
function useUnloadGuard(active: boolean) {
  useEffect(() => {
    if (!active) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [active]);
}

function UnloadGuard() {
  const { engine } = useProvided();
  const isInFlight = useSomeFile(inFlight);
  const isWaiting = useSyncExternalStore(engine.subscribe, engine.isWaiting, () => false);
  useUnloadGuard(isWaiting || isInFlight);
  return null;
}

const code = () => import("./chunk.ts");

/** Loads the code early. If that fails, the first file loads it again. */
export const preload = () => void code().catch(() => {});

/** The wait before the code is requested again. Shorter when the network or the user comes back. */
const RELOAD_MS = 5_000;
const waitForServer = () => pause(RELOAD_MS, new AbortController().signal, WAKE);

/** Keeps the uploads above all pages, so that they continue when the user navigates. */
export function UploadProvider({ children }: { children: ReactNode }) {
  const [components, setParts] = useState<Components>();
  const [engine] = useState(() => {
    async function load(): Promise<EngineChunk> {
      const { createEngine, browser, components: loaded, ...reading } = await code();
      setParts(loaded);
      return { engine: createEngine(browser()), ...reading };
    }
    return lazyUploads(load, waitForServer);
  });
  const uploads = useMemo(() => ({ engine, components }), [engine, components]);
  return (
    <Context value={uploads}>
      {children}
      {components ? <components.UploadIndicator /> : null}
      {components ? <components.UploadAnnouncer /> : null}
      <UploadNotice />
      <PageDrop onDragged={preload} onDrop={engine.addDropped} />
      <UnloadGuard />
    </Context>
  );
}
