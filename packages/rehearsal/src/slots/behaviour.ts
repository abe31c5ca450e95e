/** Faults of an app on demand. They belong to the app and go with it in a swap; `{}` is a sound app. */
export interface Behaviour {
  /** Milliseconds before its process is started at all. */
  startDelay?: number;
  /** Run instead of the app's own command. */
  command?: string;
  /** Every request, pings included, is answered with this status. */
  answers?: number;
}

/** A process that runs and never listens: its start ends at the time limit. */
export const neverStarts: Behaviour = { command: "exec sleep 86400" };

/** A process that dies as it starts. */
export const exitsAtStart: Behaviour = { command: "echo 'ModuleNotFoundError: No module named rehearsed'; exit 3" };
