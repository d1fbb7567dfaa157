import { readFile } from "node:fs/promises";
import { expect, it, onTestFinished } from "vitest";
import { NpmScript } from "./npm.ts";

it("npm run dev serves the description of the API, to anybody", async () => {
  const dev = new NpmScript(
    ["run", "dev", "--", "--ip", "127.0.0.1", "--port", "0", "--inspector-port", "0"].concat(
      "--var",
      "OPENCLAW_CONFIG:{}",
    ),
  );
  onTestFinished(() => dev.end("SIGKILL"));
  const [, url = ""] = await dev.until(/Ready on (http:\S+)/);
  const answer = await fetch(`${url}/openapi.json`);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
  expect(await answer.text()).toBe(
    await readFile(new URL("../../public/openapi.json", import.meta.url), "utf8"),
  );
});
