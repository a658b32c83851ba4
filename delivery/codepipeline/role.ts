/** Creates the roles of the pipeline: each trusts one service or environment and has its own permissions. */
import { account, named, tags } from "./settings.ts";

type Text = $util.Input<string>;

export interface Statement {
  Effect?: "Allow" | "Deny";
  Action: string[];
  Resource: Text | Text[];
  Condition?: Record<string, Record<string, Text | Text[]>>;
}

/** A policy document. A statement allows unless it has another effect. */
export const document = (statements: Statement[]): $util.Output<string> =>
  $jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });

/** A trust policy for a service that acts for one resource of this account. */
export const trustService = (service: string, sourceArn: Text): $util.Output<string> =>
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

/** A role with a fixed name, so that policies can refer to it. */
export function role(
  logicalName: string,
  options: {
    name: string;
    trust: Text;
    permissions: Record<string, Statement[]>;
    boundary?: Text;
  },
): aws.iam.Role {
  return new aws.iam.Role(logicalName, {
    name: named(options.name),
    assumeRolePolicy: options.trust,
    permissionsBoundary: options.boundary,
    inlinePolicies: Object.entries(options.permissions).map(([name, statements]) => ({
      name,
      policy: document(statements),
    })),
    tags,
  });
}

export const TITLES = { staging: "Staging", production: "Production" } as const;
