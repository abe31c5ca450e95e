import { start } from "../shared/index.js";

await start("rollback", "main", "0.1.0");
