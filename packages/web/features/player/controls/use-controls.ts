import { useEffect, useState } from "react";
import { loadControls } from "./load-controls.ts";

type Loaded = Awaited<ReturnType<typeof loadControls>>;

/** The controls once they are loaded. If they cannot be loaded, the browser shows its own. */
export function useControls(): { loaded: Loaded | undefined; failed: boolean } {
  const [loaded, setLoaded] = useState<Loaded>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let gone = false;
    loadControls().then(
      (module) => !gone && setLoaded(module),
      () => !gone && setFailed(true),
    );
    return () => {
      gone = true;
    };
  }, []);
  return { loaded, failed };
}
