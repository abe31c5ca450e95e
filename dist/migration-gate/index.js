import { start } from "../shared/index.js";

await start("migration-gate", "main", "1.0.0");
