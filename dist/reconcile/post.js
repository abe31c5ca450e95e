import { start } from "../shared/index.js";

await start("reconcile", "post", "0.1.0");
