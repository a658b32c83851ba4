import { Button } from "../../components/ui/button.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { type Filter, isFiltered } from "./list-filter.ts";

/** For an admin who views the list of another user. */
function NoJobsOf() {
  return (
    <Notice title="No videos yet">
      This user has not uploaded any videos, or has deleted them.
    </Notice>
  );
}

/** There are videos, but none that matches. */
function NoResults({ onClear }: { onClear(): void }) {
  return (
    <Notice
      role="status"
      title="No matching videos"
      actions={<Button onClick={onClear}>Show all videos</Button>}
    >
      The search finds whole words, and the beginning of the last word. Try fewer words or another
      status. If a button “Older” is below, it continues the search.
    </Notice>
  );
}

/** A page after the last one, because its jobs were deleted. */
function EmptyPage({ onNewest }: { onNewest(): void }) {
  return (
    <Notice
      title="Nothing on this page"
      actions={<Button onClick={onNewest}>Newest videos</Button>}
    />
  );
}

type Props = { filter: Filter; setFilter(next: Filter): void };

/** Why a list is empty, and how to get to other videos. */
export function EmptyList({ filter, setFilter }: Props) {
  const showAll = () => setFilter({});
  if (isFiltered(filter)) return <NoResults onClear={showAll} />;
  return filter.cursor === undefined ? <NoJobsOf /> : <EmptyPage onNewest={showAll} />;
}
