import { start } from "../shared/index.js";

await start("slot-deploy", "main", "1.0.0");
