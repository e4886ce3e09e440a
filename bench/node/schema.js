// The part of Newsstand's schema that is asked for, and its resolvers. Dates and URLs are plain strings here.
'use strict'

const { Articles } = require('./articles')

const typeDefs = `
  type Query {
    articles(search: String, topic: String, ranking: Ranking, first: Int = 20, after: String): ArticleConnection!
  }
  enum Ranking { RELEVANCE NEWEST QUALITY }
  type ArticleConnection { totalCount: Int! edges: [ArticleEdge!]! nodes: [Article!]! pageInfo: PageInfo! }
  type ArticleEdge { cursor: String! node: Article! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Article {
    id: ID!
    key: String!
    title: String!
    excerpt: String
    category: String
    type: String
    quality: Int
    heat: Int
    publishedDateTime: String!
    webUrl: String!
    ampWebUrl: String
    cdnAmpWebUrl: String
    topics: [String!]!
    provider: Provider!
    images: [Image!]!
    related: [Related!]!
  }
  type Provider {
    name: String
    domain: String!
    images: [Image!]!
    articles(first: Int = 20, after: String): ArticleConnection!
  }
  type Image { url: String! width: Int height: Int title: String }
  type Related {
    title: String!
    excerpt: String
    publishedDateTime: String
    webUrl: String!
    type: String
    quality: Int
    provider: Provider
    images: [Image!]!
  }
`

function resolversOver (articles) {
  return {
    Query: {
      articles (_, { search, topic, ranking, first, after }) {
        const start = startOf(after)
        if (search) {
          return page(articles.search(search, start + first + 1), start, first, () => articles.count(search))
        }
        const list = topic ? articles.inTopic(topic) : articles.all
        return page(ranking === 'QUALITY' ? articles.byQuality(list) : list, start, first)
      }
    },
    ArticleConnection: {
      edges: ({ nodes, start }) => nodes.map((node, number) => ({ node, cursor: cursorOf(start + number + 1) })),
      totalCount: ({ count }) => count()
    },
    Provider: {
      articles: (provider, { first, after }) => page(articles.ofProvider(provider.domain), startOf(after), first)
    }
  }
}

function page (list, start, size, count = () => list.length) {
  const end = Math.min(start + size, list.length)
  const endCursor = end > start ? cursorOf(end) : null
  return { start, count, nodes: list.slice(start, end), pageInfo: { hasNextPage: list.length > end, endCursor } }
}

function cursorOf (end) {
  return Buffer.from(String(end)).toString('base64')
}

function startOf (cursor) {
  return cursor ? Number(Buffer.from(cursor, 'base64').toString()) : 0
}

// The port to listen on, and the resolvers over the articles that the command line names.
function fromCommandLine () {
  const [port, lines, database] = process.argv.slice(2)
  return { port: Number(port), resolvers: resolversOver(new Articles(lines, database)) }
}

module.exports = { typeDefs, fromCommandLine }
