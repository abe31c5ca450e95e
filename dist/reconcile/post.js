import { start } from "../shared/index.js";

await start("reconcile", "post", "1.0.0");
