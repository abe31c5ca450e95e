import { start } from "../shared/index.js";

await start("approve", "post", "0.1.0");
