import { start } from "../shared/index.js";

await start("freeze", "post", "1.0.0");
