/** Who answers: the floor, and the Worker in both of its reply modes. Each in a workspace of its own, so named. */
export const CAST = ["floor", "model", "agent"] as const;
export type Player = (typeof CAST)[number];

/** As many as are spoken in at once. */
export const CHANNELS: string[] = Array.from({ length: 20 }, (_, index) => `room-${index + 1}`);

/** A workspace with one person and one bot in it. Plain data. */
export interface Seat {
  workspaceId: string;
  /** Ids, in the order of {@link CHANNELS}. */
  channels: string[];
  person: { id: string; token: string };
  bot: { id: string; token: string };
}
