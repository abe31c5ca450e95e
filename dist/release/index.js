import { start } from "../shared/index.js";

await start("release", "main", "1.0.0");
