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
      status.
    </Notice>
  );
}

/** One page reads a limited number of rows of the database, and none of these matched. */
function NoResultsYet({ onContinue, onClear }: { onContinue(): void; onClear(): void }) {
  return (
    <Notice
      role="status"
      title="No matches so far"
      actions={
        <>
          <Button tone="primary" onClick={onContinue}>
            Continue the search
          </Button>
          <Button onClick={onClear}>Show all videos</Button>
        </>
      }
    >
      There are more videos to search.
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

type Props = { filter: Filter; next: string | undefined; setFilter(next: Filter): void };

/** Why a list is empty, and how to get to other videos. */
export function EmptyList({ filter, next, setFilter }: Props) {
  const showAll = () => setFilter({ sort: filter.sort });
  if (next !== undefined) {
    const onContinue = () => setFilter({ ...filter, cursor: next });
    return <NoResultsYet onContinue={onContinue} onClear={showAll} />;
  }
  if (isFiltered(filter)) return <NoResults onClear={showAll} />;
  return filter.cursor === undefined ? <NoJobsOf /> : <EmptyPage onNewest={showAll} />;
}
