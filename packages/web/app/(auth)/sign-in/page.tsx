import { resource } from "@rushes/core/resource";
import type { Metadata } from "next";
import { ButtonAnchor } from "../../../components/ui/button.tsx";
import { Notice } from "../../../components/ui/notice.tsx";
import { returnTo } from "../../../lib/return-to.ts";
import { signInProblem } from "../../../lib/sign-in-problem.ts";

export const metadata: Metadata = { title: "Sign in" };

type Query = Promise<Record<string, string | string[] | undefined>>;

/** The sign-in page: the product, an error if there is one, and the sign-in button. */
export default async function SignInPage({ searchParams }: { searchParams: Query }) {
  const query = await searchParams;
  if (!resource().SignIn.required) return <NoSignIn />;
  const problem = signInProblem(query.problem);
  const to = returnTo(typeof query.returnTo === "string" ? query.returnTo : undefined);
  return (
    <>
      <div className="space-y-2">
        <h1 className="text-2xl font-semibold tracking-tight">Sign in</h1>
        <p className="text-muted">
          Upload your footage, follow its progress, and play it. Only you and the admins can see
          your videos.
        </p>
      </div>
      {problem ? (
        <Notice role="alert" tone="danger" title={problem.title}>
          {problem.sentence}
        </Notice>
      ) : null}
      <ButtonAnchor
        href={`/api/auth/sign-in?${new URLSearchParams({ returnTo: to })}`}
        tone="primary"
        className="w-full"
      >
        Sign in
      </ButtonAnchor>
    </>
  );
}

function NoSignIn() {
  return (
    <>
      <div className="space-y-2">
        <h1 className="text-2xl font-semibold tracking-tight">No sign-in is needed</h1>
        <p className="text-muted">
          This instance runs without sign-in, for the person who uses this machine.
        </p>
      </div>
      <ButtonAnchor href="/" tone="primary" className="w-full">
        Go to home
      </ButtonAnchor>
    </>
  );
}
