import { isIP } from "node:net";
import { Problem } from "../problem.ts";

/** Where a setup code is exchanged for a token, under the API's address. */
export const CLAIM_PATH = "/api/bot-setup-codes/claim";

const CODE = /^[0-9A-HJKMNP-TV-Z]{12}$/;
const ALPHABET_HINT = "it has 12 letters and digits, without I, L, O and U, as in XXXX-XXXX-XXXX";
const SEGMENT = /^[A-Za-z0-9._~-]+$/;

/** A setup code and where it is claimed. */
export interface SetupCode {
  /** Twelve characters in capitals. */
  code: string;
  /** The server, without a trailing slash. */
  baseUrl: string;
  /** Whether the code came with the address of the claim itself. Then the server has to say that it is that one. */
  isExact: boolean;
}

/**
 * Reads what ClickClack shows: `https://server/#CODE`, the claim's own address with `#CODE`, or the bare code, which needs
 * the server beside it. The rules are those of OpenClaw's `channels add clickclack --code`.
 *
 * @param written the value of `--code`; never quoted, as the code is worth a token
 * @param baseUrl the value of `--base-url`
 * @throws {Problem}
 */
export function readSetupCode(written: string, baseUrl: string | undefined): SetupCode {
  const text = written.trim();
  const given = baseUrl === undefined ? undefined : serverAt("--base-url", baseUrl);
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(text)) {
    if (given === undefined)
      throw new Problem(
        "--code: a code without its address needs --base-url; or give the whole https://server/#CODE",
      );
    return { code: readCode(text.replace(/^#/, "")), baseUrl: given, isExact: false };
  }
  const hash = text.indexOf("#");
  if (hash < 0 || hash === text.length - 1)
    throw new Problem("--code: the address ends without #CODE; put it in quotes, and copy all of it");
  const address = text.slice(0, hash);
  const code = readCode(decodeFragment(text.slice(hash + 1)));
  const isExact = address.endsWith(CLAIM_PATH);
  const server = serverAt("--code", isExact ? address.slice(0, -CLAIM_PATH.length) : address);
  if (isExact && address !== server + CLAIM_PATH)
    throw new Problem("--code: the address is not as ClickClack writes it; copy it again, without a change");
  if (given !== undefined && given !== server)
    throw new Problem(`--base-url: it is another server than that of --code, ${server}; leave it out`);
  return { code, baseUrl: server, isExact };
}

/**
 * Reads a server's address by the rules for setup codes: https, or http on this machine alone, and nothing that two
 * programs could understand in two ways.
 *
 * @param flag says where the address is from
 * @returns the address without a trailing slash
 * @throws {Problem} which does not quote it
 */
export function serverAt(flag: string, text: string): string {
  const url = URL.parse(text.trim());
  const example = "give an address such as https://chat.example.com";
  if (url === null || !["http:", "https:"].includes(url.protocol))
    throw new Problem(`${flag}: that is no http or https address; ${example}`);
  if (url.username !== "" || url.password !== "")
    throw new Problem(`${flag}: the address has a user name or password in it; take them out`);
  if (url.search !== "" || text.includes("?"))
    throw new Problem(`${flag}: the address has a query; take it out, from the ? on`);
  if (url.hash !== "") throw new Problem(`${flag}: the address has a fragment; end it before the #`);
  if (url.hostname.endsWith("."))
    throw new Problem(`${flag}: the server's name ends with a dot; take it out`);
  const path = url.pathname.replace(/\/$/, "");
  if (
    path !== "" &&
    !path
      .slice(1)
      .split("/")
      .every((segment) => SEGMENT.test(segment))
  )
    throw new Problem(
      `${flag}: the path has other characters than letters, digits, ".", "_", "~" and "-"; correct it`,
    );
  if (url.protocol === "http:" && !isThisMachine(url.hostname))
    throw new Problem(
      `${flag}: http is for a server on this machine alone, and the token would be open to all on the way; use https`,
    );
  return `${url.origin}${path}`;
}

/** @param hostname as the URL parser gives it */
export function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || isLoopback(hostname.replace(/^\[|\]$/g, ""));
}

export function isLoopback(address: string): boolean {
  return address === "::1" || (isIP(address) === 4 && address.startsWith("127."));
}

function readCode(text: string): string {
  const code = text.toUpperCase().replace(/[-\s]/g, "");
  if (CODE.test(code)) return code;
  throw new Problem(`--code: that is no setup code; ${ALPHABET_HINT}`);
}

function decodeFragment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
