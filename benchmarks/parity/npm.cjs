// package-lock.json and npm-shrinkwrap.json as npm's own arborist loads them.
// Usage: node npm.cjs <folder with node_modules>; protocol in benchmarks/parity.py
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const readline = require('node:readline')

const Arborist = createRequire(join(process.argv[2], 'package.json'))('@npmcli/arborist')

// Fetched from somewhere: not the root, a workspace, a linked folder or the link to it.
const isFetched = node => !node.isLink && !node.isRoot && node.location.includes('node_modules')

// arborist makes file: paths absolute and fills a missing version from the name of the file
const triple = node => [node.packageName || node.name, node.version || '', node.integrity || null]

const read = async text => {
  const folder = mkdtempSync(join(tmpdir(), 'parity-'))
  try {
    writeFileSync(join(folder, 'package-lock.json'), text)
    const tree = await new Arborist({ path: folder }).loadVirtual()
    return { packages: [...tree.inventory.values()].filter(isFetched).map(triple) }
  } catch (error) {
    return { error: `${error.code || ''} ${error.message}`.trim() }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const main = async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const answer = await read(JSON.parse(line).text)
    process.stdout.write(JSON.stringify(answer) + '\n')
  }
}
main()
