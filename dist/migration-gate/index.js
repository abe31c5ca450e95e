import { start } from "../shared/index.js";

await start("migration-gate", "main", "0.1.0");
