import { start } from "../shared/index.js";

await start("health-probe", "post", "0.1.0");
