/** A file that somebody put into a workspace. Its bytes are kept in memory. */
export interface UploadRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly owner_id: string;
  readonly nonce: string;
  readonly filename: string;
  readonly content_type: string;
  readonly width: number;
  readonly height: number;
  readonly duration_ms: number;
  readonly created_at: string;
  readonly bytes: Buffer;
}

/** Room in somebody's quota that is held for an upload that is on its way. */
export interface UploadReservation {
  readonly workspace_id: string;
  readonly owner_id: string;
  readonly nonce: string;
  readonly byte_size: number;
  /** Resolved when the upload is at its end, whichever. */
  readonly over: PromiseWithResolvers<void>;
}
