import type { InputHTMLAttributes, SelectHTMLAttributes } from "react";
import { cx } from "./class.ts";
import { Icon } from "./icon.tsx";

export const CONTROL =
  "min-h-9 w-full rounded-lg border border-control bg-surface px-3 py-1.5 text-base text-ink placeholder:text-muted sm:text-sm pointer-coarse:min-h-11";

type InputProps = InputHTMLAttributes<HTMLInputElement> & { label: string; hideLabel?: boolean };

/** A text field with its label; `hideLabel` keeps the label for screen readers only. */
export function TextField({ label, hideLabel, id, className, ...rest }: InputProps) {
  return (
    <label className={cx("block", className)} htmlFor={id}>
      <span className={hideLabel ? "sr-only" : "mb-1 block text-sm font-medium"}>{label}</span>
      <input id={id} className={CONTROL} {...rest} />
    </label>
  );
}

type SelectProps = SelectHTMLAttributes<HTMLSelectElement> & {
  label: string;
  hideLabel?: boolean;
  options: readonly { value: string | number; label: string }[];
};
export function Select({ label, hideLabel, id, className, options, ...rest }: SelectProps) {
  return (
    <label className={cx("block", className)} htmlFor={id}>
      <span className={hideLabel ? "sr-only" : "mb-1 block text-sm font-medium"}>{label}</span>
      <span className="relative block">
        <select id={id} className={cx(CONTROL, "appearance-none pr-9")} {...rest}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-muted">
          <Icon name="down" />
        </span>
      </span>
    </label>
  );
}
