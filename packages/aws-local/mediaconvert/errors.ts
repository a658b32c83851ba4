import { STORAGE_FULL } from "@rushes/core/full";
import { ENCODER_CODE, type EncoderCode } from "../../core/encoder/code.ts";
import { ServiceError } from "../wire/service-error.ts";

/** The API's error codes. */
export type ApiCode =
  | "BadRequestException"
  | "ConflictException"
  | "ForbiddenException"
  | "InternalServerErrorException"
  | "NotFoundException"
  /** Probe only: a container that is recognized but cannot be read. */
  | "UnprocessableEntityException"
  /** An operation of MediaConvert that this endpoint does not support. */
  | "NotImplementedException"
  /** A full disk, which does not exist on AWS. */
  | typeof STORAGE_FULL.wireCode;

const STATUS: Record<ApiCode, number> = {
  BadRequestException: 400,
  ConflictException: 409,
  ForbiddenException: 403,
  InternalServerErrorException: 500,
  NotFoundException: 404,
  UnprocessableEntityException: 422,
  NotImplementedException: 501,
  InsufficientStorage: STORAGE_FULL.status,
};

/** An error response of the API. */
export class ApiError extends ServiceError {
  constructor(code: ApiCode, message: string) {
    super(code, message, STATUS[code]);
    this.name = "ApiError";
  }
}

export const JOB_ERRORS = ENCODER_CODE;

/** Why a job ended in ERROR. GetJob and the ERROR event report the code and the message. */
export class JobError extends Error {
  readonly code: EncoderCode;
  /** For the log only: the end of ffmpeg's output. */
  readonly log: string;

  constructor(code: EncoderCode, message: string, log = "") {
    super(message);
    this.name = "JobError";
    this.code = code;
    this.log = log;
  }
}

/** The machine ended ffprobe, or could not start it. */
export const probeStopped = () =>
  new JobError(JOB_ERRORS.unknown, "The check of the input was stopped before it finished.");

/** The job error that AWS reports for an S3 error. `what` is an `s3://` URL. */
export function fromS3(error: unknown, what: string, otherwise: EncoderCode): JobError {
  const { name, status } = s3Fault(error);
  if (status === 404) return new JobError(JOB_ERRORS.missing, `Unable to find ${what}: ${name}.`);
  if (status === 403)
    return new JobError(JOB_ERRORS.denied, `Access to ${what} was denied: ${name}.`);
  return new JobError(otherwise, `S3 failed on ${what}: ${name}.`);
}

/** The name and the HTTP status of an S3 error. There is no status without an answer. */
export function s3Fault(error: unknown): { name: string; status?: number } {
  if (!(error instanceof Error)) return { name: "unknown error" };
  const metadata = "$metadata" in error ? error.$metadata : undefined;
  const status =
    typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata
      ? metadata.httpStatusCode
      : undefined;
  return { name: error.name, ...(typeof status === "number" && { status }) };
}
