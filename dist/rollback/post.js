import { start } from "../shared/index.js";

await start("rollback", "post", "1.0.0");
