import { start } from "../shared/index.js";

await start("canary", "post", "1.0.0");
