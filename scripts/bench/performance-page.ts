/** The figures as the page `docs/explanation/performance.md`. */
export function performancePage(figures: Readonly<Record<string, object>>): string {
  return `<!-- Written by npm run bench -- --write. -->

# What the actions cost

Measured by \`npm run bench\` against the rehearsal cloud on one machine, clients and servers sharing its cores: compare
the figures with each other and with the plain tools beside them, not with those of another machine. A real deployment
adds the network and whatever Azure takes.

- *Start-up*: from the start of the process to the first request that the cloud sees (for actions that sign in: the
  request for the ID token), and to the end of the process, each the median of five, with nothing left to do. Beside
  it a \`node -e 0\`, which does nothing. \`firstSignedRequest\` is the first one after the sign-in. \`migration-gate\` speaks to PostgreSQL, which is not counted as a request.
- *Deploys*: \`packedAndSent\` is the time until the SCM site has the whole package; \`wall\` adds the rehearsal cloud's
  own unpacking and start of the app. Each the median of three, to a fresh site. \`zip -qr\` packs the same folder.
- *Polling*: the time between a deployment's end and the answer that told us.

\`\`\`json
${JSON.stringify(figures, null, 2)}
\`\`\`
`;
}
