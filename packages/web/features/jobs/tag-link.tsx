import { Link } from "../../components/ui/link.tsx";
import { filterQuery } from "./list-filter.ts";

/** A tag that leads to the videos with it. */
export function TagLink({ tag }: { tag: string }) {
  return (
    <Link href={`/jobs${filterQuery({ tag })}`} className="tag-link">
      <span className="sr-only">Tag </span>
      <bdi className="truncate">{tag}</bdi>
    </Link>
  );
}
