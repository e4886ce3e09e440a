// Bundles GraphiQL into the folder named after its version, each file compressed, and collects the licences.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const manifest = (name) => JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8"));
const release = join("..", `${manifest("graphiql").version}-2`); // with a number of our own: browsers keep what is in it

const scripts = {
  entryPoints: {
    graphiql: "graphiql.jsx",
    "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
    "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
    "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
  },
  alias: {
    "monaco-editor/esm/vs/editor/edcore.main.js": "./editor.js",
    "prettier/parser-babel": "./json-format.js",
    "prettier/parser-graphql": "prettier/plugins/graphql", // the former is no ES module, and loses its exports
    "prettier/plugins/estree": "./json-format.js",
  },
  format: "esm",
  splitting: true,
  jsx: "automatic",
  loader: { ".css": "empty" }, // graphiql.css holds all of it
  define: { "process.env.NODE_ENV": '"production"' },
};

const withoutFonts = {
  name: "without-fonts",
  setup({ onLoad }) {
    onLoad({ filter: /graphiql\/dist\/style\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/@font-face\s*\{[^}]*font-family:\s*(Roboto|Fira Code);[^}]*\}/g, ""),
      loader: "css",
    }));
  },
};

const styles = { entryPoints: ["graphiql.css"], plugins: [withoutFonts] };

async function bundle(options) {
  const shared = { bundle: true, minify: true, target: "es2022", legalComments: "none", metafile: true, write: false };
  const result = await build({ ...shared, chunkNames: "part-[hash]", outdir: "bundled", ...options });
  for (const file of result.outputFiles) {
    writeFileSync(join(release, `${file.path.split("/").pop()}.gz`), gzipSync(file.contents, { level: 9 }));
  }
  return Object.keys(result.metafile.inputs);
}

function packageOf(path) {
  const [first, second] = path.split("node_modules/").pop().split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

function licence(name) {
  const { version, license } = manifest(name);
  const folder = join("node_modules", name);
  const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|thirdpartynotices)/i.test(file));
  const body = texts.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n");
  return `${"=".repeat(100)}\n${name} ${version} (${license})\n\n${body || "(the package carries no licence text)"}\n`;
}

if (existsSync(release)) rmSync(release, { recursive: true });
mkdirSync(release);
const inputs = [...(await bundle(scripts)), ...(await bundle(styles))].filter((path) => path.includes("node_modules"));
const packages = [...new Set(inputs.map(packageOf))].sort();
writeFileSync(join("..", "LICENCES.txt"), packages.map(licence).join("\n"));
