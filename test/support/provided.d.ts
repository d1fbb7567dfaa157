import type { RoomData } from "../../sandbox/room.ts";

declare module "vitest" {
  /** What the set-up of the worker tests hands to them. */
  interface ProvidedContext {
    clickclackUrl: string;
    gatewayUrl: string;
    gatewayToken: string;
    /** By account. */
    rooms: Record<string, RoomData>;
  }
}
