/** Who waits in a concurrency group, and who is cancelled. Source: docs.github.com and the changelog of 2026-05-07. */

export interface GroupRule {
  readonly group: string;
  readonly cancelInProgress: boolean;
  /** `single`: one pending, replaced by the newest · `max`: up to 100 in order. */
  readonly queue: "single" | "max";
}

export interface Member {
  /** Called when the group cancels this member, running or waiting. */
  cancel(why: string): void;
}

interface Waiting extends Member {
  readonly member: Member;
  admit(): void;
}

interface Group {
  running: Member | undefined;
  waiting: Waiting[];
}

const MOST_WAITING = 100;

/** The groups of one repository. */
export class ConcurrencyGroups {
  readonly #groups = new Map<string, Group>();

  /** Resolves with the way out once the member may run, or with undefined when it was cancelled while it waited. */
  enter(rule: GroupRule, member: Member): Promise<(() => void) | undefined> {
    if (rule.queue === "max" && rule.cancelInProgress) {
      throw new Error(`concurrency ${rule.group}: queue: max cannot go with cancel-in-progress: true`);
    }
    const key = rule.group.toLowerCase();
    const group = this.#groups.get(key) ?? { running: undefined, waiting: [] };
    this.#groups.set(key, group);
    if (group.running === undefined) {
      group.running = member;
      return Promise.resolve(() => this.#leave(key, member));
    }
    if (rule.cancelInProgress) group.running.cancel(`a newer member of concurrency group ${rule.group}`);
    this.#makeRoom(rule, group);
    return new Promise((resolve) => {
      const waiting: Waiting = {
        member,
        admit: () => resolve(() => this.#leave(key, member)),
        cancel: (why) => {
          member.cancel(why);
          resolve(undefined);
        },
      };
      group.waiting.push(waiting);
    });
  }

  #makeRoom(rule: GroupRule, group: Group): void {
    if (rule.queue === "max") {
      if (group.waiting.length >= MOST_WAITING)
        throw new Error(`concurrency ${rule.group}: ${MOST_WAITING} already wait`);
      return;
    }
    for (const pending of group.waiting.splice(0)) pending.cancel(`a newer pending member of group ${rule.group}`);
  }

  #leave(key: string, member: Member): void {
    const group = this.#groups.get(key);
    if (group?.running !== member) return;
    const next = group.waiting.shift();
    group.running = next?.member;
    next?.admit();
  }
}
