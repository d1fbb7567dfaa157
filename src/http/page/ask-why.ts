import { readinessOf } from "../../account/readiness.ts";
import type { Story } from "../../account/story.ts";
import type { Config } from "../../config/types.ts";
import { readMessageLink } from "../../domain/message-link.ts";
import type { Env } from "../../env.ts";
import { askObject } from "../account.ts";

/** What could be found out about a message that somebody asked about. */
export type WhyAnswer =
  /** What was written is neither an id nor a link to a message. */
  | { kind: "unreadable" }
  | { kind: "unknown"; id: string }
  | { kind: "known"; stories: { account: string; story: Story }[] };

/**
 * Asks every account about a message: of two bots in a channel, one may have answered.
 *
 * @param written what somebody has pasted
 */
export async function askWhy(config: Config, env: Env, written: string): Promise<WhyAnswer> {
  const named = readMessageLink(written);
  if (named === undefined || !("id" in named)) return { kind: "unreadable" };
  const { id } = named;
  const loaded = { ok: true, config } as const;
  const ids = [...config.accounts.keys()].filter((account) => readinessOf(loaded, account).send);
  const asked = await Promise.all(
    ids.map(async (account) => ({
      account,
      story: await askObject(env, account, async (object) => await object.story(id)),
    })),
  );
  const stories = asked.flatMap(({ account, story }) => (story === undefined ? [] : [{ account, story }]));
  return stories.length === 0 ? { kind: "unknown", id } : { kind: "known", stories };
}
