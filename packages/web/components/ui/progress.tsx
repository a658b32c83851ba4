import { cx } from "./class.ts";

type Props = {
  label: string;
  /** 0 to `max`. Without it the bar shows activity only. */
  value?: number;
  max?: number;
  className?: string;
};

/** A native progress bar: needs no style attribute, which the content security policy forbids. */
export function Progress({ label, value, max = 100, className }: Props) {
  return <progress aria-label={label} className={cx("bar", className)} max={max} value={value} />;
}
