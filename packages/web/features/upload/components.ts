/** What shows uploads, which no page needs before there are any. Comes with the engine's code. */
export { UploadAnnouncer } from "./announcer.tsx";
export { FileList } from "./file-list.tsx";
export { UploadIndicator } from "./indicator.tsx";
