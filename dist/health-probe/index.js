import { start } from "../shared/index.js";

await start("health-probe", "main", "1.0.0");
