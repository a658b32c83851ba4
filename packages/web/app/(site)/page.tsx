import { Icon } from "../../components/ui/icon.tsx";
import { firstPage, type Query } from "../../features/jobs/first-page.ts";
import { UploadPanel } from "../../features/upload/panel.tsx";
import { ProfileChoice } from "../../features/upload/profile-choice.tsx";
import { countUnfinished } from "../../features/upload/unfinished-count.ts";
import { UnfinishedSkeleton } from "../../features/upload/unfinished-section.tsx";
import { EXTENSIONS } from "../../features/upload/video-files.ts";
import { Videos } from "./videos.tsx";

type Props = { searchParams: Promise<Query> };

export default async function UploadPage({ searchParams }: Props) {
  const [unfinished, first] = await Promise.all([
    countUnfinished(),
    searchParams.then((query) => firstPage(query)),
  ]);
  return (
    // At the start, because the browser may paint before it has received the list.
    <div data-wide className="space-y-14">
      <div className="space-y-5">
        <h1 className="text-2xl font-semibold tracking-tight">Upload</h1>
        <UploadPanel
          title={
            <>
              <Icon name="upload" className="size-8 text-accent" />
              {/* Nothing can be dropped on a touch screen. */}
              <p className="text-lg font-semibold pointer-coarse:hidden">
                Drop or paste videos anywhere on this page
              </p>
              <p className="hidden text-lg font-semibold pointer-coarse:block">
                Upload your videos
              </p>
            </>
          }
          note={
            <p className="max-w-md text-sm text-muted">
              Files upload directly to your storage. We'll email you when a video is ready to play.
            </p>
          }
          edge={<div aria-hidden="true" className="perforated h-2" />}
          accept={["video/*", ...EXTENSIONS].join()}
          unfinished={unfinished > 0 ? <UnfinishedSkeleton count={unfinished} /> : undefined}
        />
        <ProfileChoice />
      </div>
      <Videos heading="h2" first={first} />
    </div>
  );
}
