import { ACTIONS, type Info as AuditEvent } from "@rushes/core/audit/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditLine, dayAfter, parseDay } from "./audit-view.ts";

const now = Date.parse("2026-06-15T12:00:00.000Z");

function event(given: Partial<AuditEvent> & Pick<AuditEvent, "action">): AuditEvent {
  return {
    id: "aud_00000000000000000000000000" as AuditEvent["id"],
    time: "2026-06-15T12:00:00.000Z",
    ownerId: "own_ann",
    email: "ann@example.com",
    via: "session",
    ...given,
  };
}

describe("the audit log", () => {
  it.each(ACTIONS)("describes %s with and without its details", (action) => {
    const { who, did } = auditLine(event({ action }));
    expect(who).toBe("ann@example.com");
    expect(did).toMatch(/^[a-z][^.]*[\w”]$/);
  });

  it("distinguishes a token from its user, and names no one if no one was signed in", () => {
    expect(auditLine(event({ action: "job.deleted", via: "token" })).who).toBe(
      "A token of ann@example.com",
    );
    const failed = event({ action: "signin.refused", detail: { code: "signin.state" } });
    expect(auditLine({ ...failed, ownerId: undefined, email: undefined })).toMatchObject({
      who: "Somebody",
      did: "could not sign in: this sign-in was not started in this browser",
      tone: "danger",
    });
  });

  it("shows when an admin changed another user's data", () => {
    const did = (action: AuditEvent["action"], owner: string) =>
      auditLine(event({ action, target: "job_1", detail: { owner } })).did;
    expect(did("job.deleted", "own_bob")).toBe("deleted another user's video");
    expect(did("job.deleted", "own_ann")).toBe("deleted a video");
    expect(did("share.created", "own_bob")).toBe("shared another user's video");
    expect(did("upload.removed", "own_bob")).toBe("discarded another user's upload");
    expect(did("upload.removed", "own_ann")).toBe("discarded an upload");
  });

  it("links to the video or the user, but not to a deleted video", () => {
    expect(auditLine(event({ action: "job.renamed", target: "job_1" })).href).toBe("/jobs/job_1");
    expect(auditLine(event({ action: "captions.added", target: "job_1" })).href).toBe(
      "/jobs/job_1",
    );
    expect(auditLine(event({ action: "job.deleted", target: "job_1" })).href).toBeUndefined();
    expect(auditLine(event({ action: "user.disabled", target: "own_b&b" })).href).toBe(
      "/jobs?owner=own_b%26b",
    );
  });
});

describe("the day in the URL", () => {
  it("falls back to today for an invalid or future day", () => {
    fc.assert(
      fc.property(fc.string(), (given) => {
        expect(parseDay(given, now)).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      }),
    );
    for (const given of [null, "", "2026-02-31", "2026-06-16", "2026-6-1"]) {
      expect(parseDay(given, now)).toBe("2026-06-15");
    }
    expect(parseDay("2026-06-14", now)).toBe("2026-06-14");
  });

  it("crosses the ends of months", () => {
    expect(dayAfter("2026-03-01", -1)).toBe("2026-02-28");
    expect(dayAfter("2026-12-31", 1)).toBe("2027-01-01");
  });
});
