import { readinessOf } from "../../account/readiness.ts";
import type { Story } from "../../account/story.ts";
import type { Config } from "../../config/types.ts";
import { type NamedMessage, readMessageLink } from "../../domain/message-link.ts";
import type { Env } from "../../env.ts";
import { errorText } from "../../observe/redact.ts";
import { askObject } from "../account.ts";
import { seenBy } from "../named-message.ts";

/** What could be found out about a message that somebody asked about. */
export type WhyAnswer =
  /** What was written is neither an id nor a link to a message. */
  | { kind: "unreadable" }
  /** No bot sees a message behind the link; `errors` are of those that could not look. */
  | { kind: "unseen"; errors: string[] }
  /** No account was told of it. */
  | { kind: "untold"; id: string }
  | { kind: "known"; stories: { account: string; story: Story }[] };

/**
 * Asks every account about a message: of two bots in a channel, one may have answered.
 *
 * @param written what somebody has pasted
 */
export async function askWhy(config: Config, env: Env, written: string): Promise<WhyAnswer> {
  const named = readMessageLink(written);
  if (named === undefined) return { kind: "unreadable" };
  const found = "id" in named ? named : await look(config, named);
  if (!("id" in found)) return { kind: "unseen", ...found };
  const { id } = found;
  const asked = await Promise.all(
    usable(config).map(async ({ account }) => ({
      account: account.id,
      story: await askObject(env, account.id, async (object) => await object.story(id)),
    })),
  );
  const stories = asked.flatMap(({ account, story }) => (story === undefined ? [] : [{ account, story }]));
  return stories.length === 0 ? { kind: "untold", id } : { kind: "known", stories };
}

/** Has every bot look behind a link: each sees its own workspace only. */
async function look(
  config: Config,
  named: Exclude<NamedMessage, { id: string }>,
): Promise<{ id: string } | { errors: string[] }> {
  const looks = await Promise.allSettled(usable(config).map((readiness) => seenBy(readiness, named)));
  const id = looks.map((one) => (one.status === "fulfilled" ? one.value : undefined)).find(Boolean);
  if (id !== undefined) return { id };
  return { errors: looks.flatMap((one) => (one.status === "rejected" ? [errorText(one.reason)] : [])) };
}

/** Accounts that the configuration lets do something. */
function usable(config: Config) {
  return [...config.accounts.keys()].flatMap((id) => {
    const readiness = readinessOf({ ok: true, config }, id);
    return readiness.send ? [readiness] : [];
  });
}
