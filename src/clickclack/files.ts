import { WorkerEntrypoint } from "cloudflare:workers";
import { configOf } from "../config/current.ts";
import type { UrlFile } from "../domain/media.ts";
import type { Remote } from "../remote/headers.ts";
import { ClickClackError, factsOf } from "./errors.ts";
import type { MediaRules } from "./media-source.ts";
import { type ReadOutcome, readFiles } from "./read-files.ts";
import { type UploadOutcome, type UploadTarget, uploadFromUrl } from "./upload.ts";
import type { Upload } from "./wire.ts";

/**
 * Files on their way from and to ClickClack, outside the Durable Object on purpose: a streaming body that ends within it
 * can take its realtime socket down (cloudflare/workerd#6774), and its memory is for all conversations. Stateless; the
 * account's token is read here and never crosses RPC.
 */
export class Files extends WorkerEntrypoint<object> {
  /**
   * @param correlationId of the event that the calls follow from
   * @see {@link readFiles}
   */
  async read(accountId: string, uploads: readonly Upload[], correlationId?: string): Promise<ReadOutcome> {
    const found = this.#account(accountId);
    return found === undefined ? NOT_CONFIGURED : readFiles({ ...found.remote, correlationId }, uploads);
  }

  /** @see {@link uploadFromUrl} */
  async upload(accountId: string, target: UploadTarget, file: UrlFile): Promise<UploadOutcome> {
    const found = this.#account(accountId);
    return found === undefined ? NOT_CONFIGURED : uploadFromUrl(found.remote, target, file, found.rules);
  }

  #account(id: string): { remote: Remote; rules: MediaRules } | undefined {
    const loaded = configOf(this.env);
    const account = loaded.ok ? loaded.config.accounts.get(id) : undefined;
    if (!loaded.ok || account?.token === undefined) return undefined;
    const { access, edge } = loaded.config;
    return {
      remote: { url: account.apiBaseUrl, token: account.token, access: access.clickclack },
      rules: { trustedHosts: edge.mediaHosts, maxBytes: account.mediaMaxBytes },
    };
  }
}

/** Seen only by a call that another version of the Worker makes, with other settings. */
const NOT_CONFIGURED = {
  kind: "failed",
  error: factsOf(new ClickClackError("files", "unauthorized", 0, "the account has no token")),
} as const;
