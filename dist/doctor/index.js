import { start } from "../shared/index.js";

await start("doctor", "main", "1.0.0");
