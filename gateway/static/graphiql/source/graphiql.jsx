// The page for people: GraphiQL, set up by the attributes of the element it is drawn into.
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";

const OWN_WORKER = new Set(["graphql", "json"]);

globalThis.MonacoEnvironment = {
  getWorker(_, label) {
    const file = `./${OWN_WORKER.has(label) ? label : "editor"}.worker.js`;
    return new Worker(new URL(file, import.meta.url), { type: "module" });
  },
};

const place = document.getElementById("graphiql");
const fetcher = createGraphiQLFetcher({ url: place.dataset.endpoint });

createRoot(place).render(
  <GraphiQL fetcher={fetcher} defaultQuery={place.dataset.query}>
    <GraphiQL.Logo>
      <span className="newsstand">Newsstand</span>
    </GraphiQL.Logo>
  </GraphiQL>,
);
