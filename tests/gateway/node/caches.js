// Prints what the clients of CLIENTS.md that have a cache keep after some pages: the files of the page are in the folder
// at hand. With it comes everything that they warned of.
import { gql } from "@apollo/client";

const [folder] = process.argv.slice(2);
const warnings = [];
for (const level of ["warn", "error"]) {
  console[level] = (...words) => warnings.push(words.join(" "));
}
const { client: apollo } = await import(`${folder}/apollo.js`);
const { client: urql } = await import(`${folder}/urql.js`);

const PAGE = `query Page($after: String) {
  articles(first: 1, after: $after) {
    edges { cursor node { id title images { url } credit { name } provider { id name images { url } articleCount } } }
    pageInfo { hasNextPage endCursor }
    facets { topics { values { value name count } } }
  }
}`;
const TOPIC = `query TopicPage($after: String) {
  topic(name: "fruit") { id name articles(first: 2, after: $after) {
    edges { node { id title } } pageInfo { hasNextPage endCursor }
  } }
}`;
const REST = `query Rest($id: ID!) {
  node(id: $id) { id ... on Article { key related { title provider { id name } article { id } } } }
  providers(first: 1) { edges { node { id name } } pageInfo { endCursor } }
  topics { edges { node { id name } } }
  index { generation articleCount }
  suggest(prefix: "pea") { kind text ranges(unit: UTF16) { start end } article { id title } }
  articles(search: "pear", first: 5) {
    search { didYouMean words { word match } }
    edges {
      node { id similar(first: 1) { id } whyNot(search: "apple") { rank reasons { kind } } }
      highlights { title { html ranges(unit: UTF16) { start end } } excerpt { fragment { html } } body { fragment { html } } }
      explain { score title }
    }
    facets { quality { min max } months { values { value count } } }
  }
}`;

const asked = {
  apollo: async (text, variables) => (await apollo.query({ query: gql(text), variables, fetchPolicy: "network-only" })).data,
  urql: async (text, variables) => {
    const { data, error } = await urql.query(text, variables, { requestPolicy: "network-only" }).toPromise();
    if (error) throw error;
    return data;
  },
};
const kept = {
  apollo: (text, variables) => apollo.readQuery({ query: gql(text), variables }),
  urql: async (text, variables) => (await urql.query(text, variables, { requestPolicy: "cache-only" }).toPromise()).data,
};
const nodes = (list) => list.edges.map((edge) => edge.node);

const results = [];
for (const name of ["apollo", "urql"]) {
  warnings.length = 0;
  const ask = asked[name];
  const ends = [null];
  for (let page = 0; page < 3; page += 1) {
    const { articles } = await ask(PAGE, { after: ends.at(-1) });
    ends.push(articles.pageInfo.endCursor);
  }
  const whole = (await kept[name](PAGE, { after: null })).articles;
  const first = (await ask(TOPIC, { after: null })).topic;
  await ask(TOPIC, { after: first.articles.pageInfo.endCursor });
  const topic = (await kept[name](TOPIC, { after: null })).topic;
  const rest = await ask(REST, { id: nodes(whole)[0].id });
  const title = nodes(rest.articles)[0] && rest.articles.edges[0].highlights.title;
  const pears = nodes(whole).find((node) => node.id === rest.articles.edges[0].node.id).title;
  results.push({
    name,
    titles: nodes(whole).map((node) => node.title),
    providers: [...new Set(nodes(whole).map((node) => `${node.provider.id} ${node.provider.name}`))],
    credits: nodes(whole).map((node) => node.credit.name),
    ofTopic: nodes(topic.articles).map((node) => node.title),
    marked: title.ranges.map(({ start, end }) => pears.slice(start, end)),
    suggested: rest.suggest.flatMap(({ text, ranges }) => ranges.map(({ start, end }) => text.slice(start, end))),
    warnings: [...warnings],
  });
}
console.log(JSON.stringify(results));
