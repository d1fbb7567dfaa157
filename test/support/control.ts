import { inject } from "vitest";

/** A completion as the stand-in gateway saw it. */
export interface Asked {
  headers: Record<string, string>;
  body: { model: string; stream: boolean; messages: { role: string; content: string }[] };
  agent: string;
  session: string;
  runId: string;
  state: string;
}

/** The stand-in gateway's side door, for one agent. */
export function gatewayOf(agent: string) {
  const post = (path: string, body: object) => control(inject("gatewayUrl"), "POST", path, body);
  return {
    /** Scripts an answer to messages that contain a text. */
    reply: (text: string, reply: object, times?: number) =>
      post("replies", { match: { agent, text }, reply, ...(times !== undefined && { times }) }),
    /** Holds answers to messages that contain a text. */
    hold: async (text: string): Promise<{ release(): Promise<void> }> => {
      const { id } = (await post("hold", { match: { agent, text } })) as { id: string };
      return { release: async () => void (await post("release", { id })) };
    },
    /** Refuses every question, as a gateway does that restarts unless told otherwise, until it is back. */
    away: async (error = "draining"): Promise<{ back(): Promise<void> }> => {
      const { id } = (await post("replies", { match: { agent }, reply: { error } })) as { id: string };
      return {
        back: async () => void (await control(inject("gatewayUrl"), "DELETE", `replies/${id}`)),
      };
    },
    asked: async (): Promise<Asked[]> => {
      const { requests } = (await control(inject("gatewayUrl"), "GET", "requests")) as { requests: Asked[] };
      return requests.filter((request) => request.agent === agent);
    },
    /** The reads of the agent's sessions. */
    looked: async (): Promise<Pick<Asked, "headers">[]> => {
      const { requests } = (await control(inject("gatewayUrl"), "GET", "requests?path=*")) as {
        requests: (Asked & { path: string })[];
      };
      return requests.filter(({ path }) => path.startsWith(`/sessions/agent%3A${agent}%3A`));
    },
    askedAbout: async (text: string): Promise<Asked[]> =>
      (await gatewayOf(agent).asked()).filter(({ body }) => body.messages.at(-1)?.content.includes(text)),
  };
}

/** A request as the stand-in ClickClack saw it. */
export interface Called {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body?: Record<string, unknown>;
  status?: number;
  /** The kind of fault that was thrown in its way. */
  fault?: string;
}

/** The stand-in ClickClack's side door, for one bot. */
export function clickclackOf(userId: string) {
  const url = inject("clickclackUrl");
  const post = (path: string, body: object) => control(url, "POST", path, body);
  return {
    /** Throws a fault in the way of the bot's next calls to a path. */
    fault: (method: string, path: string, fault: object, times = 1) =>
      post("faults", { user_id: userId, method, path, fault, times }),
    clearFaults: () => control(url, "DELETE", `faults?user_id=${userId}`),
    calls: async (method: string, path: string): Promise<Called[]> => {
      const query = new URLSearchParams({ user_id: userId, method, path });
      return ((await control(url, "GET", `requests?${query}`)) as { requests: Called[] }).requests;
    },
    sockets: async (): Promise<{ opened_at: string }[]> =>
      ((await control(url, "GET", `sockets?user_id=${userId}`)) as { sockets: { opened_at: string }[] })
        .sockets,
    closeSocket: (code: number) => post("sockets/close", { user_id: userId, code }),
    destroySocket: () => post("sockets/destroy", { user_id: userId }),
    /** Sends the bot's sockets a text that is no event of the log. */
    frame: (text: string) => post("sockets/frame", { user_id: userId, text }),
    deaf: (deaf: boolean) => post("sockets/deaf", { user_id: userId, deaf }),
    revoke: (token: string) => post("revoke", { token }),
    /** Drops all but the newest events of a workspace. */
    prune: (workspaceId: string, keep: number) => post("prune", { workspace_id: workspaceId, keep }),
    /** How many events a socket replays before it is told to resync. */
    replayCap: (workspaceId: string, cap: number) => post("replay-cap", { workspace_id: workspaceId, cap }),
    /** Puts a workspace back to how it was at an event. */
    restore: (workspaceId: string, cursor: string) => post("restore", { workspace_id: workspaceId, cursor }),
  };
}

async function control(url: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${url}/sandbox/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${method} /sandbox/${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
