// pnpm-lock.yaml, each lockfileVersion as the last release of pnpm's own reader that knew it.
// Usage: node pnpm.cjs <folder with node_modules>; protocol in benchmarks/parity.py
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const readline = require('node:readline')

const load = createRequire(join(process.argv[2], 'package.json'))
const scratch = mkdtempSync(join(tmpdir(), 'parity-'))

const byItsReader = reader => text => {
  writeFileSync(join(scratch, 'pnpm-lock.yaml'), text)
  return load(reader).readWantedLockfile(scratch, { ignoreIncompatible: false })
}
// lockfileVersion's major -> how the text is read, and which package knows its keys;
// pnpm 7 keeps the packages of a 5.x file as they are parsed
const READERS = {
  5: [text => load('js-yaml').load(text), 'utils-7'],
  6: [byItsReader('lockfile-8'), 'utils-8'],
  9: [byItsReader('lockfile-10'), 'utils-10'],
}

const read = async text => {
  const major = [...text.matchAll(/^lockfileVersion: *'?"?(\d+)/gm)].at(-1)?.[1]
  if (READERS[major] === undefined) throw new Error(`lockfileVersion ${major} is not known`)
  const [reader, utils] = READERS[major]
  const lockfile = await reader(text)
  if (lockfile === null) throw new Error('is empty')
  return Object.entries(lockfile.packages ?? {}).map(([key, entry]) => {
    const { name, version } = load(utils).nameVerFromPkgSnapshot(key, entry)
    const { integrity, variants } = entry.resolution ?? {} // variants: a runtime's archives
    return [name, version ?? '', integrity ?? variants?.[0].resolution.integrity ?? null]
  })
}

const main = async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let answer
    try {
      answer = { packages: await read(JSON.parse(line).text) }
    } catch (error) {
      answer = { error: String(error.message ?? error).slice(0, 500) }
    }
    process.stdout.write(JSON.stringify(answer) + '\n')
  }
  rmSync(scratch, { recursive: true })
}
main()
