import { start } from "../shared/index.js";

await start("canary", "main", "0.1.0");
