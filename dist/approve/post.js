import { start } from "../shared/index.js";

await start("approve", "post", "1.0.0");
