import { start } from "../shared/index.js";

await start("canary", "post", "0.1.0");
