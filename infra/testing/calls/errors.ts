/**
 * What the product does about each error that AWS's models name for the operations that it calls. An
 * error is either handled by name, or it is retried on purpose; none is left to chance. errors.test.ts
 * compares this table with the models, with infra/calls.json and with the SDK.
 */

export type Handling =
  /** The file that names the error makes a value or a sentence of it. */
  | { in: string; what: string }
  /** The SDK repeats the call, three times in all, and throws it then as `again`. */
  | "sdk"
  /**
   * Thrown. What called tries again later: a queue or the event bus a few times before its dead-letter
   * queue, reconcile as often as `startTries` and the notices' tries allow, a person after a sentence.
   */
  | { again: string };

type Errors = Record<string, Handling>;

const each = (names: string[], handling: Handling): Errors =>
  Object.fromEntries(names.map((name) => [name, handling]));

const TABLE = "packages/core/table/write.ts";
const ENCODER = "packages/core/encoder/client.ts";
const PROBE = "packages/core/encoder/probe.ts";
const STORAGE = "packages/core/storage.ts";
const NOTIFY = "packages/core/pipeline/notify.ts";

const setUp = (what: string): Handling => ({
  again: `${what}: a mistake in the set-up can be fixed`,
});
const asked = (what: string): Handling => ({ again: `${what}: the admin who asked asks again` });

interface Service {
  /** Of each operation that does not say otherwise. */
  every: Errors;
  operations?: Record<string, Errors>;
}

export const HANDLING: Record<string, Service> = {
  mediaconvert: {
    every: {
      ...each(["InternalServerErrorException", "TooManyRequestsException"], "sdk"),
      ForbiddenException: setUp("a role lacks a permission, or a key of KMS"),
      ServiceQuotaExceededException: { again: "the queue is full, and empties" },
      ConflictException: { again: "another call is at it" },
      NotFoundException: setUp("the queue or the role is not there"),
      BadRequestException: setUp("the request is wrong, which the recorded models refuse in tests"),
    },
    operations: {
      CreateJob: { BadRequestException: { in: ENCODER, what: "the job ends as encoder.refused" } },
      GetJob: { NotFoundException: { in: ENCODER, what: "the job ends as encoder.lost" } },
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
      ConditionalCheckFailedException: { in: TABLE, what: "the write was not wanted" },
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
        IdempotentParameterMismatchException: { again: "each request has a token of its own" },
      },
    },
  },
  s3: {
    every: {
      ...each(["NoSuchKey", "NoSuchUpload"], { in: STORAGE, what: "it is not there" }),
      InvalidObjectState: {
        again: "a source in an archive class; the attempt ends as encoder.unavailable",
      },
      NoSuchBucket: setUp("the bucket is not there"),
      ...each(["EncryptionTypeMismatch", "InvalidRequest", "InvalidWriteOffset", "TooManyParts"], {
        again: "answered to the browser, whose upload asks for a new address",
      }),
    },
  },
  sesv2: {
    every: {
      ...each(["MessageRejected", "BadRequestException"], {
        in: NOTIFY,
        what: "the timeline says that the mail was refused",
      }),
      ...each(
        [
          ...["AccountSuspendedException", "LimitExceededException", "SendingPausedException"],
          ...["MailFromDomainNotVerifiedException", "NotFoundException"],
          "TooManyRequestsException",
        ],
        // Not by the SDK, which could send twice.
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
        asked("a dead letter could not be handed to its function and stays in its queue"),
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

/** What is done about an error of an operation; undefined when nobody has decided. */
export function handlingOf(
  service: string,
  operation: string,
  error: string,
): Handling | undefined {
  const found = HANDLING[service];
  return found?.operations?.[operation]?.[error] ?? found?.every[error];
}
