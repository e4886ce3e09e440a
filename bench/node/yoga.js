// GraphQL Yoga on node:http.
//
//     node yoga.js PORT ARTICLES DATABASE
'use strict'

const { createServer } = require('node:http')
const { createSchema, createYoga } = require('graphql-yoga')
const { typeDefs, fromCommandLine } = require('./schema')

const { port, resolvers } = fromCommandLine()
const yoga = createYoga({ schema: createSchema({ typeDefs, resolvers }), logging: false, graphiql: false })
createServer(yoga).listen(port, '127.0.0.1')
