import { setTimeout as sleep } from "node:timers/promises";
import type { Gateway } from "./gateway.ts";
import { visibleSoFar } from "./output.ts";
import type { Session } from "./sessions.ts";
import type { Stage, Turn } from "./turn.ts";
import { inPieces, speakAs } from "./voices.ts";

/** Pace of an unscripted answer: brisk, but visibly a stream. */
const VOICE_CHUNK_DELAY_MS = 20;

/**
 * Lets the model speak, and the visible part of it be heard as far as that is decided.
 *
 * @returns all of its words as they were, and what was heard of them
 * @throws the signal's reason when the caller goes away first
 */
export async function speak(
  turn: Turn,
  session: Session,
  stage: Stage,
): Promise<{ raw: string; shown: string }> {
  const { gateway, record, delivery, signal } = stage;
  const pieces = piecesOf(turn, session, gateway);
  await pause(turn.reply ? turn.reply.delayMs : gateway.thinkingMs, signal);
  const onHeld = () => gateway.requests.update(record, { state: "held" });
  let raw = "";
  let shown = "";
  for (let spoken = 0; spoken <= pieces.length; spoken += 1) {
    await gateway.holds.pass(turn.subject, spoken, signal, onHeld);
    if (record.state === "held") gateway.requests.update(record, { state: "running" });
    const piece = pieces[spoken];
    if (piece === undefined) break;
    if (spoken > 0) await pause(chunkDelayMs(turn), signal);
    raw += piece;
    const visible = visibleSoFar(raw);
    if (visible.length > shown.length) {
      delivery.text(visible.slice(shown.length));
      shown = visible;
    }
  }
  return { raw, shown };
}

function piecesOf({ reply, fault, prompt, subject, isNamed }: Turn, session: Session, gateway: Gateway) {
  if (reply?.chunks) return reply.chunks;
  if (reply?.text !== undefined) return [reply.text];
  if (fault?.kind === "model") return [fault.output];
  if (fault && !(fault.kind === "transport" && fault.act === "cut_finished")) return [];
  const turns = isNamed ? session.turns : undefined;
  const place = gateway.agents.indexOf(subject.agent);
  return inPieces(speakAs(place, { agent: subject.agent, text: prompt.text, turns }));
}

function chunkDelayMs({ reply }: Turn): number | undefined {
  return reply ? reply.chunkDelayMs : VOICE_CHUNK_DELAY_MS;
}

async function pause(ms: number | undefined, signal: AbortSignal): Promise<void> {
  if (ms) await sleep(ms, undefined, { signal });
}
