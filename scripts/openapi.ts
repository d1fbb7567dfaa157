import { readFile, writeFile } from "node:fs/promises";
import { describeApi } from "../openapi/document.ts";

// npm run openapi: writes the description of the API, which is served as a file. A test fails while it is not current.
const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const text = `${JSON.stringify(describeApi(version), undefined, 2)}\n`;
await writeFile(new URL("../public/openapi.json", import.meta.url), text);
