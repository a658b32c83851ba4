"use client";

import type { Info as Deployment } from "@rushes/core/deployment/schema";
import { Badge } from "../../components/ui/badge.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { formatAge, formatMoment } from "../../lib/format.ts";
import { useNow } from "../../lib/use-now.ts";
import { AdminPage } from "./admin-page.tsx";
import { PagedList } from "./paged-list.tsx";
import * as api from "./requests.ts";
import { usePages } from "./use-pages.ts";

function DeploymentRow({ deployment, now }: { deployment: Deployment; now: number }) {
  const { stage, version, commit, deployedAt, approvedBy, pipelineExecutionId, url, outcome } =
    deployment;
  return (
    <li className="space-y-1 px-4 py-3 sm:px-5">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm font-semibold">
        <span>Version {version}</span>
        <Badge>{stage}</Badge>
        {outcome === "rolled-back" ? <Badge tone="accent">Rolled back</Badge> : null}
      </p>
      <p className="text-sm text-muted">
        Commit <code className="font-mono text-xs break-all text-ink">{commit}</code>
      </p>
      <p className="flex flex-wrap gap-x-3 text-sm text-muted">
        <time dateTime={deployedAt} title={formatMoment(deployedAt)}>
          Deployed {formatAge(deployedAt, now)}
        </time>
        {approvedBy ? <span className="break-all">Approved by {approvedBy}</span> : null}
        {pipelineExecutionId ? (
          <span className="break-all">Execution {pipelineExecutionId}</span>
        ) : null}
        {url ? <span className="break-all">{url}</span> : null}
      </p>
    </li>
  );
}

function Deployments() {
  const now = useNow();
  const query = usePages(["admin", "deployments"], (cursor, signal) =>
    api.deployments({ cursor }, signal),
  );
  return (
    <PagedList
      query={query}
      what="the deployments"
      label="Deployments, newest first"
      itemsOf={(page) => page.deployments}
      empty={
        <Notice title="No deployments yet">
          A deployment appears here when a pipeline has deployed a version to production.
        </Notice>
      }
    >
      {(one) => <DeploymentRow key={one.id} deployment={one} now={now} />}
    </PagedList>
  );
}

/** The versions that a pipeline has deployed here. */
export function DeploymentsPage() {
  return (
    <AdminPage
      title="Deployments"
      about="Deployed versions and who approved them, newest first. To roll back, deploy an earlier commit again."
    >
      <Deployments />
    </AdminPage>
  );
}
