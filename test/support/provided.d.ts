import type { RoomData } from "../../sandbox/room.ts";

declare module "vitest" {
  /** What the set-up of the worker tests hands to them. */
  interface ProvidedContext {
    clickclackUrl: string;
    gatewayUrl: string;
    gatewayToken: string;
    /** A server of files, on an address that is not public. */
    filesUrl: string;
    /** By account. */
    rooms: Record<string, RoomData>;
  }
}
