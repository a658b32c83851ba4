import {
  BadRequestException,
  CancelJobCommand,
  ConflictException,
  CreateJobCommand,
  type CreateJobRequest,
  GetJobCommand,
  type Job,
  MediaConvertClient,
  NotFoundException,
  SearchJobsCommand,
} from "@aws-sdk/client-mediaconvert";
import { resource } from "../resource.ts";

export const encoder = new MediaConvertClient({});

export type Submitted = { encoderJobId: string } | { rejection: string };

/** Creates an encoder job. Rejected settings are a value, because another try would not help. */
export async function create(request: CreateJobRequest): Promise<Submitted> {
  try {
    const { Job: job } = await encoder.send(new CreateJobCommand(request));
    if (!job?.Id) throw new Error("MediaConvert responded without a job.");
    return { encoderJobId: job.Id };
  } catch (error) {
    if (error instanceof BadRequestException) return { rejection: error.message };
    throw error;
  }
}

/** Finds the encoder job of this attempt by its metadata. */
export async function find(input: {
  jobId: string;
  attempt: number;
  sourceUrl: string;
}): Promise<string | undefined> {
  let token: string | undefined;
  do {
    const page = await encoder.send(
      new SearchJobsCommand({
        // Part of the name is enough, and 300 characters is the maximum.
        InputFile: input.sourceUrl.slice(0, 300).replace(/[\ud800-\udbff]$/, ""),
        // Functions may not search the account's other queues.
        Queue: resource().Transcode.queueArn,
        Order: "DESCENDING",
        MaxResults: 20,
        NextToken: token,
      }),
    );
    const found = page.Jobs?.find(
      (job) =>
        job.UserMetadata?.jobId === input.jobId &&
        job.UserMetadata?.attempt === String(input.attempt),
    );
    if (found?.Id) return found.Id;
    token = page.NextToken;
  } while (token);
  return undefined;
}

/** The current encoder job. Undefined if the encoder no longer knows it. */
export async function get(encoderJobId: string): Promise<Job | undefined> {
  try {
    return (await encoder.send(new GetJobCommand({ Id: encoderJobId }))).Job;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}

/** Cancels an encoder job. A job that has ended or is unknown is no error. */
export async function cancel(encoderJobId: string): Promise<void> {
  try {
    await encoder.send(new CancelJobCommand({ Id: encoderJobId }));
  } catch (error) {
    const ended =
      error instanceof NotFoundException ||
      error instanceof ConflictException ||
      error instanceof BadRequestException;
    if (!ended) throw error;
  }
}
