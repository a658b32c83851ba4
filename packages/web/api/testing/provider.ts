/**
 * A real OpenID provider for tests. Browsers use a URL at which no server listens, as behind a reverse proxy. All other
 * requests must use the internal URL.
 */
import { createPrivateKey, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Provider } from "oidc-provider";

/** Port 9 is "discard": a request that goes to this address itself fails. */
export const ISSUER = "http://localhost:9";

export interface Account {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  groups?: string[];
}

type Claims = Record<string, unknown>;

interface Client {
  id: string;
  secret: string;
  redirectUri: string;
  postLogoutUri: string;
}

function createProvider(client: Client, key: KeyObject, accounts: ReadonlyMap<string, Account>) {
  const provider = new Provider(ISSUER, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirectUri],
        post_logout_redirect_uris: [client.postLogoutUri],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    jwks: { keys: [{ ...key.export({ format: "jwk" }), kid: "test", use: "sig" }] },
    cookies: { keys: ["the provider's own key of its cookies"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => {
      const account = accounts.get(sub);
      return account && { accountId: sub, claims: () => ({ ...account }) };
    },
    // Needs no consent, because the app is the provider's own.
    loadExistingGrant: async (ctx) => {
      const { client: asking, session } = ctx.oidc;
      const known = session?.grantIdFor(client.id);
      if (known !== undefined) return ctx.oidc.provider.Grant.find(known);
      const grant = new ctx.oidc.provider.Grant({
        clientId: asking?.clientId,
        accountId: session?.accountId,
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  provider.proxy = true;
  return provider;
}

async function startProvider(client: Client) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const accounts = new Map<string, Account>();
  const state = {
    /** The user who signs in. If undefined, the sign-in is denied. */
    person: undefined as Account | undefined,
    isDown: false,
    /** Changes an ID token before it is signed, with the provider's own key or another. */
    tamper: undefined as ((claims: Claims) => Claims) | undefined,
    key: privateKey,
  };
  const provider = createProvider(client, privateKey, accounts);
  const handle = provider.callback();

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { person } = state;
    if (person) accounts.set(person.sub, person);
    const result = person ? { login: { accountId: person.sub } } : { error: "access_denied" };
    await provider.interactionFinished(request, response, result);
  }

  const server = createServer((request, response) => {
    if (state.isDown) {
      request.socket.destroy();
      return;
    }
    if (request.url?.startsWith("/interaction/")) {
      interact(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
      return;
    }
    if (request.url === "/token" && state.tamper) {
      tamperWith(response, state.tamper, (text) =>
        createSign("sha256")
          .update(text)
          .sign(createPrivateKey(state.key.export(PEM)), "base64url"),
      );
    }
    void handle(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    state,
    /** Its internal URL. Browsers use ISSUER. */
    backchannel: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Starts the provider for the app at `site`, and sets the app's environment. */
export async function startProviderOf(site: string, secret: string) {
  const client = { id: "rushes", secret };
  const provider = await startProvider({
    ...client,
    redirectUri: `${site}/api/auth/callback`,
    postLogoutUri: `${site}/sign-in`,
  });
  process.env.SST_RESOURCE_SignIn = JSON.stringify({
    required: true,
    issuer: ISSUER,
    clientId: client.id,
    clientSecret: client.secret,
    backchannel: provider.backchannel,
    groupsClaim: "groups",
    adminGroup: "admins",
    adminEmails: [],
    trustEmail: false,
  });
  return provider;
}

const PEM = { format: "pem", type: "pkcs8" } as const;

/** Replaces the ID token in the response before it is sent. */
function tamperWith(
  response: ServerResponse,
  tamper: (claims: Claims) => Claims,
  sign: (text: string) => string,
): void {
  const end = response.end.bind(response);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  Object.assign(response, {
    end(body: unknown) {
      const answer: Claims = JSON.parse(String(body));
      if (typeof answer.id_token === "string") {
        const [header = "", payload = ""] = answer.id_token.split(".");
        const claims: Claims = JSON.parse(Buffer.from(payload, "base64url").toString());
        const text = `${header}.${part(tamper(claims))}`;
        answer.id_token = `${text}.${sign(text)}`;
      }
      const changed = Buffer.from(JSON.stringify(answer));
      response.setHeader("content-length", changed.length);
      return end(changed);
    },
  });
}
