/**
 * `npm run pictures -- FOLDER [NAME…]`: renders each `*.summary.md` of the folder (the logs of `npm run rehearse`) as
 * GitHub shows a job summary, light and dark, into `docs/pictures/`, as far as its first section. Needs Chromium with a
 * font of emoji, pngquant, and npm for what draws the pages:
 * marked, Mermaid and GitHub's style sheet are fetched for this alone and are no dependency.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./build/action-folders.ts";

const TOOLS = ["marked@17.0.6", "mermaid@11.17.2", "github-markdown-css@5.9.0"];
const WIDTH = 1000;
const THEMES = ["light", "dark"] as const;
const BACKGROUNDS = { light: "#ffffff", dark: "#0d1117" } as const;

type Marked = { parse(text: string, options: { gfm: boolean; async: false }): string };

/** Mermaid's blocks are drawn in the page, as GitHub draws them. */
function pageOf(html: string, tools: string, theme: (typeof THEMES)[number]): string {
  const style = readFileSync(join(tools, `node_modules/github-markdown-css/github-markdown-${theme}.css`), "utf8");
  const script = pathToFileURL(join(tools, "node_modules/mermaid/dist/mermaid.min.js")).href;
  const drawn = html.replaceAll(
    /<pre><code class="language-mermaid">([\s\S]*?)<\/code><\/pre>/g,
    '<pre class="mermaid">$1</pre>',
  );
  const mermaid = JSON.stringify({ startOnLoad: true, theme: theme === "dark" ? "dark" : "default" });
  return `<!doctype html><meta charset="utf-8"><style>${style}
html, body { background: ${BACKGROUNDS[theme]}; margin: 0 }
.markdown-body { padding: 24px; max-width: ${WIDTH - 48}px; font-family: "Noto Sans", "DejaVu Sans", sans-serif }
.mermaid { background: none }</style>
<article class="markdown-body">${drawn}</article>
<script src="${script}"></script><script>
mermaid.initialize(${mermaid});
addEventListener("load", () => setTimeout(() => { document.title = String(document.documentElement.scrollHeight); }, 1500));
</script>`;
}

function chromium(args: readonly string[], profile: string): string {
  const quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
  const more = ["--disable-component-update", "--disable-sync", "--allow-file-access-from-files", "--hide-scrollbars"];
  const options = [...quiet, ...more, `--user-data-dir=${profile}`, "--virtual-time-budget=8000"];
  return execFileSync("chromium", [...options, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

/** Twice: once to learn how high the page is, once to take the picture. */
function shoot(page: string, picture: string, profile: string): void {
  const url = pathToFileURL(page).href;
  const dom = chromium([`--window-size=${WIDTH},400`, "--dump-dom", url], profile);
  const height = Number(/<title>(\d+)<\/title>/.exec(dom)?.[1] ?? 1200);
  chromium([`--window-size=${WIDTH},${height}`, `--screenshot=${picture}`, url], profile);
}

/** Every user's runner downloads this repository: a few colours are enough for text. Left as it is without pngquant. */
function makeSmall(picture: string): void {
  const { error, status } = spawnSync("pngquant", [
    "--force",
    "--strip",
    "--speed",
    "1",
    "--output",
    picture,
    "24",
    picture,
  ]);
  if (error !== undefined || status !== 0)
    process.stdout.write(`pngquant did not run: ${picture} is larger than it need be\n`);
}

async function drawAll(folder: string, names: readonly string[]): Promise<void> {
  const tools = mkdtempSync(join(tmpdir(), "augeo-pictures-"));
  const target = join(root, "docs/pictures");
  mkdirSync(target, { recursive: true });
  try {
    execFileSync("npm", ["install", "--prefix", tools, "--no-audit", "--no-fund", ...TOOLS], { stdio: "ignore" });
    const { marked } = (await import(join(tools, "node_modules/marked/lib/marked.esm.js"))) as { marked: Marked };
    for (const file of readdirSync(folder).filter((one) => one.endsWith(".summary.md"))) {
      const name = file.slice(0, -".summary.md".length).replaceAll(/[^\w-]+/g, "-");
      if (names.length > 0 && !names.includes(name)) continue;
      const [top = ""] = readFileSync(join(folder, file), "utf8").split(/^#### /m);
      const html = marked.parse(top, { gfm: true, async: false });
      for (const theme of THEMES) {
        const page = join(tools, `${name}-${theme}.html`);
        writeFileSync(page, pageOf(html, tools, theme));
        const picture = join(target, `${name}-${theme}.png`);
        shoot(page, picture, join(tools, "profile"));
        makeSmall(picture);
        process.stdout.write(`docs/pictures/${name}-${theme}.png\n`);
      }
    }
  } finally {
    rmSync(tools, { recursive: true, force: true });
  }
}

const [folder, ...names] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write("Name the folder with the summaries: npm run pictures -- <logs of npm run rehearse>\n");
  process.exit(2);
}
await drawAll(folder, names);
