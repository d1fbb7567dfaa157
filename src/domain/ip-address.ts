/** IANA's IPv4 registry of what is not for the public internet, and multicast. */
const NOT_PUBLIC_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10", // behind a carrier's NAT
  "127.0.0.0/8",
  "169.254.0.0/16", // link-local, and clouds' metadata
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24", // documentation
  "192.88.99.0/24", // relays from IPv6
  "192.168.0.0/16",
  "198.18.0.0/15", // benchmarks
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, broadcast
].map(rangeOf);

/** IPv6 as its eight groups. */
type Groups = readonly number[];

/** Within 2000::/3, which is all that is given out, what is not for the public internet, or stands for an IPv4 address. */
const NOT_PUBLIC_V6: readonly ((groups: Groups) => boolean)[] = [
  ([first, second = 0]) => first === 0x2001 && second < 0x200, // protocols, Teredo among them
  ([first, second]) => first === 0x2001 && second === 0xdb8, // documentation
  ([first]) => first === 0x2002, // 6to4
  ([first, second = 0]) => first === 0x3fff && second < 0x1000, // documentation
];

/**
 * Whether an address is one host's on the public internet.
 *
 * @param written as the URL parser writes it: IPv4 in dots, IPv6 in brackets; anything else is not public
 */
export function isPublicAddress(written: string): boolean {
  if (!written.startsWith("[")) return isPublicV4(numberOf(written));
  const groups = groupsOf(written.slice(1, -1));
  if (groups.slice(0, 6).join() === "0,0,0,0,0,65535")
    return isPublicV4((groups[6] ?? 0) * 0x10000 + (groups[7] ?? 0));
  const isGivenOut = ((groups[0] ?? 0) & 0xe000) === 0x2000;
  return isGivenOut && !NOT_PUBLIC_V6.some((holds) => holds(groups));
}

function isPublicV4(address: number): boolean {
  return (
    Number.isInteger(address) &&
    !NOT_PUBLIC_V4.some(({ from, size }) => from <= address && address < from + size)
  );
}

function rangeOf(range: string): { from: number; size: number } {
  const [address = "", bits = ""] = range.split("/");
  return { from: numberOf(address), size: 2 ** (32 - Number(bits)) };
}

/** NaN for what is no IPv4 address. */
function numberOf(address: string): number {
  const parts = address.split(".");
  return parts.length === 4
    ? parts.reduce((sum, part) => sum * 256 + (/^\d{1,3}$/.test(part) ? Number(part) : Number.NaN), 0)
    : Number.NaN;
}

function groupsOf(address: string): Groups {
  const [left = [], right] = address
    .split("::")
    .map((side) => (side === "" ? [] : side.split(":").map((group) => Number.parseInt(group, 16))));
  if (right === undefined) return left;
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}
