import { STORAGE_FULL } from "@rushes/core/full";
import { ENCODER_CODE, type EncoderCode } from "../../core/encoder/code.ts";

/** The API's answers to a request that it refuses. */
export type ApiCode =
  | "BadRequestException"
  | "ConflictException"
  | "ForbiddenException"
  | "InternalServerErrorException"
  | "NotFoundException"
  /** Probe only: a container that is recognized and cannot be read. */
  | "UnprocessableEntityException"
  /** An operation of MediaConvert that this endpoint does not have. */
  | "NotImplementedException"
  /** A full disk, which AWS does not have. */
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

/** A refused request: `x-amzn-errortype` and `{ message }` on the wire. */
export class ApiError extends Error {
  readonly code: ApiCode;
  readonly status: number;

  constructor(code: ApiCode, message: string) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = STATUS[code];
  }
}

export const JOB_ERRORS = ENCODER_CODE;

/** Why a job ended in ERROR: what GetJob and the ERROR event say. */
export class JobError extends Error {
  readonly code: EncoderCode;
  /** What only the log may hold: the end of ffmpeg's output. */
  readonly log: string;

  constructor(code: EncoderCode, message: string, log = "") {
    super(message);
    this.name = "JobError";
    this.code = code;
    this.log = log;
  }
}

/** An error out of S3, as the job's error that AWS makes of it. `what` is an `s3://` address. */
export function fromS3(error: unknown, what: string, otherwise: EncoderCode): JobError {
  const { name, status } = s3Fault(error);
  if (status === 404) return new JobError(JOB_ERRORS.missing, `Unable to find ${what}: ${name}.`);
  if (status === 403)
    return new JobError(JOB_ERRORS.denied, `Access to ${what} was denied: ${name}.`);
  return new JobError(otherwise, `S3 failed on ${what}: ${name}.`);
}

function s3Fault(error: unknown): { name: string; status?: number } {
  if (!(error instanceof Error)) return { name: "unknown error" };
  const metadata = "$metadata" in error ? error.$metadata : undefined;
  const status =
    typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata
      ? metadata.httpStatusCode
      : undefined;
  return { name: error.name, ...(typeof status === "number" && { status }) };
}
