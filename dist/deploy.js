#!/usr/bin/env node
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { command } from "./shared/index.js";

await command(process.argv.slice(2), dirname(dirname(fileURLToPath(import.meta.url))));
