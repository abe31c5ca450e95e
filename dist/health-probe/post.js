import { start } from "../shared/index.js";

await start("health-probe", "post", "1.0.0");
