import { start } from "../shared/index.js";

await start("reconcile", "main", "0.1.0");
