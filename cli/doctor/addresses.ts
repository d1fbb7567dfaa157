import { concernsAbout } from "../callbacks/public.ts";

/** Whether an address leads to this machine or into its network, and from the internet nowhere. */
export function isOnlyHere(url: string): boolean {
  return concernsAbout(url.replace(/^http:/, "https:")).length > 0;
}
