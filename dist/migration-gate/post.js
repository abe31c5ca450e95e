import { start } from "../shared/index.js";

await start("migration-gate", "post", "0.1.0");
