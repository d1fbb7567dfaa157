/** What `ctx.exports` holds: the Worker's own entrypoints and objects. */
declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import("./worker.ts");
    durableNamespaces: "BotAccount";
  }
}
