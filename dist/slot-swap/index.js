import { start } from "../shared/index.js";

await start("slot-swap", "main", "1.0.0");
