import { ClickClackError } from "../clickclack/errors.ts";
import type { Message } from "../clickclack/wire.ts";
import { isCommandId } from "../domain/command.ts";
import { isNoticeNonce, isSendNonce, repliedTo } from "../domain/nonce.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";
import type { FreshStart } from "./fresh-starts.ts";
import { isBefore, isPartOfTalk, type Past, pastOf, withinBounds } from "./past.ts";
import type { Scene } from "./situation.ts";

/**
 * What was said in a channel or a thread since the agent was last asked there and was not put to it: it has the session
 * to remember the rest, and would read that twice. At most `edge.groupContext` messages, the newest of them, within a
 * bound on characters.
 *
 * Nothing in a direct conversation, where everything is put to the agent; and nothing when it cannot be read: it is there
 * to help, and the message is what is asked.
 *
 * @param since leaves out what was said up to then
 * @returns oldest first
 */
export async function unheardBefore(
  context: AccountContext,
  { conversation, message, identity }: Scene,
  since?: Pick<FreshStart, "at">,
): Promise<Message[]> {
  const { edge, client, log } = context;
  const { groupContext } = edge;
  const isDirect = conversation.kind !== "channel" && conversation.dmId !== undefined;
  if (groupContext === 0 || isDirect) return [];
  try {
    const past = await pastOf(client, conversation, message, groupContext);
    const unheard: Message[] = [];
    for await (const said of throughRoot(past)) {
      if (isBefore(said, since)) break;
      const heard = said.author_id === identity.botUserId ? ofOwn(context, said) : ofOthers(context, said);
      if (heard === "end") break;
      if (heard === "unheard" && isPartOfTalk(said)) unheard.push(said);
      if (unheard.length === groupContext) break;
    }
    return withinBounds(unheard);
  } catch (error) {
    if (!(error instanceof ClickClackError)) throw error;
    log({ event: "context:failed", message: message.id, error: errorText(error) });
    return [];
  }
}

async function* throughRoot({ said, root }: Past): AsyncGenerator<Message> {
  yield* said;
  if (root !== undefined) yield root;
}

/** Whether a message is new to the agent, known to it, or the end of what may be new to it. */
type Heard = "unheard" | "heard" | "end";

/** With one that it has dealt with went along whatever was new by then. A command is dealt with by us. */
function ofOthers({ turns }: AccountContext, { id }: Message): Heard {
  const turn = turns.find(id);
  if (turn === undefined) return "unheard";
  const isDealtWith = turn.state === "answered" || turn.state === "silent";
  return isDealtWith && turn.admission?.command === undefined ? "end" : "heard";
}

/**
 * An answer ends it, but with its question: what was said while it was being made is new to the agent as well. A send is
 * none of the agent's words.
 */
function ofOwn({ account, turns }: AccountContext, { nonce = "" }: Message): Heard {
  if (isSendNonce(nonce)) return "unheard";
  if (isNoticeNonce(nonce)) return "heard";
  const question = repliedTo(account.id, nonce);
  const isAhead = question !== undefined && !isCommandId(question) && turns.find(question) !== undefined;
  return isAhead ? "heard" : "end";
}
