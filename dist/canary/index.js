import { start } from "../shared/index.js";

await start("canary", "main", "1.0.0");
