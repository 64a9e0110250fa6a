// Decides as `npm ci` does, for one project after another, in one process.
//
// Usage: node npm_ci.cjs <npm's own folder> <the id of the process that asks>
// Reads one JSON request a line, answers with one JSON line each:
//   {"universe": name, "packuments": {name: packument}}      what the registry of that name serves
//   {"decide": universe, "files": {path: text}, "options"}   -> {"inSync", "code", "messages"}
//   {"lock": universe, "files": {path: text}, "options"}     -> {"lockfile"}
// The steps are those of npm's lib/commands/ci.js.  The registry is a server of
// this process on the loopback; nothing else can be reached.  Ends with stdin, and
// with whoever started it: also in the middle of an answer, and when somebody else
// holds the other end of stdin.

'use strict'

const fs = require('node:fs')
const http = require('node:http')
const os = require('node:os')
const path = require('node:path')
const readline = require('node:readline')
const { Worker } = require('node:worker_threads')

const npm = process.argv[2]
const parent = Number(process.argv[3])
const scratch = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'npm-ci-'))

// A thread of its own: it looks however busy this one is.
new Worker(`
  const { workerData } = require('node:worker_threads')
  setInterval(() => {
    if (process.ppid !== workerData.parent) {
      require('node:fs').rmSync(workerData.scratch, { recursive: true, force: true })
      process.kill(process.pid, 'SIGKILL')
    }
  }, 500)
`, { eval: true, workerData: { parent, scratch } }).unref()

const Arborist = require(path.join(npm, 'node_modules/@npmcli/arborist'))
const PackumentCache = require(
  path.join(npm, 'node_modules/@npmcli/arborist/lib/packument-cache.js'))
const validateLockfile = require(path.join(npm, 'lib/utils/validate-lockfile.js'))

const universes = new Map()
const caches = new Map()

const server = http.createServer((request, response) => {
  const [, universe, ...rest] = decodeURIComponent(request.url).split('/')
  const packument = universes.get(universe)?.[rest.join('/')]
  response.statusCode = packument === undefined ? 404 : 200
  response.setHeader('content-type', 'application/json')
  response.setHeader('connection', 'close')
  response.end(JSON.stringify(packument ?? { error: 'not found' }))
})

const DEAD = 'http://127.0.0.1:9' // whatever is no registry request ends here

const optionsFor = (universe, folder, options) => {
  if (!caches.has(universe)) {
    caches.set(universe, new PackumentCache())
  }
  return {
    path: folder,
    registry: `http://127.0.0.1:${server.address().port}/${universe}/`,
    cache: path.join(scratch, 'cache'),
    packumentCache: caches.get(universe),
    workspaces: [],
    ignoreScripts: true,
    audit: false,
    fetchRetries: 0,
    git: path.join(scratch, 'no-git'),
    proxy: DEAD,
    httpsProxy: DEAD,
    noProxy: '127.0.0.1',
    ...options,
  }
}

const withProject = async (files, use) => {
  const folder = fs.mkdtempSync(path.join(scratch, 'project-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      const place = path.join(folder, name)
      fs.mkdirSync(path.dirname(place), { recursive: true })
      fs.writeFileSync(place, text)
    }
    return await use(folder)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

const problemEdges = inventory => {
  const found = []
  for (const node of inventory.values()) {
    for (const edge of node.edgesOut.values()) {
      try {
        if (edge.error) {
          found.push(`${node.location}|${edge.type}|${edge.name}@${edge.spec}|${edge.error}`)
        }
      } catch (error) {
        found.push(`${node.location}|${edge.type}|${edge.name}|${error.message}`)
      }
    }
  }
  return found.sort()
}

const decide = (universe, files, options) => withProject(files, async folder => {
  const settings = { ...optionsFor(universe, folder, options), packageLock: true, save: false }
  const virtual = new Arborist(settings)
  try {
    await virtual.loadVirtual()
  } catch (error) {
    return { inSync: false, code: 'ELOADVIRTUAL', messages: [error.message], edges: [] }
  }
  const locked = new Map(virtual.virtualTree.inventory)
  const edges = problemEdges(locked)
  try {
    const ideal = new Arborist(settings)
    await ideal.buildIdealTree()
    const messages = validateLockfile(locked, ideal.idealTree.inventory)
    return { inSync: messages.length === 0, code: '', messages, edges }
  } catch (error) {
    return { inSync: false, code: error.code ?? 'ERROR', messages: [error.message], edges }
  }
})

const lock = (universe, files, options) => withProject(files, async folder => {
  const arborist = new Arborist(optionsFor(universe, folder, options))
  try {
    return { lockfile: await arborist.lockfileString() }
  } catch (error) {
    return { lockfile: null, code: error.code ?? 'ERROR', messages: [error.message] }
  }
})

const answer = request => {
  if (request.universe !== undefined) {
    universes.set(request.universe, request.packuments)
    caches.delete(request.universe)
    return { ready: true }
  }
  return request.decide !== undefined
    ? decide(request.decide, request.files, request.options)
    : lock(request.lock, request.files, request.options)
}

process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }))

server.listen(0, '127.0.0.1', async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n')
  }
  server.close()
  process.exit(0)
})
