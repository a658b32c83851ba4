/** The components that show uploads. No page needs them before there are any, so they load with the engine. */
export { DropOverlay } from "./drop-overlay.tsx";
export { UploadOverlay } from "./overlay.tsx";
export { RepeatedNotice } from "./repeated-notice.tsx";
export { UploadLists } from "./upload-lists.tsx";
