// Prints what subscribers of several makers are told by the server at the given address: an article that enters, and,
// after all connections were lost, one that leaves. The rest of the arguments is a command that builds an index; the
// file named before it is written for the first build, and removed for the second.
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { ApolloClient, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient as createSse } from "graphql-sse";
import { createClient as createWs } from "graphql-ws";
import WebSocket from "ws";

const [target, file, command, ...options] = process.argv.slice(2);
const { port, origin, hostname } = new URL(target);
const QUERY = "subscription { articleChanges { change key article { title } } }";
const ARTICLE = `---
title: Plums are ripe
publishedDateTime: 2024-05-03T08:00:00Z
webUrl: https://daily.example/plums
provider:
  domain: daily.example
---
`;

// A proxy, whose connections can be lost.
const sockets = new Set();
let isDown = false;
const proxy = createServer((client) => {
  if (isDown) return client.destroy();
  const server = connect(Number(port), hostname);
  for (const [from, to] of [[client, server], [server, client]]) {
    sockets.add(from);
    from.pipe(to);
    from.on("error", () => {});
    from.on("close", () => (sockets.delete(from), to.destroy()));
  }
});
await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
const address = `127.0.0.1:${proxy.address().port}/graphql`;

const told = { "graphql-ws": [], "graphql-sse": [], apollo: [], urql: [], "urql-sse": [] };
const take = (name) => (result) => {
  if (!result.data) throw new Error(`${name}: ${JSON.stringify(result)}`);
  const { change, key, article } = result.data.articleChanges;
  told[name].push([change, key, article?.title ?? null]);
};
const ws = () =>
  createWs({ url: `ws://${address}`, webSocketImpl: WebSocket, shouldRetry: () => true, retryAttempts: 100 });
const observer = (name) => ({ next: take(name), error: () => {}, complete: () => {} });

const apollo = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(ws()) });
const forUrql = ws();
const forward = ({ query, variables }) => ({
  subscribe: (sink) => ({ unsubscribe: forUrql.subscribe({ query, variables }, sink) }),
});
const urql = new Client({
  url: `http://${address}`,
  preferGetMethod: false,
  exchanges: [subscriptionExchange({ forwardSubscription: forward })],
});
const urqlSse = new Client({
  url: `http://${address}`,
  preferGetMethod: false,
  fetchSubscriptions: true,
  exchanges: [fetchExchange],
});
const sse = createSse({ url: `http://${address}`, retryAttempts: 100 });
const ends = [
  ws().subscribe({ query: QUERY }, observer("graphql-ws")),
  sse.subscribe({ query: QUERY }, observer("graphql-sse")),
  ((each) => () => each.unsubscribe())(apollo.subscribe({ query: gql(QUERY) }).subscribe(take("apollo"))),
  ((each) => () => each.unsubscribe())(urql.subscription(QUERY, {}).subscribe(take("urql"))),
  ((each) => () => each.unsubscribe())(
    urqlSse.subscription(QUERY, {}).subscribe((result) => result.data && take("urql-sse")(result)),
  ),
];

const until = async (holds) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
};
const followedBy = (count) =>
  until(async () => {
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    return Number(/^newsstand_subscriptions (\d+)$/m.exec(metrics)[1]) === count;
  });
const build = () => execFileSync(command, options, { stdio: "ignore" });

await followedBy(5);
writeFileSync(file, ARTICLE);
build();
await until(() => Object.values(told).every((changes) => changes.length === 1));
isDown = true;
for (const socket of sockets) socket.destroy();
await followedBy(0); // else some might still be counted that are lost already
isDown = false;
await followedBy(4); // urql does not connect an event stream again
rmSync(file);
build();
await until(() => Object.entries(told).every(([name, changes]) => changes.length === (name === "urql-sse" ? 1 : 2)));
for (const end of ends) end();
await followedBy(0);
console.log(JSON.stringify([told]));
process.exit(0);
