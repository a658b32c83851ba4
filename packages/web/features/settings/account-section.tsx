import { Section } from "../../components/ui/section.tsx";
import type { Account } from "../../lib/account/account.ts";
import { formatMoment } from "../../lib/format.ts";
import { accountSource, roleSentence } from "./account-view.ts";

/** The user's account. */
export function AccountSection({ account }: { account: Account }) {
  const { user, signIn } = account;
  const facts = [
    ...(user.name ? [{ name: "Name", value: <bdi>{user.name}</bdi> }] : []),
    { name: "Email", value: user.email },
    { name: "Sign-in", value: accountSource(account) },
    { name: "Role", value: roleSentence(user.role) },
    ...(signIn ? [{ name: "First sign-in", value: formatMoment(user.time.created) }] : []),
  ];
  const about = signIn
    ? "Notifications go to this address. Email and role are updated each time you sign in."
    : "Notifications go to this address. To change it, set RUSHES_EMAIL.";
  return (
    <Section id="account" title="Account" about={about}>
      <dl className="grid gap-x-8 gap-y-3.5 rounded-frame border border-line bg-surface px-4 py-4 sm:grid-cols-[auto_1fr] sm:px-5">
        {facts.map(({ name, value }) => (
          <div key={name} className="contents max-sm:block">
            <dt className="text-sm text-muted">{name}</dt>
            <dd className="text-sm font-medium">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
