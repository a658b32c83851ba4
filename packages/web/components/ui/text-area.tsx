import type { TextareaHTMLAttributes } from "react";
import { cx } from "./class.ts";
import { CONTROL } from "./field.tsx";

type Props = TextareaHTMLAttributes<HTMLTextAreaElement> & { label: string };

/** A text field of several lines. In a file of its own, because the pages with a search field do not need it. */
export function TextArea({ label, id, className, ...rest }: Props) {
  return (
    <label className={cx("block", className)} htmlFor={id}>
      <span className="mb-1 block text-sm font-medium">{label}</span>
      <textarea id={id} className={CONTROL} {...rest} />
    </label>
  );
}
