"use client";

import {
  type ComponentType,
  createContext,
  type ReactNode,
  useContext,
  useSyncExternalStore,
} from "react";
import type { Uploads } from "./lazy.ts";
import { ended } from "./status.ts";
import type { UploadFile } from "./upload-file.ts";

/** On which the tabs of a browser broadcast their uploads. */
export const CHANNEL = "rushes-uploads";

/** The components of components.ts. Only their types: importing the components would load the code early. */
export interface UploadComponents {
  DropOverlay: ComponentType;
  RepeatedNotice: ComponentType;
  UploadOverlay: ComponentType;
  UploadLists: ComponentType<{ fallback: ReactNode; onGone(): void }>;
}

export const UploadContext = createContext<
  { engine: Uploads; components: UploadComponents | undefined } | undefined
>(undefined);

/** The engine, and the components that show uploads: undefined until its code has loaded. */
export function useProvided() {
  const uploads = useContext(UploadContext);
  if (!uploads) throw new Error("The uploads need an UploadProvider above it.");
  return uploads;
}

/** What to tell the user about files that are not uploaded. */
export function useUploadNotice(): { notice: string | undefined; dismiss(): void } {
  const { engine } = useProvided();
  const notice = useSyncExternalStore(engine.subscribe, engine.notice, () => undefined);
  return { notice, dismiss: engine.dismissNotice };
}

/** True while `test` is true for a file. Renders only when that changes. */
export function useSomeFile(test: (file: UploadFile) => boolean): boolean {
  const { engine } = useProvided();
  return useSyncExternalStore(
    engine.subscribe,
    () => engine.files().some(test),
    () => false,
  );
}

const isUnderWay = (file: UploadFile) => !ended(file);

/** True while an upload is under way, which will become a job. */
export function useUploading(): boolean {
  return useSomeFile(isUnderWay);
}
