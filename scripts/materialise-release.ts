/** Lays out a release of the example app: node scripts/materialise-release.ts <release> <folder> */
import { auctionReleases, materialiseRelease } from "../packages/rehearsal/src/auction-api.ts";

const [name, folder] = process.argv.slice(2);
if (name === undefined || folder === undefined) {
  process.stderr.write(`usage: node scripts/materialise-release.ts <release> <folder>\n`);
  for (const [release, { about }] of Object.entries(await auctionReleases()))
    process.stderr.write(`  ${release}: ${about}\n`);
  process.exit(2);
}
await materialiseRelease(name, folder);
