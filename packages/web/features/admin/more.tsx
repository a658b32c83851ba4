import { Button } from "../../components/ui/button.tsx";

type Props = {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown };
};

/** The way to the next page, while there is one. */
export function More({ query }: Props) {
  if (!query.hasNextPage) return null;
  return (
    <p className="flex justify-center">
      <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
        Show more
      </Button>
    </p>
  );
}
