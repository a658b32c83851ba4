"use client";

import { Deferred } from "../../components/ui/deferred.tsx";
import { Loaded, Loading } from "../../components/ui/loaded.tsx";
import { useAccount } from "../../lib/account/use-account.ts";
import { Queries } from "../../lib/api-client/queries.tsx";
import { AccountSection } from "./account-section.tsx";
import { EmailPaused } from "./email-paused.tsx";
import { SessionsSection } from "./sessions-section.tsx";
import { TokensSection } from "./tokens-section.tsx";
import { UploadsSection } from "./uploads-section.tsx";
import { UsageSection } from "./usage-section.tsx";

/** Only admins load it. */
const keysSection = () => import("./keys-section.tsx");

function Sections() {
  const account = useAccount();
  return (
    <Loaded query={account} what="the account">
      {(data) => (
        <>
          <AccountSection account={data} />
          {data.mailHeld ? (
            <EmailPaused suppression={data.mailHeld} email={data.user.email} signIn={data.signIn} />
          ) : null}
          {data.usage ? <UsageSection usage={data.usage} /> : null}
          <UploadsSection />
          <TokensSection role={data.user.role} />
          {data.user.role === "admin" ? (
            <Deferred load={keysSection}>
              {({ KeysSection }) => <KeysSection signIn={data.signIn} />}
            </Deferred>
          ) : null}
          {data.signIn ? <SessionsSection /> : null}
        </>
      )}
    </Loaded>
  );
}

/** The settings of the current user. */
export function SettingsPage() {
  return (
    <div className="mx-auto max-w-4xl space-y-12">
      <h1 className="text-2xl font-semibold tracking-tight">Settings</h1>
      <Queries fallback={<Loading what="the account" />}>
        <Sections />
      </Queries>
    </div>
  );
}
