/** Why a callback was refused, in plain words, and what to do about it: docs/callbacks.md. */
const REASONS: Record<string, readonly [words: string, mend: string]> = {
  no_secret: ["no secret is set for this kind", "npx wrangler secret put, with the signing secret"],
  bad_signature: [
    "signed with another secret, or altered on the way",
    "put the secret of the subscription that is there; after a rotation, the new one",
  ],
  too_old: ["its time is too long ago", "set the clock of ClickClack's host: see clock"],
  too_new: ["its time is in the future", "set the clock of ClickClack's host: see clock"],
  malformed_timestamp: ["it is not from ClickClack", "see that nothing before the Worker changes headers"],
  malformed_signature: ["it is not from ClickClack", "see that nothing before the Worker changes headers"],
  too_large: ["it is larger than ClickClack's are", "see who calls"],
  not_json: ["it is not from this version of ClickClack", "see who calls"],
  malformed: ["it is not from this version of ClickClack", "see who calls"],
  replayed: ["the same request came before", "nothing, unless something repeats requests"],
  wrong_workspace: [
    "it is of another workspace",
    "revoke that subscription or command, and make it in the account's",
  ],
  wrong_bot: ["the command is in another bot's name", "revoke it, and make it again for this account's bot"],
  not_wanted: ["the account takes no events", "revoke the subscription, or set inbound to both"],
  not_started: ["the account has never been up", "see ready and link"],
  not_configured: ["the account is disabled or has faults", "see ready"],
  unknown_account: ["there is no account of that name", "correct the address of the subscription or command"],
};

/** @param reason as the Worker counts it */
export function callbackReason(reason: string): readonly [words: string, mend: string] {
  return REASONS[reason] ?? ["for a reason that is not known here", "see docs/callbacks.md"];
}
