// bun.lock: an independent JSONC parser, and the tuples by the rules of bun's bun.lock.rs.
// Usage: node bun.cjs <folder with node_modules>; protocol in benchmarks/parity.py
const { createRequire } = require('node:module')
const { join } = require('node:path')
const readline = require('node:readline')

const jsonc = createRequire(join(process.argv[2], 'package.json'))('jsonc-parser')

const LOCAL = ['workspace:', 'link:', 'root:']
const GIT = /^(git@|git:|git\+|ssh:|github:|gitlab:|bitbucket:|https?:.*\.git(#|$))/

// [name, what stands behind its @]; `@root:` has no name (dependency::split_name_and_version)
const split = identity => {
  const at = identity.indexOf('@', 1)
  if (at < 0) throw new Error(`no version in ${identity}`)
  return [identity.slice(0, at), identity.slice(at + 1)]
}

// Where the integrity stands: npm [id, registry, info, it], git [id, info, tag, it?], else [id, info, it?]
const read = ([identity, ...rest]) => {
  const [name, reference] = split(identity)
  if (LOCAL.some(protocol => reference.startsWith(protocol))) return null
  if (reference.startsWith('file:')) return [name, '', rest[1] ?? null]
  if (GIT.test(reference)) return [name, '', rest[2] ?? null]
  if (/^[0-9]/.test(reference) && typeof rest[0] === 'string') {
    if (rest.length !== 3 || typeof rest[2] !== 'string') throw new Error(`no integrity: ${identity}`)
    return [name, reference, rest[2] ?? null]
  }
  return [name, '', rest[1] ?? null]
}

const answer = text => {
  const errors = []
  const document = jsonc.parse(text, errors, { allowTrailingComma: true, disallowComments: false })
  if (errors.length) return { error: jsonc.printParseErrorCode(errors[0].error) }
  if (![0, 1, 2, 3].includes(document.lockfileVersion)) return { error: 'lockfileVersion' }
  if (!document.workspaces?.['']) return { error: 'no root workspace' }
  try {
    return { packages: Object.values(document.packages || {}).map(read).filter(Boolean) }
  } catch (error) {
    return { error: error.message }
  }
}

const main = async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(answer(JSON.parse(line).text)) + '\n')
  }
}
main()
