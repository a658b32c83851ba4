import { release, resource } from "@rushes/core/resource";

/** The deployed version, for problem reports and upgrades. */
export function SiteFooter() {
  const { version, commit, time } = release();
  return (
    <footer className="mx-auto max-w-(--page) px-4 pb-8 text-xs text-muted sm:px-6 lg:px-8">
      <p className="flex flex-wrap gap-x-3 gap-y-1 border-t border-line pt-4">
        <span>Rushes {version}</span>
        <span>
          Commit <code title={commit}>{commit.slice(0, 7)}</code>
        </span>
        <span>
          Built <time dateTime={time}>{`${time.slice(0, 16).replace("T", " ")} UTC`}</time>
        </span>
        <span>Stage {resource().App.stage}</span>
      </p>
    </footer>
  );
}
