/** fast-check with one seed, so that a red run is the change's own; another by AUGEO_SEED draws other cases. */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.AUGEO_SEED ?? 1) });

export default fc;
