import { readFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { openClinic, serve, wellDocument, wellVariables } from "./doctor-clinic.ts";

const clinic = openClinic();

/** The well document with another gateway. */
function at(url: string, account: object = {}) {
  return wellDocument({ ...clinic, gateway: url }, account);
}

describe("the gateway", () => {
  it("that is well", async () => {
    const { of } = await clinic.visit(wellDocument(clinic), wellVariables(clinic));
    expect(of("gateway-token")).toMatchObject([
      { state: "pass", found: "taken; the gateway has agents scout and sage" },
    ]);
    expect(of("completions")).toMatchObject([{ state: "pass" }]);
    expect(of("agent")).toMatchObject([{ state: "pass", found: "scout" }]);
  });

  it("is asked for no completion, and shown the token once where it may be wrong", async () => {
    const token = await clinic.addGateway({ agents: ["scout"] });
    await clinic.visit(wellDocument(clinic), { ...wellVariables(clinic), OPENCLAW_GATEWAY_TOKEN: token });
    const answer = await fetch(`${clinic.gateway}/sandbox/requests?path=*&token=${token}`);
    const { requests } = (await answer.json()) as { requests: { path: string }[] };
    expect(requests.map(({ path }) => path)).toEqual(["/v1/models"]);
  });

  it("gateway_unauthorized: a wrong token", async () => {
    const { ailing, of } = await clinic.visit(wellDocument(clinic), {
      ...wellVariables(clinic),
      OPENCLAW_GATEWAY_TOKEN: "wrong",
    });
    expect(ailing["gateway-token"]).toMatch(
      /gateway_unauthorized.* → set gateway.remote.token .*gateway.auth.token$/,
    );
    expect(of("agent")).toMatchObject([{ state: "skip" }]);
  });

  it("gateway_locked: too many wrong tokens", async () => {
    const url = await gatewayThatSays(429, { error: { type: "rate_limited", message: "Too many" } });
    const { ailing } = await clinic.visit(at(url), wellVariables(clinic));
    expect(ailing["gateway-token"]).toMatch(/has locked this client's address.* → .*wait five minutes$/);
  });

  it("missing_scope: a proxy that signs in without operator.write", async () => {
    const url = await gatewayThatSays(403, {
      error: { type: "forbidden", message: "missing scope: operator.write" },
    });
    const { ailing } = await clinic.visit(at(url), wellVariables(clinic));
    expect(ailing["gateway-token"]).toMatch(
      /missing_scope: missing scope: operator.write.* → .*operator\.write$/,
    );
  });

  it("proxy_attribution: a tunnel that the gateway does not trust", async () => {
    const { ailing, of } = await clinic.visit(at(await tunnelTo(clinic.gateway)), wellVariables(clinic));
    expect(ailing["trusted-proxies"]).toContain("proxy_attribution_required");
    expect(ailing["trusted-proxies"]).toContain("gateway.trustedProxies at the gateway");
    expect(of("gateway-token")).toMatchObject([
      { state: "skip", found: expect.stringContaining("needs trusted-proxies") },
    ]);
  });

  it("and one that it trusts", async () => {
    const token = await clinic.addGateway({
      agents: ["scout"],
      trustedProxies: ["127.0.0.1", "::ffff:127.0.0.1"],
    });
    const { of } = await clinic.visit(at(await tunnelTo(clinic.gateway)), {
      ...wellVariables(clinic),
      OPENCLAW_GATEWAY_TOKEN: token,
    });
    expect(of("trusted-proxies")).toMatchObject([{ state: "pass" }]);
    expect(of("agent")).toMatchObject([{ state: "pass" }]);
  });

  it("endpoint_off: completions are not enabled", async () => {
    const url = await gatewayThatSays(404, "Not Found");
    const { ailing, of } = await clinic.visit(at(url), wellVariables(clinic));
    expect(ailing.completions).toMatch(
      /endpoint_off.* → set gateway.http.endpoints.chatCompletions.enabled to true/,
    );
    expect(of("gateway-token")).toMatchObject([
      { state: "skip", found: expect.stringContaining("see completions") },
    ]);
  });

  it("agent_ambiguous: several agents, and none is named", async () => {
    const { ailing } = await clinic.visit(
      wellDocument(clinic, { agentId: undefined }),
      wellVariables(clinic),
    );
    expect(ailing.agent).toBe(
      "fail: no agent is named, and the gateway has scout and sage (agent_ambiguous) → set agentId on the account",
    );
  });

  it("request_refused: an agent that it does not know", async () => {
    const { ailing } = await clinic.visit(wellDocument(clinic, { agentId: "Nobody" }), wellVariables(clinic));
    expect(ailing.agent).toBe(
      'fail: the gateway has no agent "nobody" (request_refused) → set agentId to one of: scout, sage',
    );
  });

  it("takes the only agent for an account that names none", async () => {
    const token = await clinic.addGateway({ agents: ["only"] });
    const { of } = await clinic.visit(wellDocument(clinic, { agentId: undefined }), {
      ...wellVariables(clinic),
      OPENCLAW_GATEWAY_TOKEN: token,
    });
    expect(of("agent")).toMatchObject([{ state: "pass", found: "only, the gateway's only one" }]);
  });

  it("draining: about to restart", async () => {
    const url = await gatewayThatSays(503, { error: { type: "service_unavailable", message: "restarting" } });
    const { ailing } = await clinic.visit(at(url), wellVariables(clinic));
    expect(ailing["gateway-token"]).toMatch(/^warn: the gateway is restarting .*look again in a moment$/);
  });

  it("unreachable: nobody answers", async () => {
    const { url, close } = await serve(() => {});
    await close();
    const { ailing, of } = await clinic.visit(at(url), wellVariables(clinic));
    expect(ailing.gateway).toMatch(/no answer from \S+ \(ECONNREFUSED\) → start the gateway/);
    expect(of("completions")).toMatchObject([
      { state: "skip", found: expect.stringContaining("needs gateway") },
    ]);
  });

  it.each([
    ["a web page", 200, { "content-type": "text/html" }, "is not OpenClaw (200 text/html)"],
    ["a tunnel without its server", 530, {}, "fails with status 530"],
    [
      "Cloudflare Access",
      302,
      { location: "https://t.cloudflareaccess.com/x" },
      "edge.access.gateway.clientId",
    ],
  ])("not_openclaw: %s, which is not shown the token", async (_, status, headers, said) => {
    const seen: unknown[] = [];
    const { url } = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(status, headers).end("<html>");
    });
    const { ailing } = await clinic.visit(at(url), wellVariables(clinic));
    expect(ailing.gateway).toContain(said);
    expect(seen).toEqual([undefined]);
  });
});

it("knows what to do about every word of docs/gateway.md that an answer may have failed with", async () => {
  const page = await readFile(new URL("../../docs/gateway.md", import.meta.url), "utf8");
  const table = page.slice(page.indexOf("## When an answer fails"));
  const words = [...table.matchAll(/^\| ((?:`[a-z_]+`(?:, )?)+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/[a-z_]+/g)].map(([word]) => word),
  );
  expect(words).toEqual(
    expect.arrayContaining(["no_headers", "provider_refused", "answer_too_long", "run_failed"]),
  );
  const dead = Object.fromEntries(words.map((word, index) => [word, index + 1]));
  const account = {
    id: "default",
    configured: true,
    enabled: true,
    faults: [],
    warnings: [],
    inbound: "realtime",
  };
  const { url } = await serve((request, response) =>
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(
        JSON.stringify(
          request.url === "/readyz"
            ? { ready: true, accounts: {} }
            : { accounts: [{ ...account, link: { state: "linked", since: 0 }, dead }] },
        ),
      ),
  );
  const { of } = await clinic.visit(
    wellDocument(clinic),
    { ...wellVariables(clinic), EDGE_API_TOKEN: "api" },
    ["--url", url],
  );
  const [finding] = of("dead");
  expect(finding).toMatchObject({ state: "warn" });
  for (const [word, count] of Object.entries(dead))
    expect(finding?.found).toContain(`${count} for ${word} (`);
  expect(finding?.found).not.toContain("(unknown)");
  expect(finding?.mend).toContain("proxy_buffering off");
  expect(finding?.mend).toContain("the model provider's key and quota");
});

/** A gateway that lives, and answers all else alike. */
async function gatewayThatSays(status: number, body: object | string): Promise<string> {
  const { url } = await serve((request, response) => {
    if (request.url === "/healthz")
      return response.writeHead(200).end(JSON.stringify({ ok: true, status: "live" }));
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  return url;
}

/** A tunnel, which says for whom it asks. */
async function tunnelTo(target: string): Promise<string> {
  const pass: RequestListener = async (request, response) => {
    const { authorization = "" } = request.headers;
    const answer = await fetch(target + request.url, {
      method: request.method ?? "GET",
      headers: { authorization, "x-forwarded-for": "203.0.113.7" },
    });
    const allow = answer.headers.get("allow");
    response.writeHead(answer.status, allow === null ? {} : { allow }).end(await answer.text());
  };
  return (await serve(pass)).url;
}
