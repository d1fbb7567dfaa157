import type { UsableAccount } from "../account/context.ts";
import { type UploadOutcome, type UploadTarget, uploadData } from "../clickclack/upload.ts";
import type { Config } from "../config/types.ts";
import { fileNameOf } from "../domain/file-name.ts";
import { sha256Hex } from "../domain/hash.ts";
import type { MediaFile } from "../domain/media.ts";
import { fetchableUrl } from "../domain/public-url.ts";
import { FILE_NAME_MAX_CHARS } from "../limits-media.ts";
import type { Remote } from "../remote/headers.ts";
import type { Problem } from "./problem.ts";
import type { GivenFile } from "./send-body.ts";

/** The files of a request: what is told of them, and what of them stays here. */
export interface SendMedia {
  /** For the account's object, without data. */
  files: MediaFile[];
  /** Uploads the data of one; absent when there is none. The data goes from here to ClickClack, and never through the object. */
  inline?: (index: number, target: UploadTarget) => Promise<UploadOutcome>;
}

/** Looks at the files of a request before anything is done about them. */
export async function readMedia(
  given: readonly GivenFile[],
  { access, edge }: Config,
  account: UsableAccount,
): Promise<{ ok: true; media: SendMedia } | { ok: false; problem: Problem }> {
  const files: MediaFile[] = [];
  for (const [index, file] of given.entries()) {
    const problem = problemOf(file, `media.${index}`, account, edge.mediaHosts);
    if (problem !== undefined) return { ok: false, problem };
    files.push(await describe(file));
  }
  if (files.every(({ kind }) => kind === "url")) return { ok: true, media: { files } };
  const remote = { url: account.apiBaseUrl, token: account.token, access: access.clickclack };
  return { ok: true, media: { files, inline: (index, target) => upload(remote, target, given[index]) } };
}

function problemOf(
  file: GivenFile,
  field: string,
  { mediaMaxBytes }: UsableAccount,
  trustedHosts: readonly string[],
): Problem | undefined {
  if ("data" in file) {
    const fits = file.data.byteLength <= mediaMaxBytes;
    const detail = `${field}.data: has more than the ${mediaMaxBytes} bytes that the account's mediaMaxMb allows`;
    return fits ? undefined : { code: "media_too_large", detail, field: `${field}.data` };
  }
  const checked = fetchableUrl(file.url, trustedHosts);
  if (checked.ok) return undefined;
  const where = `${field}.url`;
  return checked.why === "malformed"
    ? {
        code: "invalid_request",
        detail: `${where}: must be an http or https address without a user name or password`,
        field: where,
      }
    : {
        code: "media_not_allowed",
        detail: `${where}: is not a public address; edge.mediaHosts can name its host`,
        field: where,
      };
}

async function describe(file: GivenFile): Promise<MediaFile> {
  if ("url" in file) {
    const filename = file.filename ?? fileNameOf(new URL(file.url), FILE_NAME_MAX_CHARS);
    return { kind: "url", url: file.url, filename, contentType: file.contentType };
  }
  const { filename, contentType } = file;
  return { kind: "inline", sha256: await sha256Hex(file.data), filename, contentType };
}

async function upload(
  remote: Remote,
  target: UploadTarget,
  file: GivenFile | undefined,
): Promise<UploadOutcome> {
  if (file === undefined || !("data" in file)) throw new Error("there is no data of that file");
  return uploadData(remote, target, { ...file, bytes: file.data });
}
