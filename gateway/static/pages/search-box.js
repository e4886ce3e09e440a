// <newsstand-search>: a search box over /suggest.json and /search.json, without dependencies. README.md documents it.
//
// The element is an ARIA combobox (APG, "Combobox Pattern"): focus stays in the input, and the arrow keys choose among
// the options of one list box, which holds suggestions while a person types, and results after Enter.

const SERVER = new URL(".", import.meta.url).href;
const RECENT = "newsstand-search:recent";
const MOST_RECENT = 5;
const PATIENCE = 10_000; // milliseconds until an answer counts as failed
const KINDS = ["topic", "provider", "title", "word"];
const IS_MAC = /Mac|iP(hone|ad|od)/.test(navigator.platform);

const TEXTS = {
  en: {
    label: "Search articles",
    submit: "Search",
    clear: "Clear",
    suggestions: "Suggestions",
    results: "Results",
    topic: "Topics",
    provider: "Publishers",
    title: "Articles",
    word: "Words",
    recent: "Recent searches",
    forget: "Forget them",
    narrow: "Narrow by topic or publisher",
    suggested: { one: "{count} suggestion", other: "{count} suggestions" },
    total: { one: "{count} article", other: "{count} articles" },
    nothing: "Nothing was found for “{query}”.",
    nothingHere: "There are no articles here.",
    didYouMean: "Did you mean",
    leftOut: "No article has all of these words. Left out: {words}",
    more: "Show more",
    waiting: "Searching…",
    failed: "The search does not answer at the moment.",
    retry: "Try again",
    tips: "Search tips",
    tip: [
      ['"night train"', "these words next to each other"],
      ["train -night", "without a word"],
      ["electr*", "words that begin so"],
      ["title:train", "in titles only"],
    ],
  },
  de: {
    label: "Artikel suchen",
    submit: "Suchen",
    clear: "Leeren",
    suggestions: "Vorschläge",
    results: "Treffer",
    topic: "Themen",
    provider: "Quellen",
    title: "Artikel",
    word: "Wörter",
    recent: "Letzte Suchen",
    forget: "Vergessen",
    narrow: "Nach Thema oder Quelle eingrenzen",
    suggested: { one: "{count} Vorschlag", other: "{count} Vorschläge" },
    total: { one: "{count} Artikel", other: "{count} Artikel" },
    nothing: "Für „{query}“ wurde nichts gefunden.",
    nothingHere: "Hier gibt es keine Artikel.",
    didYouMean: "Meinten Sie",
    leftOut: "Kein Artikel hat alle diese Wörter. Weggelassen: {words}",
    more: "Mehr anzeigen",
    waiting: "Suche läuft …",
    failed: "Die Suche antwortet gerade nicht.",
    retry: "Noch einmal versuchen",
    tips: "Tipps zur Suche",
    tip: [
      ['"letzte Fähre"', "diese Wörter nebeneinander"],
      ["Fähre -letzte", "ohne ein Wort"],
      ["Eisen*", "Wörter, die so beginnen"],
      ["title:Fähre", "nur in Titeln"],
    ],
  },
};

const STYLE = `
:host {
  --_accent: var(--newsstand-accent, #a3291f);
  --_background: var(--newsstand-background, #fff);
  --_text: var(--newsstand-text, #1c1a17);
  --_muted: var(--newsstand-muted, #5f5a52);
  --_border: var(--newsstand-border, #8b857b);
  --_line: var(--newsstand-line, #e4dfd6);
  --_hover: var(--newsstand-hover, #f5f0e7);
  --_mark: var(--newsstand-mark, #ffe39a);
  --_radius: var(--newsstand-radius, 10px);
  color: var(--_text);
  display: block;
  font: var(--newsstand-font, 1rem/1.45 system-ui, sans-serif);
  position: relative;
  text-align: start;
}
@supports (color: light-dark(red, red)) {
  :host {
    --_accent: var(--newsstand-accent, light-dark(#a3291f, #ff9d8a));
    --_background: var(--newsstand-background, light-dark(#fff, #211f1c));
    --_text: var(--newsstand-text, light-dark(#1c1a17, #f0ebe2));
    --_muted: var(--newsstand-muted, light-dark(#5f5a52, #b3aca0));
    --_border: var(--newsstand-border, light-dark(#8b857b, #7d766b));
    --_line: var(--newsstand-line, light-dark(#e4dfd6, #3a3732));
    --_hover: var(--newsstand-hover, light-dark(#f5f0e7, #302d29));
    --_mark: var(--newsstand-mark, light-dark(#ffe39a, #6b5310));
  }
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
form {
  align-items: center;
  background: var(--_background);
  border: 1.5px solid var(--_border);
  border-radius: var(--_radius);
  display: flex;
  margin: 0;
  min-height: 48px;
}
form:focus-within { border-color: var(--_accent); outline: 3px solid var(--_accent); outline-offset: 1px; }
input {
  appearance: none;
  background: none;
  border: 0;
  color: inherit;
  flex: 1;
  font: inherit;
  font-size: max(1em, 16px);
  min-height: 44px;
  min-width: 0;
  outline: 0;
  padding: 0;
}
input::placeholder { color: var(--_muted); opacity: 1; }
button {
  background: none;
  border: 1px solid transparent;
  border-radius: 8px;
  color: inherit;
  cursor: pointer;
  font: inherit;
  min-height: 44px;
  min-width: 44px;
  padding: 0 .75em;
}
button:hover { background: var(--_hover); }
button:focus-visible, summary:focus-visible { outline: 3px solid var(--_accent); outline-offset: -2px; }
[part=submit], [part=clear] { border: 0; display: grid; padding: 0; place-items: center; }
[part=submit] { color: var(--_muted); }
svg { fill: none; height: 20px; stroke: currentColor; stroke-linecap: round; stroke-width: 2; width: 20px; }
kbd {
  border: 1px solid var(--_line);
  border-radius: 5px;
  color: var(--_muted);
  font: 500 .75em/1.6 system-ui, sans-serif;
  margin-inline-end: 12px;
  padding: 0 .5em;
  white-space: nowrap;
}
form:focus-within kbd { display: none; }
[part=panel] {
  background: var(--_background);
  border: 1px solid var(--_line);
  border-radius: var(--_radius);
  box-shadow: 0 12px 32px #0003;
  inset-inline: 0;
  margin-top: 8px;
  max-height: var(--newsstand-panel-height, min(72vh, 40rem));
  overflow: auto;
  overscroll-behavior: contain;
  padding: 6px;
  position: var(--newsstand-panel-position, absolute);
  top: 100%;
  z-index: var(--newsstand-panel-layer, 1000);
}
p { align-items: center; display: flex; flex-wrap: wrap; gap: 0 .5em; margin: 0; padding: 10px; }
[part=summary] { color: var(--_muted); font-size: .9em; }
[part=group] { color: var(--_muted); font-size: .8em; font-weight: 600; letter-spacing: .03em; padding: 10px 10px 4px; }
[role=option] {
  align-items: center;
  border-radius: 8px;
  color: inherit;
  cursor: pointer;
  display: flex;
  gap: 12px;
  min-height: 44px;
  padding: 8px 10px;
  text-decoration: none;
}
[role=option]:hover, [role=option][aria-selected=true] { background: var(--_hover); }
[role=option][aria-selected=true] { box-shadow: inset 3px 0 var(--_accent); }
:host(:dir(rtl)) [role=option][aria-selected=true] { box-shadow: inset -3px 0 var(--_accent); }
[part=label] { flex: 1; min-width: 0; overflow-wrap: anywhere; }
[part=count] { color: var(--_muted); font-size: .85em; font-variant-numeric: tabular-nums; }
[part=result] { align-items: flex-start; gap: 14px; padding-block: 12px; }
[part=headline] { display: block; font-weight: 600; line-height: 1.3; }
[part=meta], [part=excerpt] { color: var(--_muted); display: block; font-size: .875em; margin-top: 3px; }
[part=picture] {
  aspect-ratio: 4 / 3;
  background: var(--_hover);
  border-radius: 6px;
  flex: none;
  height: 66px;
  object-fit: cover;
  width: 88px;
}
mark { background: var(--_mark); border-radius: 2px; color: inherit; }
[part=option] mark { background: none; font-weight: 700; }
[part=chips] { display: flex; flex-wrap: wrap; gap: 8px; padding: 4px 10px 8px; }
[part=chip] { border-color: var(--_border); border-radius: 22px; font-size: .875em; }
[part=chip][aria-pressed=true] { background: var(--_accent); border-color: var(--_accent); color: var(--_background); }
[part=link] { color: var(--_accent); font-weight: 600; padding-inline: 0; text-decoration: underline; text-underline-offset: 3px; }
[part=more] { border-color: var(--_border); display: block; margin: 8px auto; }
details { border-top: 1px solid var(--_line); color: var(--_muted); font-size: .875em; margin-top: 6px; }
summary { border-radius: 8px; cursor: pointer; min-height: 44px; padding: 12px 10px; }
dl { display: grid; gap: 6px 16px; grid-template-columns: max-content 1fr; margin: 0; padding: 2px 10px 12px; }
dt { font-family: ui-monospace, Menlo, Consolas, monospace; }
dd { margin: 0; }
[role=status] { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; white-space: nowrap; width: 1px; }
@media (prefers-reduced-motion: no-preference) {
  [part=panel] { animation: open .12s ease-out; }
  @keyframes open { from { transform: translateY(-6px); } }
}
@media (max-width: 30rem) {
  kbd { display: none; }
  [part=picture] { height: 54px; width: 72px; }
  [part=result] [part=excerpt] { display: none; }
}
@media (forced-colors: active) {
  form, [part=panel], [part=chip], [part=more] { border-color: ButtonBorder; }
  [role=option][aria-selected=true], [part=chip][aria-pressed=true] {
    background: SelectedItem;
    color: SelectedItemText;
    forced-color-adjust: none;
  }
  [role=option][aria-selected=true] * { background: none; color: inherit; }
}`;

/** An element with attributes, listeners (`onclick`) and children. Values and children that are null or false are none. */
function h(name, attributes = {}, ...children) {
  const isDrawn = name === "svg" || name === "path";
  const element = isDrawn ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const icon = (path) => h("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, h("path", { d: path }));

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };

/** Nodes of HTML in which everything but `<mark>` is escaped: whatever a server sends, nothing else comes of it. */
function marked(html) {
  const text = (part) => part.replace(/&(amp|lt|gt|quot|#x27);/g, (_, name) => ENTITIES[name]);
  return html.split(/<mark>(.*?)<\/mark>/s).map((part, number) => (number % 2 ? h("mark", {}, text(part)) : text(part)));
}

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** The address if it is one of the web: nobody is led to `javascript:`. */
const webAddress = (address) => (/^https?:\/\//i.test(address) ? address : null);

const listed = (text) => (text ?? "").split(",").map((value) => value.trim()).filter(Boolean);

export class NewsstandSearch extends HTMLElement {
  static observedAttributes = ["placeholder", "lang", "value", "shortcut"];

  /** Texts by language. A page may add its own language, or replace some texts of one. */
  static texts = TEXTS;

  #input;
  #form;
  #clear;
  #key;
  #panel;
  #live;
  #request = null;
  #timer = 0;
  #lastAsk = -Infinity;
  #options = [];
  #active = -1;
  #view = null; // what the panel shows: suggestions, results, failure
  #chosen = { topic: [], provider: [] }; // facet values, each with its name
  #asked = null; // the question whose results are shown
  #hits = [];
  #listeners = null;
  #texts = {};

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    const sheet = new CSSStyleSheet(); // not an element, which a page's policy might forbid
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.#input = h("input", {
      part: "input",
      type: "text",
      name: "q",
      role: "combobox",
      autocomplete: "off",
      autocapitalize: "none",
      autocorrect: "off",
      spellcheck: "false",
      enterkeyhint: "search",
      inputmode: "search",
      maxlength: "500",
      "aria-autocomplete": "list",
      "aria-controls": "list",
      "aria-expanded": "false",
      "aria-haspopup": "listbox",
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#pressed(event),
      onclick: () => this.#view === null && this.#typed(),
    });
    this.#clear = h("button", { part: "clear", type: "button", tabindex: "-1", hidden: true, onclick: () => this.clear() });
    this.#clear.append(icon("M6 6l12 12M18 6L6 18"));
    this.#key = h("kbd", { part: "key", "aria-hidden": "true" });
    const submit = h("button", { part: "submit", tabindex: "-1" }, icon("M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14zM16.2 16.2L21 21"));
    this.#form = h("form", { part: "form", role: "search", onsubmit: (event) => (event.preventDefault(), this.search()) });
    this.#form.append(submit, this.#input, this.#clear, this.#key);
    // Pressing a button or an option must not take the focus from the input.
    const keepFocus = (event) => event.target.closest("[role=option], button") && event.preventDefault();
    this.#panel = h("div", { part: "panel", hidden: true, onmousedown: keepFocus });
    this.#form.addEventListener("mousedown", keepFocus);
    this.#live = h("div", { role: "status" });
    root.append(this.#form, this.#panel, this.#live);
  }

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    document.addEventListener("keydown", (event) => this.#isShortcut(event) && this.#reach(event), { signal });
    document.addEventListener("pointerdown", (event) => event.composedPath().includes(this) || this.#close(), { signal });
    const isLeft = (event) => document.hasFocus() && !this.contains(event.relatedTarget); // not for another window
    this.addEventListener("focusout", (event) => isLeft(event) && this.#close(), { signal });
    this.#describe();
    if (this.hasAttribute("value") && !this.#input.value) this.value = this.getAttribute("value");
    if (this.hasAttribute("autofocus")) this.#input.focus();
  }

  disconnectedCallback() {
    this.#listeners.abort();
    this.#close();
  }

  attributeChangedCallback(name, _, value) {
    if (name === "value") this.value = value ?? "";
    else if (this.isConnected) this.#describe();
  }

  /** The text in the input. */
  get value() {
    return this.#input.value;
  }

  set value(text) {
    this.#input.value = text;
    this.#clear.hidden = !text;
  }

  /** Texts that replace those of the language: `{ label: "Search our site" }`. */
  get texts() {
    return this.#texts;
  }

  set texts(texts) {
    this.#texts = texts;
    this.#describe();
  }

  /** Search for the text in the input, or for another, and show the results. */
  async search(text) {
    if (text !== undefined) this.value = text;
    if (this.value.trim() || this.#isNarrowed()) await this.#search();
    else this.#close();
  }

  /** Empty the input and close the panel. */
  clear() {
    this.value = "";
    this.#chosen = { topic: [], provider: [] };
    this.#close();
    this.#input.focus();
  }

  // ---- Texts and settings ----

  get #language() {
    return this.lang || this.closest("[lang]")?.lang || document.documentElement.lang || "en";
  }

  #text(name, values) {
    const pack = { ...TEXTS.en, ...TEXTS[this.#language.split("-")[0]], ...TEXTS[this.#language], ...this.#texts };
    const text = pack[name];
    if (!values) return text;
    if (typeof text === "string") return filled(text, values);
    const form = text[new Intl.PluralRules(this.#language).select(values.count)] ?? text.other;
    return filled(form, { count: values.count.toLocaleString(this.#language) });
  }

  #number(name, usual, most) {
    const number = Number.parseInt(this.getAttribute(name) ?? "", 10);
    return Number.isNaN(number) || number < 0 ? usual : Math.min(number, most);
  }

  get #shortcut() {
    return (this.getAttribute("shortcut") ?? "mod+k").toLowerCase();
  }

  #describe() {
    const label = this.#text("label");
    this.#input.setAttribute("aria-label", label);
    this.#input.placeholder = this.getAttribute("placeholder") ?? label;
    this.#clear.setAttribute("aria-label", this.#text("clear"));
    this.#form.firstChild.setAttribute("aria-label", this.#text("submit"));
    const key = this.#shortcut.split("+").pop();
    this.#key.hidden = !/^(mod\+)?\S$/.test(this.#shortcut);
    this.#key.textContent = this.#shortcut.includes("mod+") ? `${IS_MAC ? "⌘" : "Ctrl "}${key.toUpperCase()}` : key;
  }

  #isShortcut(event) {
    const [key, mod] = this.#shortcut.split("+").reverse();
    if (event.defaultPrevented || event.key.toLowerCase() !== key || event.altKey) return false;
    if (mod === "mod") return IS_MAC ? event.metaKey : event.ctrlKey;
    const element = event.composedPath()[0]; // a letter alone is none where one writes
    return !event.metaKey && !event.ctrlKey && !element.matches?.("input, textarea, select, [contenteditable]");
  }

  #reach(event) {
    event.preventDefault();
    this.#input.focus();
    this.#input.select();
  }

  // ---- The server ----

  /** The question in an address: the text, and what the attributes and the chosen chips narrow it to. */
  #question(more) {
    const question = new URLSearchParams(more);
    for (const name of ["topic", "provider"]) {
      const chosen = this.#chosen[name].map(({ value }) => value);
      for (const value of chosen.length ? chosen : listed(this.getAttribute(name))) question.append(name, value);
    }
    return question;
  }

  /** The answer; undefined where a later question came between, so that no answer overtakes another. */
  async #ask(path, question) {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.#lastAsk = performance.now();
    const patience = setTimeout(() => request.abort(new Error(this.#text("failed"))), PATIENCE);
    try {
      const base = new URL(this.getAttribute("endpoint") ?? SERVER, document.baseURI);
      const response = await fetch(new URL(`${path}?${question}`, base.href.replace(/\/?$/, "/")), { signal: request.signal });
      const answer = await response.json().catch(() => ({}));
      if (this.#request !== request) return undefined;
      if (!response.ok) throw Object.assign(new Error(answer.errors?.[0]?.message ?? response.statusText), { status: response.status });
      return answer;
    } catch (error) {
      if (this.#request !== request) return undefined;
      throw error;
    } finally {
      clearTimeout(patience);
    }
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
  }

  // ---- Suggestions ----

  /** Ask at once after a pause, and at most once each `debounce` milliseconds while a person types. */
  #typed() {
    this.#stop();
    this.#clear.hidden = !this.value;
    if (!this.value.trim()) return this.#showRecent();
    const wait = this.#lastAsk + this.#number("debounce", 80, 5000) - performance.now();
    this.#timer = setTimeout(() => this.#suggest(), Math.max(0, wait));
    if (wait <= 0) {
      clearTimeout(this.#timer);
      this.#suggest();
    }
  }

  async #suggest() {
    const query = this.value;
    try {
      const answer = await this.#ask("suggest.json", this.#question({ q: query }));
      if (answer) this.#showSuggestions(answer.suggestions);
    } catch (error) {
      this.#fail(error, () => this.#suggest());
    }
  }

  #showSuggestions(suggestions) {
    const groups = KINDS.map((kind) => [kind, suggestions.filter((each) => each.kind === kind)]);
    const options = (kind, each) => each.map((suggestion) => this.#suggestion(kind, suggestion));
    this.#show("suggestions", this.#list("suggestions", groups.map(([kind, each]) => [this.#text(kind), options(kind, each)])));
    this.#announce(this.#text("suggested", { count: suggestions.length }));
    if (!suggestions.length) this.#close();
  }

  #suggestion(kind, { text, html, count, article }) {
    const label = h("span", { part: "label", dir: "auto" }, marked(html));
    if (kind === "title") return this.#option(label, { url: article?.webUrl, kind, text, article });
    const shown = [label, h("span", { part: "count" }, this.#text("total", { count }))];
    return this.#option(shown, { kind, text }, () => {
      if (kind === "word") return this.search(text);
      if (kind === "provider" || this.hasAttribute("topic")) return this.search(`${kind}:"${text}"`);
      this.#chosen.topic = [{ value: text, name: text }];
      return this.search("");
    });
  }

  #showRecent() {
    const recent = this.hasAttribute("recent") ? readRecent() : [];
    if (!recent.length || this.value) return this.#close();
    const options = recent.map((text) => this.#option(h("span", { part: "label" }, text), { kind: "recent", text }, () => this.search(text)));
    const forget = h("button", { part: "more", type: "button", onclick: () => (writeRecent([]), this.clear()) }, this.#text("forget"));
    return this.#show("suggestions", this.#list("recent", [[this.#text("recent"), options]]), forget);
  }

  // ---- Results ----

  async #search() {
    this.#stop();
    const query = this.value.trim();
    const question = this.#question({ q: query, first: this.#number("page-size", 10, 100), facets: "topics,providers" });
    if (this.hasAttribute("ranking")) question.set("ranking", this.getAttribute("ranking"));
    if (this.#view !== "results") this.#show("results", h("p", { part: "summary" }, this.#text("waiting")));
    try {
      const answer = await this.#ask("search.json", question);
      if (!answer) return;
      this.#asked = question;
      this.#hits = answer.hits;
      this.#remember(query);
      this.#showResults(answer);
      const [topics, providers] = [question.getAll("topic"), question.getAll("provider")];
      this.#tell("search", { query, topics, providers, total: answer.total, answer });
    } catch (error) {
      this.#fail(error, () => this.#search());
    }
  }

  async #searchOn(answer) {
    this.#asked.set("after", answer.next);
    this.#asked.delete("facets"); // those of the first page hold for all
    try {
      const next = await this.#ask("search.json", this.#asked);
      if (!next) return;
      const first = this.#hits.length;
      this.#hits = [...this.#hits, ...next.hits];
      this.#showResults({ ...answer, next: next.next });
      this.#activate(first);
    } catch (error) {
      this.#fail(error, () => this.#search());
    }
  }

  #showResults(answer) {
    const query = this.value.trim();
    const total = this.#text("total", { count: answer.total });
    const nothing = query ? this.#text("nothing", { query }) : this.#text("nothingHere");
    const summary = answer.total ? total : nothing;
    const more = h("button", { part: "more", type: "button", onclick: () => this.#searchOn(answer) }, this.#text("more"));
    const options = this.#hits.map((hit) => this.#result(hit));
    const tips = this.#tips();
    tips.open = !answer.total;
    this.#show(
      "results",
      h("p", { part: "summary", dir: "auto" }, summary),
      answer.didYouMean && this.#offer(answer.didYouMean),
      answer.leftOut.length > 0 && h("p", { part: "summary" }, this.#text("leftOut", { words: answer.leftOut.join(", ") })),
      this.#chips(answer),
      options.length > 0 && this.#list("results", [["", options]]),
      answer.next && more,
      tips,
    );
    this.#announce(summary);
  }

  #offer(text) {
    const button = h("button", { part: "link", type: "button", onclick: () => this.search(text) }, text);
    return h("p", {}, this.#text("didYouMean"), button);
  }

  #result(hit) {
    const { title, excerpt, body } = hit.highlights;
    const date = new Date(hit.publishedDateTime).toLocaleDateString(this.#language, { dateStyle: "medium", timeZone: "UTC" });
    const description = body ?? excerpt;
    const text = h(
      "span",
      { part: "label" },
      h("span", { part: "headline", dir: "auto" }, marked(title)),
      h("span", { part: "meta" }, h("bdi", {}, hit.provider.name ?? hit.provider.domain), " · ", h("bdi", {}, date)),
      description && h("span", { part: "excerpt", dir: "auto" }, marked(description)),
    );
    const option = this.#option([this.#picture(hit.image), text], { url: hit.webUrl, kind: "result", text: hit.title, article: hit });
    option.setAttribute("part", "result");
    return option;
  }

  #picture(image) {
    const shown = this.getAttribute("pictures") ?? "all";
    if (!image || shown === "none") return null;
    const base = new URL(this.getAttribute("endpoint") ?? SERVER, document.baseURI);
    const url = new URL(image.url, base);
    if (!webAddress(url.href) || (shown === "own" && url.origin !== base.origin)) return null;
    const remove = (event) => event.target.remove();
    return h("img", { part: "picture", src: url.href, alt: "", loading: "lazy", width: 88, height: 66, onerror: remove });
  }

  #isNarrowed() {
    return this.#chosen.topic.length + this.#chosen.provider.length > 0;
  }

  /** Buttons for the topics and providers that the results have, the chosen ones first. */
  #chips({ facets }) {
    const names = ["topic", "provider"].filter((name) => !this.hasAttribute(name)); // what a page narrows stays so
    const chips = names.flatMap((name) => {
      const chosen = this.#chosen[name].map(({ value }) => value.toLowerCase());
      const offered = (facets?.[`${name}s`]?.values ?? []).filter(({ value }) => !chosen.includes(value.toLowerCase()));
      return [...this.#chosen[name], ...offered.slice(0, 4)].map((each, number) => this.#chip(name, each, number < chosen.length));
    });
    return chips.length > 0 && h("div", { part: "chips", role: "group", "aria-label": this.#text("narrow") }, chips);
  }

  #chip(parameter, value, isChosen) {
    const toggle = () => {
      const others = this.#chosen[parameter].filter((other) => other !== value);
      this.#chosen[parameter] = isChosen ? others : [...others, value];
      return this.#isNarrowed() || this.value.trim() ? this.#search() : this.#close();
    };
    const beside = isChosen ? "×" : h("span", { part: "count" }, value.count.toLocaleString(this.#language));
    return h("button", { part: "chip", type: "button", "aria-pressed": String(isChosen), onclick: toggle }, value.name, " ", beside);
  }

  #tips() {
    const rows = this.#text("tip").flatMap(([typed, meaning]) => [h("dt", {}, typed), h("dd", {}, meaning)]);
    return h("details", { part: "tips" }, h("summary", {}, this.#text("tips")), h("dl", {}, rows));
  }

  #remember(query) {
    if (query && this.hasAttribute("recent")) {
      writeRecent([query, ...readRecent().filter((other) => other !== query)].slice(0, MOST_RECENT));
    }
  }

  // ---- The panel ----

  #fail(error, again) {
    const retry = h("button", { part: "more", type: "button", onclick: again }, this.#text("retry"));
    const message = error.status && error.status < 500 ? error.message : this.#text("failed");
    const links = this.#hits.slice(0, 5).map((hit) => h("p", {}, h("a", { part: "link", href: webAddress(hit.webUrl) }, hit.title)));
    this.#show("failure", h("p", { part: "summary", role: "alert" }, message), retry, links, h("slot"));
    this.#tell("error", { message: error.message, status: error.status ?? 0 });
  }

  #list(name, groups) {
    const parts = groups.filter(([, options]) => options.length).map(([title, options], number) => {
      if (!title) return options;
      const heading = h("div", { part: "group", id: `group-${number}`, role: "presentation" }, title);
      return h("div", { role: "group", "aria-labelledby": `group-${number}` }, heading, options);
    });
    return h("div", { part: "list", role: "listbox", id: "list", "aria-label": this.#text(name) }, parts.flat());
  }

  /** An option that opens an address, or else does something; `detail` tells of it in the event `select`. */
  #option(content, detail, action) {
    const href = detail.url && webAddress(detail.url);
    const option = h(href ? "a" : "div", { part: "option", role: "option", href, tabindex: href && "-1", "aria-selected": "false" }, content);
    option.choose = (isNewTab) => {
      if (!this.#tell("select", { ...detail, newTab: isNewTab })) return;
      if (action) action();
      else if (isNewTab) window.open(href, "_blank", "noopener");
      else if (href) location.assign(href);
    };
    option.addEventListener("click", (event) => {
      event.preventDefault();
      option.choose(event.ctrlKey || event.metaKey || this.getAttribute("open-in") === "tab");
    });
    return option;
  }

  #show(view, ...content) {
    this.#view = view;
    if (this.shadowRoot.activeElement !== this.#input && this.matches(":focus-within")) this.#input.focus();
    this.#panel.replaceChildren(...content.flat().filter(Boolean));
    this.#panel.hidden = false;
    this.#panel.scrollTop = 0;
    this.#options = [...this.#panel.querySelectorAll("[role=option]")];
    this.#options.forEach((option, number) => (option.id = `option-${number}`));
    this.#input.setAttribute("aria-expanded", String(this.#options.length > 0));
    this.#activate(-1);
  }

  #close() {
    this.#stop();
    this.#view = null;
    this.#panel.hidden = true;
    this.#panel.replaceChildren();
    this.#options = [];
    this.#input.setAttribute("aria-expanded", "false");
    this.#activate(-1);
  }

  #activate(number) {
    this.#options[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = number;
    const option = this.#options[number];
    if (!option) return this.#input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    this.#input.setAttribute("aria-activedescendant", option.id);
    return option.scrollIntoView({ block: "nearest" });
  }

  /** Go to the next option, or the one before; between the last and the first lies the input. */
  #step(step) {
    this.#stop(); // the options must not change while somebody chooses
    const places = this.#options.length + 1;
    this.#activate(((this.#active + 1 + step + places) % places) - 1);
  }

  #announce(text) {
    this.#live.textContent = text;
  }

  /** Send an event; false where a listener wants to do itself what follows from it. */
  #tell(name, detail) {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: name === "select" }));
  }

  // ---- Keys ----

  #pressed(event) {
    if (event.isComposing) return; // the keys are those of an input method
    const isMod = IS_MAC ? event.metaKey : event.ctrlKey;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && !event.shiftKey && !isMod) {
      event.preventDefault();
      if (this.#view === null) this.#typed();
      else if (event.altKey) this.#close();
      else this.#step(steps[event.key]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.#active >= 0) this.#options[this.#active].choose(isMod || this.getAttribute("open-in") === "tab");
      else this.search();
    } else if (event.key === "Escape" && (this.#view !== null || this.value)) {
      event.preventDefault();
      if (this.#view !== null) this.#close();
      else this.clear();
    } else if (event.key === "Tab" && this.#view === "suggestions") {
      this.#close();
    }
  }
}

function readRecent() {
  try {
    const recent = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return Array.isArray(recent) ? recent.filter((text) => typeof text === "string").slice(0, MOST_RECENT) : [];
  } catch {
    return []; // storage is forbidden, or holds something else
  }
}

function writeRecent(recent) {
  try {
    localStorage.setItem(RECENT, JSON.stringify(recent));
  } catch {
    // storage is forbidden or full: nothing is kept
  }
}

if (!customElements.get("newsstand-search")) customElements.define("newsstand-search", NewsstandSearch);
