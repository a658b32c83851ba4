import { type Choice, choiceName, distinctChoices } from "./choice-view.ts";
import type { OfferId } from "./offers.ts";

type Props = { choices: readonly Choice[]; value: OfferId; onChoose(id: OfferId): void };

/** Native radio buttons: arrow keys move between renditions, and each label states the size. */
export function RenditionPicker({ choices, value, onChoose }: Props) {
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="sr-only">Rendition to play</legend>
      {distinctChoices(choices, value).map((choice) => (
        <label
          key={choice.id}
          className="inline-flex min-h-9 items-center gap-2 rounded-lg border border-control bg-surface px-3 text-sm font-medium has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent-strong has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent pointer-coarse:min-h-11"
        >
          <input
            type="radio"
            name="rendition"
            value={choice.id}
            checked={choice.id === value}
            onChange={() => onChoose(choice.id)}
            className="accent-(--accent) outline-none"
          />
          {choiceName(choice)}
          {choice.width && choice.height ? (
            <span className="font-normal text-muted">
              {choice.width}×{choice.height}
            </span>
          ) : null}
        </label>
      ))}
    </fieldset>
  );
}
