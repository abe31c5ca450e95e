import { start } from "../shared/index.js";

await start("freeze", "main", "0.1.0");
