import { Secret } from "../../src/config/secret.ts";
import { errorText } from "../../src/observe/redact.ts";
import type { Host } from "../host.ts";
import type { Output } from "../output.ts";
import { EXIT, type Exit, Problem } from "../problem.ts";
import { type Asker, terminalAsker } from "./asker.ts";
import { check, type Finding } from "./check.ts";
import { type Claim, claim } from "./claim.ts";
import { differences } from "./diff.ts";
import { ensureWritable, writeWhole } from "./files.ts";
import { type Flags, type RawFlags, readFlags } from "./flags.ts";
import { interview, type Lookups, REAL_LOOKUPS } from "./interview.ts";
import { missingFlags } from "./missing.ts";
import { type Plan, planSetup } from "./plan.ts";
import { type Done, report } from "./report.ts";
import { Keeper } from "./secret-places.ts";
import { Site, shown } from "./site.ts";
import type { Wanted } from "./wanted.ts";

/** What setup has of the world beside the files. */
export interface Tools {
  asker(): Promise<Asker>;
  lookups: Lookups;
}

const REPLACED =
  "OPENCLAW_CONFIG is set and takes the document's place for the Worker: what is written here has no effect until it is gone";

/** Stands for what only the claim of a code tells. */
const UNTOLD = "(the setup code tells)";

/**
 * Gives somebody who has ClickClack and OpenClaw an answering bot: the account into the document, the secrets into their
 * places, and a look whether it can work.
 *
 * @throws {Problem} for what has to be mended first; nothing is written then, but for the token of a claimed code
 */
export async function setup(host: Host, output: Output, raw: RawFlags, tools: Tools): Promise<Exit> {
  const site = await Site.read(host, raw.config);
  const given = await readFlags(raw, host.input);
  warnOfOpenSecrets(host, output, raw);
  const isGuided = host.isInteractive && raw.yes !== true && !output.isJson;
  const asker = isGuided ? await tools.asker() : undefined;
  const flags = await complete(asker, given, site, tools.lookups);
  const accountId = flags.accountId ?? site.usualAccountId ?? "default";
  const wanted = wantedOf(flags, site, accountId);

  // What cannot come out well is found out while the code is still good.
  const outlook = planSetup(site.text, site.variables, {
    ...wanted,
    ...(flags.code !== undefined && {
      baseUrl: flags.code.baseUrl,
      workspace: UNTOLD,
      token: new Secret(UNTOLD),
    }),
  });
  if (raw.dryRun === true) return report(output, { ...doneOf(site, outlook), isDryRun: true });

  const keeper = new Keeper(host, site, flags.secrets ?? "dev-vars");
  stopIfAsked(host);
  const claimed = flags.code === undefined ? undefined : await redeem(flags, site, keeper, accountId);
  if (claimed !== undefined) {
    const { bot, workspace } = claimed;
    output.line(`The code was good for @${bot.handle} in ${workspace.name}.`);
    output.line(`${keeper.whereabouts(site.tokenVariableOf(accountId))}.\n`);
  }
  try {
    const plan =
      claimed === undefined ? outlook : planSetup(site.text, site.variables, merge(wanted, claimed));
    const done = doneOf(site, plan, claimed);
    if (asker !== undefined && done.differences.length > 0) {
      output.line([...done.differences, ""].join("\n"));
      if (!(await asker.confirm(`Write this to ${done.document}?`, true)))
        throw new Problem("the document is left as it was", EXIT.failed);
      done.isShown = true;
    }
    stopIfAsked(host);
    await keeper.keep(plan.secrets);
    if (plan.text !== site.documentText)
      await writeWhole(site.documentPath, plan.text, { before: site.documentText });
    const findings: Finding[] = await keeper.deliver(plan.secrets);
    if (raw.check) findings.push(...(await check(plan.config, plan.account)));
    return report(output, {
      ...done,
      findings,
      secrets: keeper.places(plan.secrets),
      advice: keeper.advice(plan.secrets),
    });
  } catch (error) {
    if (claimed !== undefined) output.note(`${keeper.whereabouts(site.tokenVariableOf(accountId))}.`);
    throw error;
  }
}

async function complete(
  asker: Asker | undefined,
  given: Flags,
  site: Site,
  lookups: Lookups,
): Promise<Flags> {
  const missing = missingFlags(given, site);
  if (missing === undefined && (asker === undefined || isAnythingSaid(given))) return given;
  if (asker !== undefined) return interview(asker, given, site, lookups);
  throw new Problem(missing ?? "");
}

/** Whoever says nothing at all wants to be asked, also where everything is there. */
function isAnythingSaid(given: Flags): boolean {
  return Object.values(given).some((value) => value !== undefined);
}

function wantedOf(flags: Flags, site: Site, accountId: string): Wanted {
  const { code, secrets: _, accountId: __, ...settings } = flags;
  return {
    ...settings,
    accountId,
    token: code === undefined ? (flags.token ?? site.tokenOf(accountId)) : undefined,
    gatewayToken: flags.gatewayToken ?? site.gatewayToken,
  };
}

/** Exchanges the code, and has the token in a file before anything else can go wrong. */
async function redeem({ code }: Flags, site: Site, keeper: Keeper, accountId: string): Promise<Claim> {
  if (code === undefined) throw new Error("there is no code");
  await ensureWritable(site.secretsPath);
  const name = site.tokenVariableOf(accountId);
  const account = site.accountOf(accountId);
  // Where this server's API is, the document knows better than the code.
  const isSameServer = account?.baseUrl === code.baseUrl;
  let isKept = false;
  const keep = async (token: Secret) => {
    await keeper.keepClaimed(name, token);
    isKept = true;
  };
  try {
    return await claim(code, isSameServer ? account.apiBaseUrl : undefined, keep);
  } catch (error) {
    if (!isKept || !(error instanceof Problem)) throw error;
    throw new Problem(`${errorText(error)}. ${keeper.whereabouts(name)}`, error.exit);
  }
}

function merge(wanted: Wanted, { token, baseUrl, workspace, defaults }: Claim): Wanted {
  return {
    ...wanted,
    token,
    baseUrl,
    workspace: workspace.id,
    defaultTo: wanted.defaultTo ?? defaults.defaultTo,
    allowFrom: defaults.allowFrom,
  };
}

function doneOf(site: Site, plan: Plan, claimed?: Claim): Done {
  return {
    document: shown(site.documentPath),
    secretsFile: shown(site.secretsPath),
    account: plan.account.id,
    differences: plan.text === site.documentText ? [] : differences(site.documentText ?? "", plan.text),
    notes: site.isReplaced ? [...plan.notes, REPLACED] : plan.notes,
    ...(claimed !== undefined && { claimed }),
    findings: [],
    secrets: [],
    advice: [],
  };
}

function stopIfAsked({ signal }: Host): void {
  if (signal.aborted) throw new Problem("setup was broken off", EXIT.failed);
}

/** npm prints the command line that it runs, and keeps it. */
function warnOfOpenSecrets({ env }: Host, output: Output, raw: RawFlags): void {
  const open = [
    ["--token", raw.token, "CLICKCLACK_BOT_TOKEN, or the account's variable"],
    ["--gateway-token", raw.gatewayToken, "OPENCLAW_GATEWAY_TOKEN"],
  ] as const;
  for (const [flag, value, variable] of open) {
    if (value === undefined || value === "-") continue;
    const log =
      env.npm_lifecycle_event === undefined ? "" : ", and npm has printed it and keeps it in its log";
    output.note(
      `${flag}: others on this machine can see a flag's value${log}; use ${flag} - and standard input, or ${variable} in the environment`,
    );
  }
}

export const REAL_TOOLS: Tools = { asker: terminalAsker, lookups: REAL_LOOKUPS };
