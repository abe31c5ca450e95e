import { start } from "../shared/index.js";

await start("slot-deploy", "post", "1.0.0");
