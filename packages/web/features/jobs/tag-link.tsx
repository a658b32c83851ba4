import { Link } from "../../components/ui/link.tsx";
import { filterQuery } from "./list-filter.ts";

/** A tag that leads to the videos with it. */
export function TagLink({ tag }: { tag: string }) {
  return (
    <Link
      href={`/jobs${filterQuery({ tag })}`}
      className="inline-flex min-h-6 max-w-full items-center rounded-md bg-sunken px-2 text-xs text-ink hover:underline pointer-coarse:min-h-8"
    >
      <span className="sr-only">Tag </span>
      <bdi className="truncate">{tag}</bdi>
    </Link>
  );
}
