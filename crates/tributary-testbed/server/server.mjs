// An authorization server that is not ours (npm `oidc-provider`), for the tests of signing in.
//
// It is the server of a strict vendor: PKCE for everybody, refresh tokens that are good once and
// take their whole family with them when they are used twice, codes that are typed elsewhere,
// revocation, introspection, and its name in every answer. Two people live here, alice and bob.
//
//   node server.mjs PACKAGES ISSUER LIFE PORT
//
// PACKAGES is the folder with `node_modules`, ISSUER what it calls itself, LIFE the seconds an
// access token lives, PORT the port of the confidential client's redirect address. It says its own
// port on the first line, and ends when its standard input does.
//
// `/control/` is the tests': `advance` turns the clock, `events` tells what was done.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// Nobody reads what the package says of its defaults.
console.log = console.info = console.warn = () => {};

const [packages, issuer, life, port] = process.argv.slice(2);
const entry = createRequire(join(packages, "package.json")).resolve("oidc-provider");
const { default: Provider } = await import(pathToFileURL(entry).href);

// The package asks this function for the time and nothing else, so that time can pass at once.
const now = Date.now;
let ahead = 0;
Date.now = () => now() + ahead;

const events = [];
const people = new Set(["alice", "bob"]);
const device = "urn:ietf:params:oauth:grant-type:device_code";
const grants = ["authorization_code", "refresh_token", device];

// A native client has any port of this machine; a web client has exactly the one it registered.
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "public",
      application_type: "native",
      token_endpoint_auth_method: "none",
      redirect_uris: [
        "http://127.0.0.1/callback/gitlab",
        "http://127.0.0.1/callback/confluence-data-center",
      ],
      grant_types: grants,
    },
    {
      client_id: "confidential",
      client_secret: "the-secret-of-the-application",
      application_type: "web",
      token_endpoint_auth_method: "client_secret_basic",
      redirect_uris: [`http://127.0.0.1:${port}/callback/bitbucket`],
      grant_types: grants,
    },
  ],
  scopes: ["openid", "offline_access", "read", "write"],
  claims: { openid: ["sub", "preferred_username"] },
  // A token of seconds is refused when it has run out; otherwise a few seconds are forgiven, in
  // which the server still knows that a code ran out and was not never given.
  clockTolerance: Number(life) < 60 ? 0 : 15,
  conformIdTokenClaims: false,
  cookies: { keys: ["a key of the tests"] },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async (_, client) => client.grantTypeAllowed("refresh_token"),
  ttl: {
    AccessToken: Number(life),
    AuthorizationCode: 60,
    DeviceCode: 600,
    Grant: 86400,
    IdToken: 3600,
    Interaction: 3600,
    RefreshToken: 86400,
    Session: 86400,
  },
  features: {
    devInteractions: { enabled: false },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
    introspection: { enabled: true, allowedPolicy: async () => true },
    userinfo: { enabled: true },
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) =>
    people.has(id) ? { accountId: id, claims: () => ({ sub: id, preferred_username: id }) } : undefined,
});

// Access tokens by the refresh token that was given along: when each was given, and when it ends,
// in milliseconds of this server's clock, which counts the ends of tokens in whole seconds.
const issued = new Map();

const tell = (what, ctx, error) => {
  const event = {
    what,
    client: ctx.oidc?.client?.clientId,
    grant_type: ctx.oidc?.params?.grant_type,
    error: error?.error,
  };
  const { AccessToken, RefreshToken, RotatedRefreshToken } = ctx.oidc?.entities ?? {};
  if (what === "grant" && AccessToken && RefreshToken) {
    const issued_at = Date.now();
    const ends = (Math.floor(issued_at / 1000) + AccessToken.expiration) * 1000;
    event.given = { issued: issued_at, ends };
    event.replaced = issued.get(RotatedRefreshToken?.jti);
    issued.set(RefreshToken.jti, event.given);
  }
  events.push(event);
};
provider.on("grant.success", (ctx) => tell("grant", ctx));
provider.on("grant.error", (ctx, error) => tell("grant refused", ctx, error));
provider.on("grant.revoked", (ctx) => tell("revoked", ctx));
provider.on("authorization.error", (ctx, error) => tell("authorization refused", ctx, error));
provider.on("server_error", (_, error) => console.error(error));

const body = async (request) => {
  let text = "";
  for await (const part of request) text += part;
  return new URLSearchParams(text);
};

// The page where a person says who he is and what he allows; the form is what a test posts.
async function interaction(request, response) {
  const details = await provider.interactionDetails(request, response);
  if (request.method === "GET") {
    response.setHeader("content-type", "text/html");
    response.end(`<form method="post" action="/interaction/${details.uid}">${details.prompt.name}</form>`);
    return;
  }
  const form = await body(request);
  if (form.get("decision") !== "allow") {
    const denied = { error: "access_denied", error_description: "the person said no" };
    await provider.interactionFinished(request, response, denied);
    return;
  }
  const accountId = form.get("person");
  const known = details.grantId && (await provider.Grant.find(details.grantId));
  const grant =
    known && known.accountId === accountId
      ? known
      : new provider.Grant({ accountId, clientId: details.params.client_id });
  const asked = String(details.params.scope).split(" ");
  const allowed = form.has("only") ? form.get("only").split(" ") : asked;
  grant.addOIDCScope(asked.filter((scope) => allowed.includes(scope)).join(" "));
  // What was not allowed was asked, so that it is not asked again.
  const refused = asked.filter((scope) => !allowed.includes(scope));
  if (refused.length > 0) grant.rejectOIDCScope(refused.join(" "));
  const result = { login: { accountId }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const callback = provider.callback();
const server = createServer(async (request, response) => {
  const url = new URL(request.url, issuer);
  try {
    if (url.pathname === "/control/advance") {
      ahead += Number(url.searchParams.get("milliseconds"));
      response.end();
    } else if (url.pathname === "/control/events") {
      response.end(JSON.stringify(events));
    } else if (url.pathname.startsWith("/interaction/")) {
      await interaction(request, response);
    } else {
      callback(request, response);
    }
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
});
// A connection that is used again just when the server ends it fails, and no test is about that.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on("end", () => process.exit(0)).resume();
