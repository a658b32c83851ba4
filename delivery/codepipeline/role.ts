/** How roles of the pipeline are made: for one service, asked by our own account, with what they may do. */
import { account, named, tags } from "./settings.ts";

type Text = $util.Input<string>;

export interface Statement {
  Effect?: "Allow" | "Deny";
  Action: string[];
  Resource: Text | Text[];
  Condition?: Record<string, Record<string, Text | Text[]>>;
}

/** A policy document of statements that allow, unless one says that it denies. */
export const document = (statements: Statement[]): $util.Output<string> =>
  $jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });

/** Who may assume a role: a service, on behalf of one thing of ours and not of another account's. */
export const servedBy = (service: string, sourceArn: Text): $util.Output<string> =>
  $jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": account },
          ArnLike: { "aws:SourceArn": sourceArn },
        },
      },
    ],
  });

/** A role whose name is known before it is made, so that others can name it. */
export function role(
  logicalName: string,
  own: {
    name: string;
    assumedBy: Text;
    may: Record<string, Statement[]>;
    boundary?: Text;
  },
): aws.iam.Role {
  return new aws.iam.Role(logicalName, {
    name: named(own.name),
    assumeRolePolicy: own.assumedBy,
    ...(own.boundary && { permissionsBoundary: own.boundary }),
    inlinePolicies: Object.entries(own.may).map(([name, statements]) => ({
      name,
      policy: document(statements),
    })),
    tags,
  });
}

export const TITLES = { staging: "Staging", production: "Production" } as const;
