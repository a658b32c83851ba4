import { cx } from "../../components/ui/class.ts";
import { chosenLevel, type Level, levelOptions, levelValue } from "./level-view.ts";

type Props = {
  levels: readonly Level[];
  /** The level that is on the screen. */
  current: Level | undefined;
  /** The level that the user has fixed. Undefined if the player chooses. */
  chosen: number | undefined;
  onChoose(index: number | undefined): void;
  /** Lies over the picture. */
  over?: boolean;
};

/** The quality of an adaptive video: automatic, or one level. Also there before the levels are known. */
export function QualitySelect({ levels, current, chosen, onChoose, over = false }: Props) {
  return (
    <label
      className={cx(
        "inline-flex min-h-9 items-center gap-2 rounded-lg border text-sm font-medium has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent pointer-coarse:min-h-11",
        over ? "border-white/25 bg-black/75 text-white" : "border-control bg-surface text-ink",
      )}
    >
      <span className={over ? "sr-only" : "pl-3 text-muted"}>Quality</span>
      <select
        value={levelValue(chosen)}
        onChange={(event) => onChoose(chosenLevel(event.currentTarget.value))}
        className={cx(
          "min-h-9 rounded-lg bg-transparent pr-2 outline-none pointer-coarse:min-h-11",
          over ? "pl-3" : "pl-0",
        )}
      >
        {levelOptions(levels, current, chosen === undefined).map(({ value, label }) => (
          <option key={value} value={value} className="bg-surface text-ink">
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
