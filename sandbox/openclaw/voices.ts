/** What an agent without scripted replies has to go on. */
export interface Heard {
  readonly agent: string;
  readonly text: string;
  /** User messages in this session, this one included; undefined outside a named session. */
  readonly turns: number | undefined;
}

type Voice = (said: string, heard: Heard) => string;

const MAX_QUOTE_CHARS = 80;

/** One voice per place in the gateway's list of agents, so that two agents never sound alike in a demo. */
const VOICES: readonly Voice[] = [
  (said, { agent, turns }) =>
    `Hello, ${agent} speaking. You said “${said}”.${turns ? ` That makes ${messages(turns)} I remember from this conversation.` : ""}`,
  (said, { agent, turns }) =>
    `“${said}”: noted by ${agent}.${turns ? ` Entry ${turns} in the log of this conversation.` : ""}`,
  (said, { agent, turns }) =>
    `Hm, “${said}”. Let ${agent} think about that.${turns ? ` I have ${messages(turns)} from here to go by.` : ""}`,
];

/**
 * The answer of an agent that nobody scripted: its own voice, what was said, and how many turns it remembers.
 * The same words in the same place give the same answer.
 *
 * @param place the agent's place in its gateway's list
 */
export function speakAs(place: number, heard: Heard): string {
  const voice = VOICES[place % VOICES.length] as Voice;
  return voice(quote(heard.text), heard);
}

/** Splits an answer into a handful of pieces, as a model would stream it. */
export function inPieces(text: string): string[] {
  return text.match(/\S+\s*\S*\s*\S*\s*/g) ?? [];
}

/** Who speaks and whom they call, as callers put it before what is said. */
const ADDRESS = /^(?:[^\n:]{1,80} \(@[\w-]+(?:, a bot)?\): )?(?:@[\w-]+[,:]?\s+)?/;

/** The last paragraph, without its address: what a caller puts before it is context. */
function quote(text: string): string {
  const last =
    text
      .trim()
      .split(/\n\s*\n/)
      .at(-1) ?? "";
  const said = last.replace(ADDRESS, "").replace(/\s+/g, " ").trim();
  return said.length > MAX_QUOTE_CHARS ? `${said.slice(0, MAX_QUOTE_CHARS)}…` : said;
}

function messages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}
