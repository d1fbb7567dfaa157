import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { ApiError } from "../errors.ts";
import { sortedDeep } from "../json.ts";
import { json } from "../pipeline/answer.ts";
import { clientAddress } from "../pipeline/limiter.ts";
import { type AnyRoute, publicRoute, route } from "../pipeline/route.ts";
import { claimSetupCode, mintSetupCode } from "../store/setup-codes.ts";
import { setupCodeView } from "../wire/bot.ts";

const CONTRACT_VERSION = 1;
const FORWARDING_HEADERS = ["x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/** Setup codes: a person mints one, and who has it exchanges it for a bot token. */
export const setupCodeRoutes: readonly AnyRoute[] = [
  route({
    method: "POST",
    path: "/api/workspaces/:workspace_id/bots/:bot_user_id/setup-codes",
    refuseBots: "bot tokens cannot create bot setup codes",
    body: {
      name: "string",
      scopes: "strings",
      defaults: {
        go: "BotSetupCodeDefaults",
        fields: { defaultTo: "string", allowFrom: "strings", agentActivity: "bool?" },
      },
    },
    handle: ({ world, actor, params, body, request }) => {
      const code = mintSetupCode(
        world.store,
        params.workspace_id ?? "",
        params.bot_user_id ?? "",
        actor.user.id,
        {
          name: body.name,
          scopes: body.scopes ?? [],
          defaults: body.defaults,
        },
      );
      return json(201, { setup_code: setupCodeView(code, baseUrlFor(request)) });
    },
  }),
  publicRoute({
    method: "POST",
    path: "/api/bot-setup-codes/claim",
    handle: async ({ world, request, body }) => {
      if (!world.claims.allow(clientAddress(request), Date.now())) {
        throw new ApiError(429, "too many setup code attempts, retry later");
      }
      const { token, bot, workspace, defaults } = claimSetupCode(
        world.store,
        (await body({ code: "string" })).code,
      );
      const baseUrl = baseUrlFor(request);
      const { id, route_id, slug, name } = workspace;
      return json(200, {
        token: token.token,
        bot: sortedDeep({ id: bot.id, handle: bot.handle, display_name: bot.display_name }),
        workspace: sortedDeep({ id, route_id, slug, name }),
        defaults,
        contract_version: baseUrl && CONTRACT_VERSION,
        api_base_url: baseUrl,
      });
    },
  }),
];

/**
 * Returns the server's own address as the caller sees it, which ClickClack tells only to callers on the same machine if
 * no public address is configured. Proxies that say otherwise are believed.
 */
function baseUrlFor(request: IncomingMessage): string | undefined {
  const forwarded = FORWARDING_HEADERS.flatMap((name) => String(request.headers[name] ?? "").split(","));
  const hosts = [
    request.headers.host ?? "",
    ...forwarded.map((value) => value.trim()).filter((value) => value !== ""),
  ];
  return hosts.every(isLocal) ? `http://${request.headers.host}` : undefined;
}

function isLocal(host: string): boolean {
  const name = host.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return name === "localhost" || name === "::1" || (isIP(name) === 4 && name.startsWith("127."));
}
