export { UploadPanel } from "./panel.tsx";
export { UploadProvider, useUploading } from "./provider.tsx";
