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
import { type Code, lazyUploads, type Uploads } from "./lazy.ts";
import { PageDrop } from "./page-drop.tsx";
import type { State, UploadFile } from "./state.ts";
import { ended, inFlight, initial } from "./status.ts";
import { UploadNotice } from "./upload-notice.tsx";

type Components = typeof import("./components.ts");

const Context = createContext<{ engine: Uploads; components: Components | undefined } | undefined>(
  undefined,
);

type Use = {
  state: State;
  engine: Uploads;
  /** What shows them; undefined until there was one. */
  components: Components | undefined;
};

function useProvided() {
  const uploads = useContext(Context);
  if (!uploads) throw new Error("useUploads needs an UploadProvider above it.");
  return uploads;
}

/**
 * The uploads of this page: their state, and everything that can be done with them. Renders at every
 * change, up to twenty times a second: what needs less takes one of the hooks below.
 */
export function useUploads(): Use {
  const { engine, components } = useProvided();
  const state = useSyncExternalStore(engine.subscribe, engine.state, () => initial);
  return { state, engine, components };
}

/** What a person must know of files that were given and are not uploaded. */
export function useUploadNotice(): { notice: string | undefined; dismiss(): void } {
  const { engine } = useProvided();
  const notice = useSyncExternalStore(engine.subscribe, engine.notice, () => undefined);
  return { notice, dismiss: engine.dismissNotice };
}

/** True while `test` holds for a file. Renders only when that changes. */
function useSome(test: (file: UploadFile) => boolean): boolean {
  const { engine } = useProvided();
  return useSyncExternalStore(
    engine.subscribe,
    () => engine.state().files.some(test),
    () => false,
  );
}

const isAny = () => true;

/** For the place where files are chosen: what takes them, and what shows them once there are any. */
export function useUploadPanel(): Pick<Use, "engine" | "components"> & { hasFiles: boolean } {
  const { engine, components } = useProvided();
  return { engine, components, hasFiles: useSome(isAny) };
}

const isUnderWay = (file: UploadFile) => !ended(file);

/** True while a file is on its way to becoming a job: a list that shows jobs has one to expect. */
export function useUploading(): boolean {
  return useSome(isUnderWay);
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

function Guard() {
  const { engine } = useProvided();
  const isInFlight = useSome(inFlight);
  const isWaiting = useSyncExternalStore(engine.subscribe, engine.isWaiting, () => false);
  useGuard(isWaiting || isInFlight);
  return null;
}

const code = () => import("./chunk.ts");

/** Fetches the code because files are about to be given. If it fails, the files themselves fetch it again. */
export const warm = () => void code().catch(() => {});

/** How long until the code is asked for again; sooner when the network or the person comes back. */
const RELOAD_MS = 5_000;
const waitForServer = () => pause(RELOAD_MS, new AbortController().signal, WAKE);

/** Holds the uploads above all pages, so that they go on while a person looks around. */
export function UploadProvider({ children }: { children: ReactNode }) {
  const [components, setParts] = useState<Components>();
  const [engine] = useState(() => {
    async function load(): Promise<Code> {
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
      <PageDrop onDragged={warm} onDrop={engine.addDropped} />
      <Guard />
    </Context>
  );
}
