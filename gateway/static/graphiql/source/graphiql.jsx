// The page for developers: GraphiQL, set up by the attributes of the element it is drawn into, and by the address.
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { subscribed } from "./event-stream.js";

const OWN_WORKER = new Set(["graphql", "json"]);

globalThis.MonacoEnvironment = {
  getWorker(_, label) {
    const file = `./${OWN_WORKER.has(label) ? label : "editor"}.worker.js`;
    return new Worker(new URL(file, import.meta.url), { type: "module" });
  },
};

const root = document.getElementById("graphiql");
const url = root.dataset.endpoint;
const ask = createGraphiQLFetcher({ url });
const tour = JSON.parse(root.dataset.tour);

// `?query=` and `?variables=` fill a tab of their own, before the tour of those who have no tabs yet.
const address = new URLSearchParams(location.search);
const query = address.get("query") ?? undefined;
const variables = address.get("variables") ?? undefined;
const tabs = query === undefined ? tour : [{ query, variables }, ...tour.filter((tab) => tab.query !== query)];

function isSubscription({ documentAST } = {}, name) {
  const operations = documentAST?.definitions.filter(({ kind }) => kind === "OperationDefinition") ?? [];
  return operations.some((each) => each.operation === "subscription" && (!name || each.name?.value === name));
}

const fetcher = (request, options) =>
  isSubscription(options, request.operationName) ? subscribed(url, request, options) : ask(request, options);

createRoot(root).render(
  <GraphiQL fetcher={fetcher} defaultTabs={tabs} initialQuery={query} initialVariables={variables}>
    <GraphiQL.Logo>
      <a className="newsstand" href="./">
        Newsstand
      </a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
