#!/usr/bin/env node
import { processHost } from "./host.ts";
import { run } from "./program.ts";

// npm run edge -- <command>
process.exitCode = await run(process.argv.slice(2), processHost());
