import type { AnchorHTMLAttributes, ComponentProps, ReactNode } from "react";
import { cx } from "./class.ts";

export type Tone = "primary" | "secondary" | "quiet" | "danger";

const TONES: Record<Tone, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "border border-control bg-surface text-ink hover:bg-sunken",
  quiet: "text-ink hover:bg-sunken",
  danger: "bg-danger text-on-danger hover:bg-danger-strong",
};

/** The style of a button, also for links that act like one. 44 px high on touch screens. */
export function buttonClass(tone: Tone = "secondary", className?: string): string {
  return cx(
    "inline-flex min-h-9 items-center justify-center gap-2 rounded-lg px-3.5 py-1.5 text-sm font-medium whitespace-nowrap transition-colors pointer-coarse:min-h-11",
    "disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55",
    TONES[tone],
    className,
  );
}

type ButtonProps = ComponentProps<"button"> & { tone?: Tone };

export function Button({ tone, className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={buttonClass(tone, className)} {...rest} />;
}

type IconButtonProps = ComponentProps<"button"> & {
  /** What the button does, for users who do not see the icon. */
  label: string;
  children: ReactNode;
};

/** A square button with an icon only: 36 px, 44 px on touch screens. */
export function IconButton({ label, className, type = "button", ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={cx(
        "inline-flex size-9 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-sunken hover:text-ink disabled:cursor-not-allowed disabled:opacity-55 pointer-coarse:size-11",
        className,
      )}
      {...rest}
    />
  );
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { tone?: Tone; href: string };

/** A plain link that looks like a button: for URLs outside the app, such as downloads. */
export function ButtonAnchor({ tone, className, ...rest }: LinkProps) {
  return <a className={buttonClass(tone, className)} {...rest} />;
}
