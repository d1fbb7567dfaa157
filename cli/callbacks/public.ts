import { BlockList, isIP } from "node:net";

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const)
  PRIVATE.addSubnet(network, bits, "ipv4");
/** All that is public stands in 2000::/3. */
const PUBLIC_V6 = new BlockList();
PUBLIC_V6.addSubnet("2000::", 3, "ipv6");

/**
 * What speaks against an address for the Worker. ClickClack takes it all the same, and finds out when it calls.
 *
 * @param url an http or https address
 * @returns one line for each concern
 */
export function concernsAbout(url: string): string[] {
  const { protocol, hostname } = new URL(url);
  const concerns: string[] = [];
  if (protocol === "http:")
    concerns.push("--url: with http:// everybody on the way can read what is called; use https://");
  if (isPrivate(hostname.replace(/^\[|\]$/g, "")))
    concerns.push(
      `--url: ClickClack calls public addresses only, and ${hostname} is none; use the deployed Worker's`,
    );
  return concerns;
}

function isPrivate(host: string): boolean {
  switch (isIP(host)) {
    case 4:
      return PRIVATE.check(host, "ipv4");
    case 6:
      return !PUBLIC_V6.check(host, "ipv6");
    default:
      return host === "localhost" || /\.(?:localhost|local|internal)$/.test(host);
  }
}
