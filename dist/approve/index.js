import { start } from "../shared/index.js";

await start("approve", "main", "0.1.0");
