import { start } from "../shared/index.js";

await start("doctor", "post", "1.0.0");
