// npm's own reading of lockfiles and workspaces.
// stdin: {"npm": folder of npm, "trees": [project folder, ...],
//         "workspaces": [{"cwd": folder, "patterns": [...]}, ...]}
// stdout: {"trees": [location -> node, or {"error"}], "workspaces": [[folder, ...], or {"error"}]}
const { readFileSync, realpathSync } = require('node:fs')
const { join, relative } = require('node:path')

const request = JSON.parse(readFileSync(0, 'utf8'))
const from = name => require(join(request.npm, 'node_modules', name))

const file = (root, resolved) =>
  resolved && resolved.startsWith('file:/') ? `file:${relative(root, resolved.slice(5))}` : resolved

const node = (root, found) => ({
  name: found.packageName || found.name,
  alias: found.name,
  version: found.version,
  resolved: found.isLink ? null : file(root, found.resolved),
  integrity: found.integrity,
  dev: found.dev,
  optional: found.optional,
  in_bundle: found.inBundle,
  in_dep_bundle: found.inDepBundle,
  link: found.isLink ? found.target.location : null,
  script: found.hasInstallScript,
  shrinkwrap: found.hasShrinkwrap,
  edges: found.isLink ? {} : Object.fromEntries(
    [...found.edgesOut.values()].map(edge => [edge.name, [edge.type, edge.rawSpec]])),
})

const tree = async folder => {
  const Arborist = from('@npmcli/arborist')
  const root = realpathSync(folder)
  const loaded = await new Arborist({ path: root }).loadVirtual()
  return Object.fromEntries([...loaded.inventory.values()].map(n => [n.location, node(root, n)]))
}

const workspaces = async ({ cwd, patterns }) => {
  const map = from('@npmcli/map-workspaces')
  const root = realpathSync(cwd)
  const found = await map({ cwd: root, pkg: { workspaces: patterns } })
  return [...found.values()].map(path => relative(root, path)).sort()
}

const all = (items, ask) =>
  Promise.all(items.map(item => ask(item).catch(er => ({ error: er.code || er.message }))))

const main = async () => ({
  trees: await all(request.trees || [], tree),
  workspaces: await all(request.workspaces || [], workspaces),
})
main().then(answer => process.stdout.write(JSON.stringify(answer)))
