import { start } from "../shared/index.js";

await start("slot-swap", "post", "1.0.0");
