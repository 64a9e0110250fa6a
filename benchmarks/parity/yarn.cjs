// yarn.lock: @yarnpkg/lockfile for `# yarn lockfile v1`; @yarnpkg/parsers, and structUtils of
// @yarnpkg/core, for Berry.
// Usage: node yarn.cjs <folder with node_modules>; protocol in benchmarks/parity.py
const { createRequire } = require('node:module')
const { join } = require('node:path')
const readline = require('node:readline')

const load = createRequire(join(process.argv[2], 'package.json'))

// name@range; the name ends at the first @ behind a scope's (yarn, normalize-pattern.js)
const split = text => {
  const at = text.indexOf('@', 1)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

// An alias (`a@npm:real@^1`) stands under the alias: only its pattern tells the package.
// The parser gives the patterns of one entry the same object.
const classic = text => {
  const read = load('@yarnpkg/lockfile').parse(text)
  if (read.type !== 'success') throw new Error(`not clean: ${read.type}`)
  const names = new Map()
  for (const [pattern, entry] of Object.entries(read.object)) {
    const [name, range] = split(pattern)
    if (range.startsWith('link:') && entry.resolved === undefined) continue
    if (range.startsWith('npm:')) names.set(entry, split(range.slice(4))[0])
    else if (!names.has(entry)) names.set(entry, name)
  }
  return [...names].map(([entry, name]) => [name, entry.version, entry.integrity ?? null])
}

const berry = text => {
  const { __metadata, ...entries } = load('@yarnpkg/parsers').parseSyml(text)
  const { parseLocator, stringifyIdent } = load('@yarnpkg/core').structUtils
  if (__metadata === undefined) throw new Error('no __metadata')
  return Object.values(entries)
    .filter(entry => entry.linkType !== 'soft')
    .map(entry => {
      const locator = parseLocator(entry.resolution, true)
      return [stringifyIdent(locator), entry.version, entry.checksum ?? null]
    })
}

readline.createInterface({ input: process.stdin }).on('line', line => {
  let answer
  try {
    const { text } = JSON.parse(line)
    answer = { packages: (/^__metadata:/m.test(text) ? berry : classic)(text) }
  } catch (error) {
    answer = { error: String(error.message ?? error).split('\n')[0] }
  }
  console.log(JSON.stringify(answer))
})
