/**
 * How Rushes handles each error that AWS's models list for the operations that it calls. Every error is either handled
 * by name or retried on purpose. errors.test.ts compares this table with the models, infra/calls.json and the SDK.
 */

export type Handling =
  /** The named file handles the error and returns a value or a message for it. */
  | { in: string; what: string }
  /** The SDK tries the call three times in all, and then throws the error, as with `again`. */
  | "sdk"
  /**
   * Thrown. The caller retries later: a queue or the event bus a few times before its dead-letter queue, reconcile as
   * often as `startTries`, `finishTries` and the notices' tries allow, a person after an error message.
   */
  | { again: string };

type Errors = Record<string, Handling>;

const each = (names: string[], handling: Handling): Errors =>
  Object.fromEntries(names.map((name) => [name, handling]));

const TABLE = "packages/core/table/write.ts";
const ENCODER = "packages/core/encoder/client.ts";
const PROBE = "packages/core/encoder/probe.ts";
const SOURCE = "packages/core/source/storage.ts";
const STORAGE = "packages/core/storage.ts";
const NOTIFY = "packages/core/pipeline/notify.ts";

const setUp = (what: string): Handling => ({
  again: `${what}: a mistake in the set-up can be fixed`,
});
const asked = (what: string): Handling => ({ again: `${what}: the admin who asked asks again` });

interface Service {
  /** For each operation without an entry of its own. */
  every: Errors;
  operations?: Record<string, Errors>;
}

export const HANDLING: Record<string, Service> = {
  mediaconvert: {
    every: {
      ...each(["InternalServerErrorException", "TooManyRequestsException"], "sdk"),
      ForbiddenException: setUp("a role lacks a permission, or a key of KMS"),
      ServiceQuotaExceededException: { again: "the queue is full, and empties" },
      ConflictException: { again: "another call changes it" },
      NotFoundException: setUp("the queue or the role is not there"),
      BadRequestException: setUp(
        "the request is invalid, which the recorded models reject in tests",
      ),
    },
    operations: {
      CreateJob: {
        BadRequestException: { in: ENCODER, what: "the job ends as `encoder.refused`" },
      },
      GetJob: { NotFoundException: { in: ENCODER, what: "the job ends as `encoder.lost`" } },
      CancelJob: each(["BadRequestException", "ConflictException", "NotFoundException"], {
        in: ENCODER,
        what: "it has ended, so it is canceled",
      }),
      Probe: each(["BadRequestException", "NotFoundException", "UnprocessableEntityException"], {
        in: PROBE,
        what: "nothing can be read there; the source's own bytes decide why",
      }),
    },
  },
  dynamodb: {
    every: {
      ...each(["InternalServerError", "ThrottlingException", "RequestLimitExceeded"], "sdk"),
      ...each(["ProvisionedThroughputExceededException"], "sdk"),
      ConditionalCheckFailedException: { in: TABLE, what: "the condition was not met" },
      TransactionConflictException: { in: TABLE, what: "repeated with growing jitter" },
      ResourceNotFoundException: setUp("the table or its index is not there"),
      ItemCollectionSizeLimitExceededException: {
        again: "the table has no local index, whose collections alone are limited",
      },
      ReplicatedWriteConflictException: { again: "the table is in one Region only" },
    },
    operations: {
      TransactWriteItems: {
        TransactionCanceledException: { in: TABLE, what: "its reasons decide" },
        TransactionInProgressException: "sdk",
        IdempotentParameterMismatchException: { again: "each request has its own token" },
      },
    },
  },
  s3: {
    every: {
      ...each(["NoSuchKey", "NoSuchUpload"], { in: STORAGE, what: "it is not there" }),
      InvalidObjectState: { in: SOURCE, what: "the job ends as source.archived" },
      NoSuchBucket: setUp("the bucket is not there"),
      ...each(["EncryptionTypeMismatch", "InvalidRequest", "InvalidWriteOffset", "TooManyParts"], {
        again: "answered to the browser, whose upload requests a new URL",
      }),
    },
  },
  sesv2: {
    every: {
      ...each(["MessageRejected", "BadRequestException"], {
        in: NOTIFY,
        what: "the timeline says that the mail was rejected",
      }),
      ...each(
        [
          ...["AccountSuspendedException", "LimitExceededException", "SendingPausedException"],
          ...["MailFromDomainNotVerifiedException", "NotFoundException"],
          "TooManyRequestsException",
        ],
        // The SDK does not retry it, because it could send the mail twice.
        { again: "the notice stays due and is sent later, twelve times in all" },
      ),
    },
  },
  sqs: {
    every: {
      ...each(["RequestThrottled"], "sdk"),
      ...each(
        [
          ...["InvalidAddress", "InvalidAttributeName", "InvalidIdFormat", "InvalidSecurity"],
          ...["KmsAccessDenied", "KmsDisabled", "KmsInvalidKeyUsage", "KmsInvalidState"],
          ...["KmsNotFound", "KmsOptInRequired", "KmsThrottled", "MessageNotInflight"],
          ...["OverLimit", "QueueDoesNotExist", "ReceiptHandleIsInvalid"],
          ...["ResourceNotFoundException", "UnsupportedOperation"],
        ],
        asked("a dead-letter queue could not be read or redriven"),
      ),
    },
  },
  lambda: {
    every: {
      ...each(
        [
          ...["EC2AccessDeniedException", "EC2ThrottledException", "EC2UnexpectedException"],
          ...["ENILimitReachedException", "ENINotReadyException", "InvalidRuntimeException"],
          ...["InvalidSecurityGroupIDException", "InvalidSubnetIDException"],
          ...["InvalidZipFileException", "KMSAccessDeniedException", "KMSDisabledException"],
          ...["KMSInvalidStateException", "KMSNotFoundException", "ResourceNotReadyException"],
          ...["ServiceException", "SubnetIPAddressLimitReachedException"],
          "TooManyRequestsException",
        ],
        "sdk",
      ),
      ...each(
        [
          ...["CodeArtifactUserDeletedException", "CodeArtifactUserFailedException"],
          ...["CodeArtifactUserPendingException", "DurableExecutionAlreadyStartedException"],
          ...["EFSIOException", "EFSMountConnectivityException", "EFSMountFailureException"],
          ...["EFSMountTimeoutException", "InvalidParameterValueException"],
          ...["InvalidRequestContentException", "ModeNotSupportedException"],
          ...["NoPublishedVersionException", "RecursiveInvocationException"],
          ...["RequestTooLargeException", "ResourceConflictException"],
          ...["ResourceNotFoundException", "S3FilesMountConnectivityException"],
          ...["S3FilesMountFailureException", "S3FilesMountTimeoutException"],
          ...["SerializedRequestEntityTooLargeException", "ServiceQuotaExceededException"],
          ...["SnapStartException", "SnapStartNotReadyException"],
          ...["SnapStartRegenerationFailureException", "SnapStartTimeoutException"],
          "UnsupportedMediaTypeException",
        ],
        asked("a dead letter could not be delivered to its function and stays in its queue"),
      ),
    },
  },
  codepipeline: {
    every: each(
      [
        ...["InvalidJobStateException", "InvalidNextTokenException", "JobNotFoundException"],
        ...["OutputVariablesSizeExceededException", "PipelineExecutionNotFoundException"],
        ...["PipelineNotFoundException", "ValidationException"],
      ],
      { again: "the step of the delivery fails, which its pipeline shows and can retry" },
    ),
  },
};

/** How an error of an operation is handled; undefined if the table has no entry. */
export function handlingOf(
  service: string,
  operation: string,
  error: string,
): Handling | undefined {
  const found = HANDLING[service];
  return found?.operations?.[operation]?.[error] ?? found?.every[error];
}
