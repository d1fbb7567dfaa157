import type { RoomOrder } from "../room.ts";

/** The bots. Each question is for one of them. */
export const BOTS = ["scout", "scribe", "sage"] as const;
export type BotName = (typeof BOTS)[number];

/** By which roads each bot's messages come in, as `edge.accounts.<id>.inbound` has it. Slash commands come to all. */
export const INBOUND = { scout: "realtime", scribe: "both", sage: "callbacks" } as const satisfies Record<
  BotName,
  string
>;
export const SOCKET_BOTS = BOTS.filter((bot) => INBOUND[bot] !== "callbacks");
export const CALLBACK_BOTS = BOTS.filter((bot) => INBOUND[bot] !== "realtime");

/** The slash command that asks a bot. */
export function commandOf(bot: BotName): string {
  return `/ask-${bot}`;
}

/** The people who ask. */
export const PEOPLE = ["ada", "ben", "cem"] as const;
export type PersonName = (typeof PEOPLE)[number];
export const OWNER: PersonName = "ada";

/** Where people and bots talk. */
export type Place =
  | { readonly kind: "channel"; readonly name: string }
  /** Under a message in a channel or, when it has a person, in the person's direct conversation with a bot. */
  | {
      readonly kind: "thread";
      readonly name: string;
      readonly under: Exclude<Place, { kind: "thread" }>;
    }
  | { readonly kind: "dm"; readonly name: string; readonly person: PersonName; readonly bot: BotName };

/** What one bot says in one place, and what it is asked there: the order of asking is the order of what it says. */
export interface Lane {
  readonly place: Place;
  readonly bot: BotName;
}

/** The same for the same lane. */
export function nameOf({ place, bot }: Lane): string {
  return `${bot} in ${place.name}`;
}

/** Messages for which one more channel and one more thread are opened. */
const MESSAGES_A_CHANNEL = 75;

/** The workspace, as the stand-in shall make it. */
export function roomOrder(messages: number): RoomOrder {
  const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
  return {
    name: "Chaos",
    slug: "chaos",
    channels: channelNames(messages),
    humans: PEOPLE.map((handle) => ({ name: capital(handle), handle, role: roleOf(handle) })),
    bots: BOTS.map((handle) => ({ name: capital(handle), handle })),
  };
}

/** Every place in which there will be talk, more of them for more messages; a thread stands behind what it is in. */
export function placesFor(messages: number): Place[] {
  const channels = channelNames(messages).map((name) => ({ kind: "channel" as const, name }));
  const dms = PEOPLE.flatMap((person) =>
    BOTS.map((bot) => ({ kind: "dm" as const, name: `dm of ${person} and ${bot}`, person, bot })),
  );
  const threads = [...channels.slice(1), ...dms.slice(0, BOTS.length)].map((under) => ({
    kind: "thread" as const,
    name: `thread in ${under.name}`,
    under,
  }));
  return [...channels, ...dms, ...threads];
}

/** Every lane of some places: in channels and their threads, one for each bot. */
export function lanesOf(places: readonly Place[]): Lane[] {
  return places.flatMap((place) => {
    const dm = place.kind === "thread" ? place.under : place;
    return dm.kind === "dm" ? [{ place, bot: dm.bot }] : BOTS.map((bot) => ({ place, bot }));
  });
}

/** One has to own the workspace, to subscribe the bots to its events and to register their commands. */
function roleOf(person: PersonName): "owner" | "member" {
  return person === OWNER ? "owner" : "member";
}

function channelNames(messages: number): string[] {
  const count = 1 + Math.max(1, Math.round(messages / MESSAGES_A_CHANNEL));
  return Array.from({ length: count }, (_, index) => `room-${index + 1}`);
}
