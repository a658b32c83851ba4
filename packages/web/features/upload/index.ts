export { UploadPanel } from "./panel.tsx";
export { UploadProvider } from "./provider.tsx";
