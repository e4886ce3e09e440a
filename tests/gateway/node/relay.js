// Prints the lists that Relay keeps after two pages of each fragment of CLIENTS.md, whose files are in the folder at hand,
// and everything that it warned of.
import { createOperationDescriptor, fetchQuery, getRequest, getSelector } from "relay-runtime";

const [folder, topicId, providerId] = process.argv.slice(2);
const warnings = [];
for (const level of ["warn", "error"]) {
  console[level] = (...words) => warnings.push(words.join(" "));
}
const { environment } = await import(`${folder}/relay/environment.js`);
const generated = async (name) => (await import(`${folder}/relay/__generated__/${name}.graphql.js`)).default;

const results = [];
for (const [name, parts] of Object.entries({
  topic: { query: "ListsTopicQuery", fragment: "Lists_topic", id: topicId },
  provider: { query: "ListsProviderQuery", fragment: "Lists_provider", id: providerId },
  newest: { query: "ListsNewestQuery", fragment: "Lists_newest" },
})) {
  const query = await generated(parts.query);
  const fragment = await generated(parts.fragment);
  const held = (variables) => {
    const operation = createOperationDescriptor(getRequest(query), variables);
    environment.retain(operation);
    const root = environment.lookup(operation.fragment).data;
    return environment.lookup(getSelector(fragment, parts.id ? root.node : root)).data;
  };
  const variables = { count: 2, ...(parts.id && { id: parts.id }) };
  await fetchQuery(environment, query, { ...variables, cursor: null }).toPromise();
  const { endCursor } = held({ ...variables, cursor: null }).articles.pageInfo;
  await fetchQuery(environment, query, { ...variables, cursor: endCursor }).toPromise();
  const list = held({ ...variables, cursor: null });
  results.push({
    name,
    of: list.name,
    titles: list.articles.edges.map((edge) => edge.node.title),
    hasNext: list.articles.pageInfo.hasNextPage,
  });
}
console.log(JSON.stringify([...results, { warnings }]));
