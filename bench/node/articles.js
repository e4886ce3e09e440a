// All articles in memory, newest first, with a list for each topic and provider, and SQLite's FTS5 to search them.
'use strict'

const { readFileSync } = require('node:fs')
const Database = require('better-sqlite3')

const MATCHES = 'SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?'
const COUNT = 'SELECT count(*) FROM words WHERE words MATCH ?'
const NEWLINE = 10

class Articles {
  // `lines` has an article a line, as GraphQL answers have it; in `database` its place is the row's id.
  constructor (lines, database) {
    this.all = read(lines)
    this.byTopic = grouped(this.all, article => article.topics.map(topic => topic.toLowerCase()))
    this.byDomain = grouped(this.all, article => [article.provider.domain])
    const opened = new Database(database, { readonly: true })
    opened.pragma('mmap_size = 2147483648')
    opened.pragma('cache_size = -262144')
    this.matches = opened.prepare(MATCHES).pluck()
    this.counts = opened.prepare(COUNT).pluck()
    this.ordered = new Map()
  }

  // The best matches, of which there are `count` at most. All words are required.
  search (text, count) {
    return this.matches.all(required(text), count).map(place => this.all[place])
  }

  count (text) {
    return this.counts.get(required(text))
  }

  // A list with the best quality first, sorted once.
  byQuality (list) {
    const sorted = this.ordered.get(list) ?? [...list].sort((one, other) => (other.quality ?? -1) - (one.quality ?? -1))
    this.ordered.set(list, sorted)
    return sorted
  }

  inTopic (topic) {
    return this.byTopic.get(topic.toLowerCase()) ?? []
  }

  ofProvider (domain) {
    return this.byDomain.get(domain) ?? []
  }
}

function required (text) {
  return text.split(/\s+/).filter(Boolean).map(word => `"${word.replaceAll('"', '""')}"`).join(' ')
}

function read (path) {
  const bytes = readFileSync(path)
  const found = []
  for (let start = 0, end; (end = bytes.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
    found.push(JSON.parse(bytes.toString('utf8', start, end)))
  }
  return found
}

function grouped (articles, keysOf) {
  const groups = new Map()
  for (const article of articles) {
    for (const key of keysOf(article)) {
      const group = groups.get(key)
      if (group) group.push(article)
      else groups.set(key, [article])
    }
  }
  return groups
}

module.exports = { Articles }
