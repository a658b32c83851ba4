"use client";

import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { pause, WAKE } from "../connection/wake.ts";
import { type EngineChunk, lazyUploads } from "./lazy.ts";
import { PageDrop } from "./page-drop.tsx";
import { inFlight } from "./status.ts";
import { UploadNotice } from "./upload-notice.tsx";
import { type UploadComponents, UploadContext, useProvided, useSomeFile } from "./use-uploads.ts";

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

/** The wait before the code is requested again. Shorter when the network or the user comes back. */
const RELOAD_MS = 5_000;
const waitForServer = () => pause(RELOAD_MS, new AbortController().signal, WAKE);

/** Keeps the uploads above all pages, so that they continue when the user navigates. */
export function UploadProvider({ children }: { children: ReactNode }) {
  const [components, setParts] = useState<UploadComponents>();
  const [engine] = useState(() => {
    async function load(): Promise<EngineChunk> {
      const { startEngine, components: loaded, ...reading } = await code();
      setParts(loaded);
      return { engine: startEngine(), ...reading };
    }
    return lazyUploads(load, waitForServer);
  });
  const uploads = useMemo(() => ({ engine, components }), [engine, components]);
  return (
    <UploadContext value={uploads}>
      {children}
      {components ? <components.UploadOverlay /> : null}
      <UploadNotice>{components ? <components.RepeatedNotice /> : null}</UploadNotice>
      <PageDrop
        onDragged={engine.load}
        onFiles={engine.addDropped}
        overlay={components ? <components.DropOverlay /> : null}
      />
      <UnloadGuard />
    </UploadContext>
  );
}
