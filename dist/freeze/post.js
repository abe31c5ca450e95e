import { start } from "../shared/index.js";

await start("freeze", "post", "0.1.0");
