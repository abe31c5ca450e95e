export { createHttpProbe, type HttpProbeOptions } from "./http-probe.ts";
export { adviceFor } from "./probe-advice.ts";
export { answerText, fenced, probeReport } from "./probe-report.ts";
export { isRedirect, probeUntilVerdict, type SessionOptions, type SessionResult } from "./probe-session.ts";
