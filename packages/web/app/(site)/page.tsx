import { UploadPanel } from "../../features/upload/panel.tsx";
import { ProfileChoice } from "../../features/upload/profile-choice.tsx";
import { Videos } from "./videos.tsx";

export default function UploadPage() {
  return (
    <div className="space-y-14">
      <div className="space-y-5">
        <h1 className="text-2xl font-semibold tracking-tight">Upload</h1>
        <UploadPanel />
        <ProfileChoice />
      </div>
      <Videos heading="h2" />
    </div>
  );
}
