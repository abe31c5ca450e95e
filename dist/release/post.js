import { start } from "../shared/index.js";

await start("release", "post", "1.0.0");
