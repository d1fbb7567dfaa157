/** Why a message got no answer, in plain words, and what to do about it where there is something to do. */
export type ReasonWords = readonly [words: string, mend?: string];

/** Every reason of a message's story. The table is part of the Worker: keep it short. */
const REASONS = {
  // Dropped, or cancelled while it waited.
  own: ["the bot wrote it itself"],
  gone: ["it was deleted, or the bot may not see it any more"],
  deleted: ["its author deleted it"],
  activity: ["it tells of an agent's work and is no message"],
  bot_author: ["a bot wrote it", "set allowBots, and name that bot in allowFrom"],
  not_allowed: ["its author may not ask this bot", "add the author's id to allowFrom"],
  not_mentioned: [
    "it does not mention the bot",
    "mention the bot, or set requireMention to false for the place",
  ],
  stale: ["it was too old when the bot read it", "ask again, or raise edge.maxMessageAge"],
  bot_loop: ["the two bots had answered each other too often", "wait, or widen botLoopProtection"],
  overflow: ["too many messages waited in its conversation", "ask again"],
  discarded: ["an operator let it go"],
  no_place: ["it stands where the bot cannot answer"],
  stopped: ["somebody said /stop"],
  // Silent.
  no_reply: ["the agent chose to say nothing"],
  no_text: ["the agent's answer had no text"],
  // The gateway.
  unreachable: ["the gateway cannot be reached", "start the gateway, check gateway.remote.url"],
  no_headers: [
    "the gateway took the question and said nothing",
    "if a proxy before the gateway buffers its answers, switch that off (nginx: proxy_buffering off)",
  ],
  draining: ["the gateway was about to restart"],
  gateway_unauthorized: [
    "the gateway refuses its token",
    "set gateway.remote.token (OPENCLAW_GATEWAY_TOKEN) to the gateway's gateway.auth.token",
  ],
  gateway_locked: [
    "the gateway has locked this client's address",
    "wrong tokens did that: mend the token and wait five minutes",
  ],
  proxy_attribution: [
    "the gateway does not trust the proxy before it",
    "list the proxy in front of the gateway in its gateway.trustedProxies",
  ],
  endpoint_off: [
    "the gateway does not serve completions",
    "enable gateway.http.endpoints.chatCompletions on the gateway and check gateway.remote.url",
  ],
  not_openclaw: ["something else answers in the gateway's place", "check gateway.remote.url"],
  agent_ambiguous: ["the gateway has several agents", "set agentId on the account"],
  request_refused: ["the gateway does not take the question", "check agentId and model"],
  provider_refused: [
    "the model provider refuses",
    "check the model provider's key and quota, and the agent's tool policy, on the gateway",
  ],
  provider_failed: ["the model provider failed", "retry it"],
  run_failed: ["the agent's run failed", "look into the gateway's log, then retry it"],
  broken_stream: ["the gateway broke the answer off", "retry it"],
  timed_out: ["the agent took too long", "retry it"],
  answer_too_long: ["the answer was far too long"],
  // ClickClack.
  unauthorized: ["ClickClack refuses the bot's token", "set a valid token, then retry it"],
  missing_scope: [
    "a token lacks a scope",
    "give the bot a token with bot:write, or the gateway's proxy operator.write",
  ],
  wrong_workspace: ["the token is for another workspace", "correct workspace or token"],
  not_found: ["ClickClack does not have it any more"],
  forbidden: ["ClickClack refuses this bot there", "see whether it is blocked or timed out"],
  no_active_recipient: ["everybody else has left the conversation"],
  nonce_conflict: ["ClickClack has another message under the answer's mark", "retry it"],
  quote_refused: ["ClickClack does not let it be quoted"],
  invalid: ["ClickClack does not take the answer"],
  too_large: ["the answer is larger than ClickClack takes"],
  upload_quota: ["the bot has uploaded all that it may"],
  throttled: ["ClickClack asked for patience", "retry it"],
  unavailable: ["ClickClack could not be reached", "retry it once it is back"],
  not_clickclack: ["something else answers in ClickClack's place", "check baseUrl and apiBaseUrl"],
  // Ours.
  attempts: ["it failed at every try", "mend what the error says, then retry it"],
  internal: ["something went wrong here", "see the error and the log, then retry it"],
} as const satisfies Record<string, ReasonWords>;

export type Reason = keyof typeof REASONS;

/** @returns undefined for a word that is none of them, as one of a newer Worker may be */
export function reasonWords(reason: string): ReasonWords | undefined {
  return Object.hasOwn(REASONS, reason) ? REASONS[reason as Reason] : undefined;
}
