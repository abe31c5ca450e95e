import { start } from "../shared/index.js";

await start("doctor", "post", "0.1.0");
