/** The API's answers to a request that it refuses. */
export type ApiCode =
  | "BadRequestException"
  | "ConflictException"
  | "ForbiddenException"
  | "InternalServerErrorException"
  | "NotFoundException"
  /** An operation of MediaConvert that this endpoint does not have. */
  | "NotImplementedException";

const STATUS: Record<ApiCode, number> = {
  BadRequestException: 400,
  ConflictException: 409,
  ForbiddenException: 403,
  InternalServerErrorException: 500,
  NotFoundException: 404,
  NotImplementedException: 501,
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

/** The job error codes that this encoder gives, each as AWS means it. */
export const JOB_ERRORS = {
  /** No container recognised. */
  container: 1010,
  /** No usable video. */
  noVideo: 1020,
  /** A selector asks for sound that the input does not have. */
  noAudio: 1021,
  /** Video that cannot be decoded. */
  unsupportedVideo: 1030,
  /** Settings that do not fit the input. */
  settings: 1040,
  /** An MP4 without its index. */
  noIndex: 1075,
  /** The input ends before its container says. */
  truncated: 1076,
  /** S3 refused access to the input or the output. */
  denied: 1401,
  /** The input, or the output's bucket, does not exist. */
  missing: 1404,
  /** S3 did not take an output. Worth a retry. */
  write: 1517,
  /** Anything else. Worth a retry. */
  unknown: 1999,
} as const;
export type JobErrorCode = (typeof JOB_ERRORS)[keyof typeof JOB_ERRORS];

/** Why a job ended in ERROR: what GetJob and the ERROR event say. */
export class JobError extends Error {
  readonly code: JobErrorCode;

  constructor(code: JobErrorCode, message: string) {
    super(message);
    this.name = "JobError";
    this.code = code;
  }
}

/** An error out of S3, as the job's error that AWS makes of it. `what` is an `s3://` address. */
export function fromS3(error: unknown, what: string, otherwise: JobErrorCode): JobError {
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
