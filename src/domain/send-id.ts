/** What an outbound send is known by. */
export interface SendId {
  /** Normalised account id, at most 64 characters. */
  accountId: string;
  /** Sets it apart within its account: {@link SEND_HEX_CHARS} hexadecimal digits. */
  hex: string;
}

/** 96 bits: no two sends meet by chance. */
export const SEND_HEX_CHARS = 24;

/** An id: the account, which has an id of at most 64 characters, and the hexadecimal part. */
export const SEND_ID = new RegExp(`^snd_([a-z0-9_-]{1,64})_([0-9a-f]{${SEND_HEX_CHARS}})$`);

/** A send's id as callers see it. It names the account, so that the id alone leads to the send. */
export function formatSendId({ accountId, hex }: SendId): string {
  return `snd_${accountId}_${hex}`;
}

/**
 * Reads an id that a caller gave. An account id may hold underscores; the hexadecimal part is as long in every id, so
 * what is before it is the account whatever its name.
 *
 * @returns undefined for what cannot be the id of a send
 */
export function parseSendId(text: string): SendId | undefined {
  const [, accountId, hex] = SEND_ID.exec(text) ?? [];
  return accountId === undefined || hex === undefined ? undefined : { accountId, hex };
}
