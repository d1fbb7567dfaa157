/** What an agent can be shown of a file, as far as its declared type and its name tell. */
export type FileKind = "image" | "text" | "perhaps_text";

const IMAGE_TYPES = [
  "image/jpeg",
  "image/jpg",
  "image/png",
  "image/gif",
  "image/webp",
  "image/heic",
  "image/heif",
];

const TEXT_TYPES = [
  "application/csv",
  "application/graphql",
  "application/javascript",
  "application/json",
  "application/jsonl",
  "application/ndjson",
  "application/sql",
  "application/toml",
  "application/typescript",
  "application/x-httpd-php",
  "application/x-javascript",
  "application/x-ndjson",
  "application/x-sh",
  "application/x-yaml",
  "application/xml",
  "application/yaml",
];

/** What a client says that does not know. */
const UNSPECIFIC_TYPES = ["", "application/octet-stream", "binary/octet-stream"];

const TEXT_NAME =
  /(?:\.(?:bash|bat|c|cc|cfg|conf|cpp|cs|css|csv|diff|env|go|gql|graphql|h|hpp|htm|html|ini|java|js|json|json5|jsonl|jsx|kt|less|log|lua|markdown|md|mjs|mts|ndjson|patch|php|pl|properties|ps1|py|r|rb|rs|rst|scala|scss|sh|sql|svelte|swift|tex|toml|ts|tsv|tsx|txt|vue|xml|yaml|yml|zsh)|^(?:dockerfile|license|makefile|readme))$/i;

/**
 * @param contentType as declared by whoever brought the file; parameters are not looked at
 * @returns undefined for what no agent can be shown
 */
export function fileKindOf(contentType: string, filename: string): FileKind | undefined {
  const type = essenceOf(contentType);
  if (IMAGE_TYPES.includes(type)) return "image";
  if (type.startsWith("text/") || TEXT_TYPES.includes(type) || /\+(?:json|xml|yaml)$/.test(type))
    return "text";
  return UNSPECIFIC_TYPES.includes(type) && TEXT_NAME.test(filename) ? "perhaps_text" : undefined;
}

/** A content type without its parameters, in lower case. */
export function essenceOf(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}

/**
 * The type of an image by its first bytes, of those that OpenClaw takes. It refuses a whole question for one image that is
 * none, and says no more than that.
 *
 * @param bytes the beginning of the file, 64 bytes or all of it
 */
export function imageTypeOf(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 64));
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) return "image/gif";
  if (start.startsWith("RIFF") && start.slice(8, 12) === "WEBP") return "image/webp";
  return start.slice(4, 8) === "ftyp" ? heifTypeOf(start) : undefined;
}

/** ISO/IEC 23008-12: single pictures. `mif1` says only how it is built, and an AVIF may say it as well. */
function heifTypeOf(start: string): string | undefined {
  const brand = start.slice(8, 12);
  if (["heic", "heix", "heim", "heis"].includes(brand)) return "image/heic";
  return brand === "mif1" && !start.includes("avif") ? "image/heif" : undefined;
}

/**
 * A file's text, of its beginning.
 *
 * @param bytes UTF-8, where a cut may have gone through its last character, which then goes
 * @param isDeclared whether it was declared to be text; what is not UTF-8 in it is then replaced
 * @returns undefined for what is no text
 */
export function textOf(bytes: Uint8Array, isCut: boolean, isDeclared: boolean): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: !isDeclared, ignoreBOM: false }).decode(bytes, {
      stream: isCut,
    });
  } catch {
    return undefined;
  }
}
