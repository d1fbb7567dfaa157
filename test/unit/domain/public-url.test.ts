import { describe, expect, it, test } from "vitest";
import { fetchableUrl } from "../../../src/domain/public-url.ts";
import { seeded, seeds } from "../random.ts";

const verdictOn = (written: string, trusted: string[] = []) => {
  const found = fetchableUrl(written, trusted);
  return found.ok ? "ok" : found.why;
};

describe("a file may be fetched from", () => {
  it.each([
    "https://files.example.com/a.png?token=1#part",
    "http://files.example.com:8080/",
    "https://EXAMPLE.com/",
    "https://example.com./",
    "https://bücher.example.org/",
    "https://a.b.c.d.example.co.uk/",
    "https://local.example.com/",
    "https://localhost.example.com/",
    "https://8.8.8.8/",
    "https://1.1.1.1:8443/",
    "https://100.63.255.255/",
    "https://100.128.0.0/",
    "https://172.15.255.255/",
    "https://172.32.0.0/",
    "https://192.167.255.255/",
    "https://223.255.255.255/",
    "https://134744072/", // 8.8.8.8 in one number
    "https://[2606:4700:4700::1111]/",
    "https://[2001:200::1]/",
    "https://[3fff:1000::]/",
    "https://[::ffff:8.8.8.8]/",
  ])("%s", (url) => {
    expect(verdictOn(url)).toBe("ok");
  });
});

describe("no file is fetched from", () => {
  it.each([
    // Names.
    "http://localhost/",
    "http://LOCALHOST:8787/",
    "http://localhost./",
    "http://sub.localhost/",
    "http://minio/",
    "http://minio./",
    "http://metadata.google.internal/",
    "http://printer.local/",
    "http://nas.lan/",
    "http://router.home.arpa/",
    "http://home.arpa/",
    "http://ldap.corp/",
    "http://x.test/",
    "http://x.invalid/",
    "http://x.example/",
    "http://x.onion/",
    "http://a..example.com/",
    // IPv4, in every notation that the URL parser reads.
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.0.1./",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://017700000001/",
    "http://%31%32%37.0.0.1/",
    "http://１２７。０。０。１/",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.255.255.255/",
    "http://100.64.0.0/",
    "http://100.127.255.255/",
    "http://169.254.169.254/latest/meta-data",
    "http://172.16.0.0/",
    "http://172.31.255.255/",
    "http://192.0.0.8/",
    "http://192.0.2.1/",
    "http://192.88.99.1/",
    "http://192.168.0.1/",
    "http://198.18.0.1/",
    "http://198.19.255.255/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://239.255.255.255/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    // IPv6.
    "http://[::]/",
    "http://[::1]/",
    "http://[::7f00:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::1]/",
    "http://[100::1]/",
    "http://[2001::1]/",
    "http://[2001:1ff::1]/",
    "http://[2001:db8::1]/",
    "http://[2002:7f00:1::]/",
    "http://[3fff:fff::1]/",
    "http://[4000::1]/",
    "http://[fc00::1]/",
    "http://[fd12:3456::1]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
  ])("%s, which is not public", (url) => {
    expect(verdictOn(url)).toBe("not_public");
  });

  it.each([
    "",
    "files.example.com/a.png",
    "/a.png",
    "ftp://files.example.com/a",
    "file:///etc/passwd",
    "data:text/plain,a",
    "javascript:alert(1)",
    "ws://files.example.com/",
    "https://",
    "https://user@files.example.com/",
    "https://user:secret@files.example.com/",
    "https://:secret@files.example.com/",
    "http://999.1.1.1/",
    "http://[::1/",
    "http://exa mple.com/",
  ])("%j, which is no address of a file", (url) => {
    expect(verdictOn(url)).toBe("malformed");
  });
});

describe("a trusted host", () => {
  it.each([
    ["http://localhost/a", ["localhost"], "ok"],
    ["https://localhost/a", ["localhost"], "ok"],
    ["http://localhost:80/a", ["localhost:80"], "ok"],
    ["https://localhost/a", ["localhost:443"], "ok"],
    ["https://localhost/a", ["localhost:80"], "not_public"],
    ["http://localhost:8787/a", ["localhost:8787"], "ok"],
    ["http://LOCALHOST:8787/a", ["localhost:8787"], "ok"],
    ["http://localhost:8787/a", ["localhost"], "not_public"],
    ["http://localhost:8788/a", ["localhost:8787"], "not_public"],
    ["http://sub.localhost/a", ["localhost"], "not_public"],
    ["http://0x7f.1:9000/a", ["127.0.0.1:9000"], "ok"],
    ["http://[::1]:9000/a", ["[::1]:9000"], "ok"],
    ["http://user@localhost/a", ["localhost"], "malformed"],
    ["ftp://localhost/a", ["localhost"], "malformed"],
  ])("makes of %s with %j: %s", (url, trusted, verdict) => {
    expect(verdictOn(url, trusted)).toBe(verdict);
  });
});

describe("a redirect", () => {
  it.each([
    ["/b?c", "https://files.example.com/b?c"],
    ["//cdn.example.com/b", "https://cdn.example.com/b"],
    ["http://cdn.example.com/b", "http://cdn.example.com/b"],
  ])("to %s goes to %s", (location, url) => {
    const found = fetchableUrl(location, [], new URL("https://files.example.com/a/"));
    expect(found.ok && found.url.href).toBe(url);
  });

  it("to an address that is not public is seen as one", () => {
    const base = new URL("https://files.example.com/a/");
    expect(fetchableUrl("//127.0.0.1/b", [], base)).toEqual({ ok: false, why: "not_public" });
    expect(fetchableUrl("gopher://files.example.com", [], base)).toEqual({ ok: false, why: "malformed" });
  });
});

/** An address as its 32 bits, in the notations that the URL parser reads. */
const NOTATIONS: ((address: number) => string)[] = [
  (address) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join("."),
  (address) => String(address >>> 0),
  (address) => `0x${(address >>> 0).toString(16)}`,
  (address) => `0${(address >>> 0).toString(8)}`,
  (address) => `${address >>> 24}.${address & 0xffffff}`,
  (address) =>
    `0${(address >>> 24).toString(8)}.0x${((address >>> 16) & 255).toString(16)}.${address & 0xffff}`,
  (address) => `[::ffff:${(address >>> 16).toString(16)}:${(address & 0xffff).toString(16)}]`,
];

test.each(seeds(20))("an address is judged the same in every notation (seed %i)", (seed) => {
  const random = seeded(seed);
  for (let round = 0; round < 50; round++) {
    // Every second one within or beside a range that is not public.
    const start = [10, 100, 127, 169, 172, 192, 198, 203, 224][Math.floor(random() * 9)] ?? 0;
    const any = Math.floor(random() * 2 ** 32);
    const address = round % 2 === 0 ? any : ((start << 24) | (any & 0xffffff)) >>> 0;
    const verdicts = NOTATIONS.map((write) => verdictOn(`http://${write(address)}/`));
    expect(new Set(verdicts).size, `${NOTATIONS[0]?.(address)}: ${verdicts}`).toBe(1);
  }
});

test.each(seeds(20))("a name is judged without its case and final dot (seed %i)", (seed) => {
  const random = seeded(seed);
  const pick = (of: string[]) => of[Math.floor(random() * of.length)] ?? "";
  for (let round = 0; round < 50; round++) {
    const name = [
      pick(["", "a.", "files.b."]),
      pick(["example.com", "localhost", "nas.local", "host", "x.internal"]),
    ].join("");
    const other = [...name].map((letter) => (random() < 0.5 ? letter.toUpperCase() : letter)).join("");
    expect(verdictOn(`http://${other}${pick(["", "."])}/`), other).toBe(verdictOn(`http://${name}/`));
  }
});
