/** Sends the one-time link by mail, if a running stack can send it. */
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import * as z from "zod";
import { findRun } from "../run.ts";
import type { Settings } from "../settings/index.ts";

const Sender = z
  .string()
  .transform((text) => z.object({ sender: z.email() }).parse(JSON.parse(text)));
const Given = z.object({
  AWS_REGION: z.string(),
  AWS_ACCESS_KEY_ID: z.string(),
  AWS_SECRET_ACCESS_KEY: z.string(),
  AWS_ENDPOINT_URL_SESV2: z.url(),
  SST_RESOURCE_Email: Sender,
});

/** Mails the link to its user. Returns false if no stack runs on the data folder. */
export async function mailLink(
  { dataDir }: Pick<Settings, "dataDir">,
  { email, link }: { email: string; link: string },
): Promise<boolean> {
  const run = await findRun(dataDir);
  if (!run) return false;
  const env = Given.parse(run.env);
  const ses = new SESv2Client({
    region: env.AWS_REGION,
    endpoint: env.AWS_ENDPOINT_URL_SESV2,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
    },
  });
  const content = (Data: string) => ({ Data, Charset: "UTF-8" });
  await ses.send(
    new SendEmailCommand({
      FromEmailAddress: env.SST_RESOURCE_Email.sender,
      Destination: { ToAddresses: [email] },
      Content: {
        Simple: {
          Subject: content("Choose your password for Rushes"),
          Body: { Text: content(textOf(email, link)) },
        },
      },
    }),
  );
  return true;
}

const textOf = (email: string, link: string) =>
  [
    `${email} has a Rushes account. Use this link to set its password. It works once, within 24 hours:`,
    "",
    link,
    "",
    "Do not share it. If you did not expect it, ignore this mail; the link expires by itself.",
    "",
  ].join("\n");
