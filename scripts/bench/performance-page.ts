type Figures = Readonly<Record<string, unknown>>;

const START = {
  firstRequestMs: "first request, ms",
  firstRequestTimesBareNode: "× bare node",
  firstSignedRequestMs: "first after sign-in, ms",
  firstSignedRequestTimesBareNode: "× bare node",
  endMs: "end, ms",
  requests: "requests",
  peakMemoryMB: "peak memory, MB",
};

const DEPLOY = {
  packedAndSentSeconds: "packed and sent, s",
  packedAndSentTimesZip: "× zip -qr",
  wallSeconds: "in all, s",
  peakMemoryMB: "peak memory, MB",
  requests: "requests",
  megabytesSent: "sent, MB",
};

const POLL = { deploymentSeconds: "deployment took, s", lostSeconds: "noticed after, s", polls: "polls" };

/** The figures as the page `docs/explanation/performance.md`. */
export function performancePage(figures: Figures): string {
  const { machine, sizes, startUp, deploys, polling, gate } = figures;
  const { cpu, cores, load, memoryGB, node } = fieldsOf(machine);
  const parts = [
    "<!-- Written by npm run bench -- --write. -->",
    "# What the actions cost",
    `Measured by \`npm run bench\` against the rehearsal cloud on one machine (${cpu}, ${cores} cores, ${memoryGB} GB, Node ${node}), whose cores client and servers share. Its load before the run was ${load}: a load above 1 means that other work slowed everything down. Compare the figures with each other and with the plain tools beside them, not with those of another machine. A real deployment adds the network and whatever Azure takes.`,
    ...startPart(fieldsOf(startUp)),
    ...deployPart(fieldsOf(deploys)),
    ...pollingPart(fieldsOf(polling)),
    ...gatePart(fieldsOf(gate)),
    ...sizePart(fieldsOf(sizes)),
  ];
  return `${parts.join("\n\n")}\n`;
}

function startPart({ "node -e 0 (ms)": bare, ...actions }: Figures): string[] {
  return [
    "## Start and end of each action",
    `Each where it has the least to do, median of five. \`node -e 0\`, which does nothing, took ${bare} ms. For actions that sign in, the first request is the one for the ID token. \`migration-gate\` sends none: its time is that of the project's Python and Alembic.`,
    table("action", actions, START, "reason"),
  ];
}

function deployPart({ "zip -qr of the folder": zip, ...packages }: Figures): string[] {
  const { seconds, megabytes } = fieldsOf(zip);
  return [
    "## Deploys",
    `Median of three, each to a fresh site whose slot was not changed lately. *Packed and sent* ends when the SCM site has the whole package; *in all* adds the rehearsal cloud's own unpacking and the start of the app. \`zip -qr\` of the same folder, right before each of its deploys, took ${seconds} s and made ${megabytes} MB.`,
    table("package", packages, DEPLOY),
  ];
}

function pollingPart({ meanLostSeconds, worstLostSeconds, deployments }: Figures): string[] {
  const rows = Array.isArray(deployments) ? deployments : [];
  const named = Object.fromEntries(rows.map((row, index) => [String(index + 1), row]));
  return [
    "## Polling",
    `Between a deployment's end and the answer that told us: ${meanLostSeconds} s on average, ${worstLostSeconds} s at worst.`,
    table("", named, POLL),
  ];
}

function gatePart({ sql, tracing, rehearsal, unchanged }: Figures): string[] {
  const [read, traced, whole, none] = [sql, tracing, rehearsal, unchanged].map(fieldsOf);
  return [
    "## The migration gate",
    [
      `- The SQL of ${read?.revisions} revisions, ${read?.statements} statements, was read and judged in one process in ${read?.seconds} s.`,
      `- ${traced?.revisions} new revisions traced, with the catalogs read after each and one run of \`env.py\` for all of them, took ${traced?.tracedSeconds} s; \`alembic upgrade head\`, which only runs them, ${traced?.plainSeconds} s: ${traced?.timesPlain} times as long.`,
      `- ${whole?.revisions} new revisions on a chain of ${whole?.chain} took ${whole?.seconds} s in all, up, down and up again, with a server of its own started and stopped; \`alembic upgrade head\` of the whole chain on a running server took ${whole?.plainSeconds} s: ${whole?.timesPlain} times as long.`,
      `- A pull request that changes no migration took ${none?.ms} ms, ${none?.timesBareNode} times a bare Node.`,
    ].join("\n"),
  ];
}

function sizePart({ dist, tarball, files }: Figures): string[] {
  const mb = (bytes: unknown): string => `${(Number(bytes) / 1e6).toFixed(2)} MB`;
  return [
    "## Sizes",
    `\`dist/\` has ${mb(dist)} in ${files} files. The whole repository, as the runner downloads it in every job that uses it, has ${mb(tarball)}.`,
  ];
}

function table(head: string, rows: Figures, columns: Readonly<Record<string, string>>, note?: string): string {
  const line = (cells: readonly unknown[]): string => `| ${cells.map((cell) => cell ?? "–").join(" | ")} |`;
  const keys = Object.keys(columns);
  const heads = [head, ...(note === undefined ? [] : [note]), ...Object.values(columns)];
  return [
    line(heads),
    line(heads.map((_, index) => (index === 0 ? "---" : "--:"))),
    ...Object.entries(rows).map(([name, row]) => {
      const fields = fieldsOf(row);
      return line([name, ...(note === undefined ? [] : [fields[note]]), ...keys.map((key) => fields[key])]);
    }),
  ].join("\n");
}

function fieldsOf(value: unknown): Figures {
  // Our own figures, made in this process.
  return typeof value === "object" && value !== null ? (value as Figures) : {};
}
