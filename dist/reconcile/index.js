import { start } from "../shared/index.js";

await start("reconcile", "main", "1.0.0");
