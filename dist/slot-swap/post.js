import { start } from "../shared/index.js";

await start("slot-swap", "post", "0.1.0");
