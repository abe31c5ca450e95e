import { start } from "../shared/index.js";

await start("slot-deploy", "post", "0.1.0");
