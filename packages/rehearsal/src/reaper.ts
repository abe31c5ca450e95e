import { type ChildProcess, spawn } from "node:child_process";

/**
 * Reads "process <pid>", "ended <pid>", "folder <path>" and "removed <path>" until its input ends, which happens when
 * the process that holds the other end is gone, however it went; then ends and removes what is still listed.
 */
const script = `
trap '' INT TERM HUP
pids=" "
folders=
while read -r verb value; do
  case "$verb" in
    process) pids="$pids$value " ;;
    ended) pids=$(printf %s "$pids" | sed "s/ $value / /") ;;
    folder) folders="$folders$value
" ;;
    removed) folders=$(printf %s "$folders" | grep -Fvx "$value")
      folders="\${folders:+$folders
}" ;;
  esac
done
if [ "$pids" != " " ]; then
  kill -INT $pids 2>/dev/null
  for pause in 1 1 2 4 4 4 4; do
    kill -0 $pids 2>/dev/null || break
    sleep "0.$pause"
  done
  kill -KILL $pids 2>/dev/null
fi
[ -z "$folders" ] && exit
sleep 0.1
printf %s "$folders" | while read -r folder; do rm -rf "$folder"; done
`;

let reaper: ChildProcess | undefined;

/** In a session of its own, so that an interrupt typed at the terminal does not end it before those it watches. */
function start(): ChildProcess {
  const child = spawn("/bin/sh", ["-c", script], { stdio: ["pipe", "ignore", "ignore"], detached: true, cwd: "/" });
  child.unref();
  child.on("error", () => undefined);
  child.stdin?.on("error", () => undefined);
  const { stdin } = child;
  if (stdin !== null && "unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  return child;
}

function tell(verb: "process" | "ended" | "folder" | "removed", value: string | number): void {
  reaper ??= start();
  reaper.stdin?.write(`${verb} ${value}\n`);
}

/** Has the child killed if this process goes away without having ended it, even by SIGKILL. */
export function guardProcess<Child extends ChildProcess>(child: Child): Child {
  const { pid } = child;
  if (pid === undefined) return child;
  tell("process", pid);
  child.once("exit", () => tell("ended", pid));
  return child;
}

/** Has a folder removed if this process goes away without having done so. Call the result once it is removed. */
export function guardFolder(path: string): () => void {
  tell("folder", path);
  return () => tell("removed", path);
}
