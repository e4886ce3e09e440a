// Prints what clients of several makers get from the server at the given address: all titles page by page, the code of
// an error, and the requests that go over the wire when a query is persisted and then asked for twice.
import { createHash } from "node:crypto";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { Client, fetchExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { GraphQLClient } from "graphql-request";

const url = process.argv[2];
const PAGE = `query Page($after: String) {
  articles(first: 1, after: $after) { nodes { title } pageInfo { hasNextPage endCursor } }
}`;
const WRONG = "{ articles(first: 1000) { nodes { title } } }";
const INVALID = "{ nonsense }";

const wire = [];
const watched = async (address, options) => {
  const response = await fetch(address, options);
  const sent = String(address) + (options?.body ?? "");
  wire.push({ method: options?.method ?? "GET", status: response.status, full: /[?&"]query["=]/.test(sent) });
  return response;
};

const apollo = () => {
  const persisted = new PersistedQueryLink({
    sha256: (text) => createHash("sha256").update(text).digest("hex"),
    useGETForHashedQueries: true,
  });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([persisted, new HttpLink({ uri: url, fetch: watched })]),
    defaultOptions: { query: { fetchPolicy: "no-cache", errorPolicy: "all" } },
  });
  return async (text, variables) => {
    const { data, error } = await client.query({ query: gql(text), variables });
    return { data, errors: error?.errors };
  };
};

const urql = () => {
  const client = new Client({
    url,
    fetch: watched,
    preferGetMethod: false,
    exchanges: [persistedExchange({ preferGetForPersistedQueries: true }), fetchExchange],
  });
  return async (text, variables) => {
    const { data, error } = await client.query(text, variables ?? {}).toPromise();
    return { data, errors: error?.graphQLErrors };
  };
};

const plain = (method) => () => {
  const client = new GraphQLClient(url, { method, fetch: watched, errorPolicy: "all" });
  return async (text, variables) => {
    try {
      const { data, errors } = await client.rawRequest(text, variables);
      return { data, errors };
    } catch (error) {
      return { data: null, errors: error.response.errors };
    }
  };
};

const titles = async (ask) => {
  const found = [];
  let after = null;
  do {
    const { data } = await ask(PAGE, { after });
    found.push(...data.articles.nodes.map((node) => node.title));
    after = data.articles.pageInfo.hasNextPage ? data.articles.pageInfo.endCursor : null;
  } while (after);
  return found;
};

const code = async (ask, text) => (await ask(text)).errors.map((error) => error.extensions.code);

const results = [];
for (const [name, make] of Object.entries({ apollo, urql, post: plain("POST"), get: plain("GET") })) {
  const result = { name, titles: await titles(make()) };
  result.wrong = await code(make(), WRONG);
  result.invalid = await code(make(), INVALID);
  const text = `query Persisted_${name} { articles(first: 1) { totalCount } }`;
  wire.length = 0;
  result.counts = [];
  for (let turn = 0; turn < 2; turn += 1) {
    result.counts.push((await make()(text)).data.articles.totalCount);
  }
  results.push({ ...result, wire: [...wire] });
}
console.log(JSON.stringify(results));
