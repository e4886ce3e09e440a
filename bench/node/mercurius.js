// Mercurius on Fastify, compiling each document with graphql-jit when it comes for the second time.
//
//     node mercurius.js PORT ARTICLES DATABASE
'use strict'

const fastify = require('fastify')
const mercurius = require('mercurius')
const { typeDefs, fromCommandLine } = require('./schema')

const { port, resolvers } = fromCommandLine()
const app = fastify({ logger: false })
// All values come from GraphQL answers, so that leaves need not be checked and written anew.
app.register(mercurius, { schema: typeDefs, resolvers, jit: 1, compilerOptions: { disableLeafSerialization: true } })
app.listen({ port, host: '127.0.0.1' })
