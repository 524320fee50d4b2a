// Builds the front-end assets: the theme from its colours, and copies of the packages' files.
// Everything lands in src/provsluss/web/static/{theme,vendor}, which git does not keep.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const packages = join(root, "node_modules");
const tokens = join(root, "build/design-tokens");
const built = join(root, "build/theme");
const theme = join(root, "src/provsluss/web/static/theme");
const vendor = join(root, "src/provsluss/web/static/vendor");

for (const folder of [theme, vendor]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

// The theme: designsystemet.config.json → design tokens → one CSS file.
const designsystemet = join(root, "node_modules/.bin/designsystemet");
const quietly = { cwd: root, stdio: ["ignore", "ignore", "inherit"] };
execFileSync(designsystemet, ["tokens", "create", "--clean"], quietly);
execFileSync(designsystemet, ["tokens", "build", "-t", tokens, "-o", built, "--clean"], quietly);
cpSync(join(built, "provsluss.css"), join(theme, "provsluss.css"));

// Designsystemet's components and htmx: one file each.
cpSync(join(packages, "@digdir/designsystemet-css/dist/src/index.css"), join(vendor, "designsystemet.css"));
cpSync(join(packages, "htmx.org/dist/htmx.min.js"), join(vendor, "htmx.min.js"));

// Inter: the upright variable font in the alphabets of Swedish names.
const inter = join(packages, "@fontsource-variable/inter");
mkdirSync(join(vendor, "inter/files"), { recursive: true });
const wanted = readdirSync(join(inter, "files")).filter((name) => /^inter-latin(-ext)?-wght-normal\.woff2$/.test(name));
for (const name of wanted) cpSync(join(inter, "files", name), join(vendor, "inter/files", name));
const faces = readFileSync(join(inter, "wght.css"), "utf8").match(/@font-face\s*{[^}]*}/g) ?? [];
const kept = faces.filter((face) => wanted.some((name) => face.includes(name)));
if (kept.length !== 2) throw new Error(`Inter has other files than expected: ${wanted.join(", ")}`);
writeFileSync(join(vendor, "inter/inter.css"), kept.join("\n") + "\n");

// Everybody's licence goes along.
for (const [name, folder] of [["inter", inter], ["designsystemet-css", join(packages, "@digdir/designsystemet-css")], ["htmx", join(packages, "htmx.org")]]) {
  const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  if (licence) cpSync(join(folder, licence), join(vendor, `LICENSE-${name}`));
}

console.log("Front-end assets are built: src/provsluss/web/static/{theme,vendor}");
