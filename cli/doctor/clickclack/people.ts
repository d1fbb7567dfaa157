import type { Workspace } from "../../../src/clickclack/wire.ts";
import type { Account } from "../../../src/config/types.ts";
import { fail, listed, type Outcome, only, pass, skip, warn } from "../finding.ts";
import { troubleOf } from "../trouble.ts";
import type { Site } from "./site.ts";
import type { Bearer } from "./token.ts";

/** Who is answered, as the document says it: what most questions for a missing answer come to. */
export function admissionOutcome({ admission }: Account): Outcome<never> {
  const { allowFrom, allowBots, requireMention, groups } = admission;
  if (allowFrom.value.length === 0)
    return only(
      fail(
        `nobody is answered: ${allowFrom.path} is an empty list`,
        'add the ids of those who may ask, or "*" for everyone',
      ),
    );
  const who = allowFrom.value.includes("*") ? "everyone" : `${allowFrom.value.length} of allowFrom`;
  const bots = {
    true: "those bots that allowFrom names",
    false: "no bots",
    mentions: "bots that mention it",
  };
  const where = requireMention.value ? "in channels only when it is mentioned" : "without being mentioned";
  const others = Object.keys(groups).length > 0 ? "; groups say otherwise for some channels" : "";
  return only(
    pass(`answers ${who}, ${bots[`${allowBots.value}`]}, ${where}${others}; never what it says itself`),
  );
}

export async function allowFromOutcome(
  site: Site,
  { me }: Bearer,
  { id, name }: Workspace,
): Promise<Outcome<never>> {
  const { value, path } = site.account.admission.allowFrom;
  const ids = value.filter((entry) => entry !== "*");
  if (ids.length === 0) return only(pass("names nobody"));
  try {
    const members = await site.members(id);
    const strangers = ids.filter((entry) => !members.byId.has(entry));
    const known = `${ids.length - strangers.length} of ${ids.length} are members`;
    const self = me !== undefined && ids.every((entry) => entry === me.id);
    if (self)
      return only(
        fail(`${path} names the bot alone, which is never answered`, "add the ids of those who may ask"),
      );
    if (strangers.length === 0) return only(pass(known));
    if (!members.isWhole)
      return only(skip(`${known} among the first that were read; the rest was not found there`));
    return only(
      warn(
        `${listed(strangers)} of ${path} ${strangers.length === 1 ? "is" : "are"} no member of ${name}`,
        mendFor(strangers, members.byId),
      ),
    );
  } catch (error) {
    return only(troubleOf(error));
  }
}

/** Handles are a common mistake: the list is of ids. */
function mendFor(
  strangers: readonly string[],
  members: ReadonlyMap<string, { id: string; handle: string }>,
): string {
  const meant = strangers.flatMap((entry) => {
    const handle = entry.replace(/^@/, "").toLowerCase();
    const found = [...members.values()].find((member) => member.handle !== "" && member.handle === handle);
    return found === undefined ? [] : [`${found.id} for ${entry}`];
  });
  return meant.length > 0 ? `name people by their ids: ${listed(meant)}` : "correct the id, or remove it";
}
