import { adminEmails, domain, issuer, siteUrl } from "./stage.ts";

/** Every key of the app is derived from it: `sst secret set Secret "$(openssl rand -base64 48)"`. */
export const secret = new sst.Secret("Secret");

const callback = `${siteUrl}/api/auth/callback`;

/** A user pool with an admin group, for deployers without an identity provider. */
function cognito() {
  const pool = new sst.aws.CognitoUserPool("Users", {
    usernames: ["email"],
    mfa: "optional",
    softwareToken: true,
    domain: { prefix: `${$app.name}-${$app.stage}-${domain.replaceAll(".", "-")}`.slice(0, 63) },
    transform: {
      userPool: (args) => {
        args.adminCreateUserConfig = { allowAdminCreateUserOnly: true };
        args.passwordPolicy = {
          minimumLength: 12,
          requireLowercase: false,
          requireNumbers: false,
          requireSymbols: false,
          requireUppercase: false,
          temporaryPasswordValidityDays: 2,
        };
        args.deletionProtection = $app.protect ? "ACTIVE" : "INACTIVE";
      },
    },
  });
  new aws.cognito.UserGroup("Admins", { name: "admin", userPoolId: pool.id });
  const client = pool.addClient("UsersWeb", {
    callbackUrls: [callback],
    transform: {
      client: (args) => {
        args.generateSecret = true;
        args.allowedOauthFlows = ["code"];
        args.allowedOauthFlowsUserPoolClient = true;
        args.allowedOauthScopes = ["openid", "email", "profile"];
        args.logoutUrls = [`${siteUrl}/sign-in`];
        args.supportedIdentityProviders = ["COGNITO"];
        args.preventUserExistenceErrors = "ENABLED";
      },
    },
  });
  return {
    issuer: $interpolate`https://cognito-idp.${aws.getRegionOutput().region}.amazonaws.com/${pool.id}`,
    clientId: client.id,
    clientSecret: client.secret,
    groupsClaim: "cognito:groups",
  };
}

/** The deployer's own identity provider. Its client secret is one of the stage's secrets. */
function external(url: string) {
  const clientId = process.env.RUSHES_OIDC_CLIENT_ID?.trim();
  if (!clientId) {
    throw new Error(
      "Set RUSHES_OIDC_CLIENT_ID before you deploy: the id that your identity provider gave to Rushes. See docs/deploy.md.",
    );
  }
  return {
    issuer: url,
    clientId,
    clientSecret: new sst.Secret("OidcClientSecret").value,
    groupsClaim: process.env.RUSHES_OIDC_GROUPS_CLAIM ?? "groups",
  };
}

export const signIn = new sst.Linkable("SignIn", {
  properties: {
    required: true,
    ...(issuer ? external(issuer) : cognito()),
    adminGroup: process.env.RUSHES_ADMIN_GROUP ?? "admin",
    adminEmails,
    trustEmail: process.env.RUSHES_OIDC_TRUST_EMAIL === "yes",
  },
});
