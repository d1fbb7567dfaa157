/** What `--help` shows. */
export const HELP = `Has ClickClack call the Worker: event subscriptions and slash commands, signed.

  npm run callbacks -- --url https://edge.example.workers.dev        sets them up
  npm run callbacks -- --url https://edge.example.workers.dev --rotate
  npm run callbacks -- --url https://edge.example.workers.dev --finish
  npm run callbacks -- --list

Bots may not do that. It takes the session token (sst_…) of an owner or a moderator of the workspace, which is neither
stored nor printed here. npm prints and logs the command line, so the variable is the better place for it:

  read -rs CLICKCLACK_SESSION && export CLICKCLACK_SESSION

What to do
  (nothing)             Makes what is not there yet and shows its secrets, once
  --rotate              Gives new secrets. Events go on without a gap until --finish. Slash commands have a gap: people
                        are shown an error until the Worker has the new secret
  --finish              Ends a rotation of events: revokes the subscription with the old secret
  --list                Shows what calls whom in the workspace

Where
  --url <address>       The Worker's public address; not needed for --list
  --session <sst_…>     In place of CLICKCLACK_SESSION
  --account <id>        Account of the document; its default account otherwise
  --clickclack <url>    ClickClack's address; the account's otherwise
  --workspace <name>    Workspace by id, slug or name; the account's otherwise

What
  --command </name>     Slash command, as often as there are some; /ask otherwise
  --bot <handle or id>  In whose name commands are answered; the account's bot, or the workspace's only one, otherwise
  --only events         No slash commands
  --only commands       No event subscription

The document is openclaw.json5, or what OPENCLAW_CONFIG holds. Its variables come from .dev.vars and the environment.
`;
