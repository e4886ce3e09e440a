// The home page works without this: it copies commands, and keeps the address of a search in step with the box.
for (const figure of document.querySelectorAll(".command")) {
  const code = figure.querySelector("code");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy: ${figure.querySelector("figcaption").textContent}`);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code); // pages without TLS may not write: Ctrl+C does it
    }
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  figure.append(button);
}

const here = new URL(location.href);
const box = document.querySelector("newsstand-search");

box?.addEventListener("search", ({ detail: { query, topics, providers } }) => {
  const question = new URLSearchParams(query && { q: query });
  for (const topic of topics) question.append("topic", topic);
  for (const provider of providers) question.append("provider", provider);
  history.replaceState(null, "", question.size ? `./?${question}` : here);
});
