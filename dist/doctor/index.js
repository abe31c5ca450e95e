import { start } from "../shared/index.js";

await start("doctor", "main", "0.1.0");
