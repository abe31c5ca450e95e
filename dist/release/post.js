import { start } from "../shared/index.js";

await start("release", "post", "0.1.0");
