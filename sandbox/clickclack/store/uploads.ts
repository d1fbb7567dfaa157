import { ApiError } from "../errors.ts";
import { requireMember, requireNotModerated } from "./members.ts";
import type { Store } from "./store.ts";
import type { UploadReservation, UploadRow } from "./upload-tables.ts";

/** What one request may bring at most, with all that is around the file. */
export const UPLOAD_MAX_BYTES = 64 * 2 ** 20;

// What one user may have in one workspace, for ever: nothing deletes an upload.
const QUOTA_BYTES = 512 * 2 ** 20;
const QUOTA_COUNT = 64;

/** A file as it came. */
export type NewUpload = Omit<UploadRow, "id" | "created_at" | "nonce" | keyof UploadOwner>;

/** Who uploads, and where to: what a quota is for. */
export type UploadOwner = Pick<UploadRow, "workspace_id" | "owner_id">;

/**
 * Returns the upload that an owner made under a nonce in this workspace. A blank nonce is none.
 *
 * @throws ApiError 409 when it was in another one
 */
export function findUploadByNonce(store: Store, owner: UploadOwner, nonce: string): UploadRow | undefined {
  return findUnderNonce([...store.uploads.values()], owner, nonce);
}

/**
 * Returns the room that is held for an upload under this nonce.
 *
 * @throws ApiError 409 when it is on its way to another workspace
 */
export function findReservation(
  store: Store,
  owner: UploadOwner,
  nonce: string,
): UploadReservation | undefined {
  return findUnderNonce([...store.uploadReservations], owner, nonce);
}

/**
 * Holds room for an upload that is on its way: as much as one request may bring, as far as the quota allows. So eight
 * uploads at a time are all that fit, small ones as well, and the ninth is refused as if the quota were used up.
 *
 * @throws ApiError 400 when not a member, 403 when moderated, 413 when there is no upload left
 */
export function reserveUpload(store: Store, owner: UploadOwner, nonce: string): UploadReservation {
  requireMember(store, owner.workspace_id, owner.owner_id);
  requireNotModerated(store, owner.workspace_id, owner.owner_id);
  const left = quotaLeft(store, owner);
  if (left.count <= 0) throw quotaExceeded();
  const reservation = {
    ...owner,
    nonce,
    byte_size: Math.min(UPLOAD_MAX_BYTES, left.bytes),
    over: Promise.withResolvers<void>(),
  };
  store.uploadReservations.add(reservation);
  return reservation;
}

/** Gives back the room that was held; once more does no harm. */
export function releaseUpload(store: Store, reservation: UploadReservation): void {
  store.uploadReservations.delete(reservation);
  reservation.over.resolve();
}

/**
 * Keeps a file in the room that is held for it.
 *
 * @throws ApiError 400 when the owner is no member any more, 403 when moderated, 413 when the room is too small
 */
export function insertUpload(store: Store, reservation: UploadReservation, upload: NewUpload): UploadRow {
  const { workspace_id, owner_id, nonce, byte_size } = reservation;
  if (upload.bytes.length > byte_size) throw quotaExceeded();
  requireMember(store, workspace_id, owner_id);
  requireNotModerated(store, workspace_id, owner_id);
  const row = { ...upload, workspace_id, owner_id, nonce, id: store.newId("upl"), created_at: store.now() };
  store.uploads.set(row.id, row);
  releaseUpload(store, reservation);
  return row;
}

function findUnderNonce<T extends UploadOwner & { nonce: string }>(
  rows: readonly T[],
  { workspace_id, owner_id }: UploadOwner,
  nonce: string,
): T | undefined {
  if (nonce === "") return undefined;
  const found = rows.find((row) => row.owner_id === owner_id && row.nonce === nonce);
  if (found !== undefined && found.workspace_id !== workspace_id) {
    throw new ApiError(409, "upload nonce was already used in another workspace");
  }
  return found;
}

function quotaLeft(store: Store, owner: UploadOwner): { count: number; bytes: number } {
  const isTheirs = (row: UploadOwner) =>
    row.workspace_id === owner.workspace_id && row.owner_id === owner.owner_id;
  const uploads = [...store.uploads.values()].filter(isTheirs);
  const held = [...store.uploadReservations].filter(isTheirs);
  const sizes = [...uploads.map(({ bytes }) => bytes.length), ...held.map(({ byte_size }) => byte_size)];
  const used = sizes.reduce((sum, size) => sum + size, 0);
  return { count: QUOTA_COUNT - sizes.length, bytes: Math.max(0, QUOTA_BYTES - used) };
}

function quotaExceeded(): Error {
  return new ApiError(413, "upload quota exceeded");
}
