import { start } from "../shared/index.js";

await start("migration-gate", "post", "1.0.0");
