import { start } from "../shared/index.js";

await start("release", "main", "0.1.0");
