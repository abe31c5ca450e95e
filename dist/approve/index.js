import { start } from "../shared/index.js";

await start("approve", "main", "1.0.0");
