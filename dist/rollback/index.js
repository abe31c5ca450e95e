import { start } from "../shared/index.js";

await start("rollback", "main", "1.0.0");
