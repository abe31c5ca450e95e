import { start } from "../shared/index.js";

await start("rollback", "post", "0.1.0");
