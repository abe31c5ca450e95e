import { start } from "../shared/index.js";

await start("health-probe", "main", "0.1.0");
