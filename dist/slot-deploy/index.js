import { start } from "../shared/index.js";

await start("slot-deploy", "main", "0.1.0");
