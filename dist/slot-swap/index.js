import { start } from "../shared/index.js";

await start("slot-swap", "main", "0.1.0");
