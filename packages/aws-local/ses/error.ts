import { STORAGE_FULL } from "@rushes/core/full";

/** A refusal in SES v2's shape. https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html */
export type MailCode =
  /** The request itself is wrong, or asks for what this home does not do. */
  | "BadRequestException"
  /** The message is well-formed JSON but cannot be sent as it is. */
  | "MessageRejected"
  /** A configuration set, template or contact list; this home has none. */
  | "NotFoundException"
  | "AccessDeniedException"
  | "MissingAuthenticationTokenException"
  | "UnrecognizedClientException"
  | "InvalidSignatureException"
  /** A page of SES's API that this home does not have. */
  | "UnknownOperationException"
  /** A full disk, which AWS does not have. */
  | typeof STORAGE_FULL.wireCode
  | "InternalFailure";

const STATUS: Record<MailCode, number> = {
  BadRequestException: 400,
  MessageRejected: 400,
  NotFoundException: 404,
  AccessDeniedException: 403,
  MissingAuthenticationTokenException: 403,
  UnrecognizedClientException: 403,
  InvalidSignatureException: 403,
  UnknownOperationException: 501,
  InsufficientStorage: STORAGE_FULL.status,
  InternalFailure: 500,
};

export class MailError extends Error {
  readonly code: MailCode;
  readonly status: number;

  constructor(code: MailCode, message: string) {
    super(message);
    this.name = "MailError";
    this.code = code;
    this.status = STATUS[code];
  }
}
