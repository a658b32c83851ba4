/** A typed client for Rushes, for Node. docs/cli.md has examples. */
export { createPool } from "@rushes/core/transfer/pool";
export { answer, type Client, connect } from "./connect.ts";
export { ClientError } from "./error.ts";
export {
  cancelJob,
  deleteJob,
  downloadJob,
  type Job,
  listJobs,
  retryJob,
  shareJob,
  showJob,
  waitForJob,
} from "./jobs.ts";
export { type Uploaded, type UploadOptions, uploadFile } from "./upload.ts";
