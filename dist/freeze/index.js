import { start } from "../shared/index.js";

await start("freeze", "main", "1.0.0");
