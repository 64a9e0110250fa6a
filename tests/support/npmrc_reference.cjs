// What npm itself makes of .npmrc files.  Run with the folder of npm as first
// and a scratch folder as second argument; reads a JSON list of base64 files on
// stdin and writes a JSON list of answers:
//   ini       top-level keys of the ini object: [key, [String(item), ...], is array]
//   config    the project layer of @npmcli/config, likewise; null when it throws
//   booleans  Boolean keys after validation
//   registry  what is asked for "@acme/x" and for "x"; null = npm's own default
const { join } = require('node:path')
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs')
const [, , npm, scratch] = process.argv
const load = (name) => require(join(npm, 'node_modules', name))
const ini = load('ini')
const Config = load('@npmcli/config')
const { pickRegistry } = load('npm-registry-fetch')
const { definitions, shorthands, flatten, nerfDarts } = load('@npmcli/config/lib/definitions')

const BOOLEANS = Object.keys(definitions).filter((key) => definitions[key].type === Boolean)
const PLAIN = (key) => {
  const types = [].concat(definitions[key]?.type ?? String)
  return types.every((type) => type === null || type === String || type === Boolean ||
    type === Array || typeof type === 'string' || typeof type === 'boolean' ||
    type === require('node:url'))
}
const show = (object) => Object.keys(object).map((key) => {
  const value = object[key]
  if (Array.isArray(value)) {
    return [key, value.map(String), true]
  }
  const text = value !== null && typeof value === 'object' ? null : String(value)
  return [key, [text], false]
})

const answer = async (number, bytes) => {
  const project = join(scratch, String(number))
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{}')
  writeFileSync(join(project, '.npmrc'), bytes)
  const config = new Config({
    npmPath: scratch, definitions, shorthands, flatten, nerfDarts,
    env: { HOME: scratch }, argv: ['node', 'npm'], cwd: project, warn: false,
  })
  const answer = { ini: null, config: null, booleans: {}, registry: {} }
  try {
    answer.ini = show(ini.parse(readFileSync(join(project, '.npmrc'), 'utf8')))
    await config.load()
  } catch (error) {
    return answer
  }
  const { data } = config.data.get('project')
  answer.config = show(data).filter(([key]) => PLAIN(key))
  try {
    config.validate('project')
    for (const key of BOOLEANS) {
      if (Object.hasOwn(data, key)) {
        answer.booleans[key] = data[key]
      }
    }
    for (const name of ['@acme/x', 'x']) {
      const url = pickRegistry(name, config.flat)
      answer.registry[name] = url === definitions.registry.default ? null : String(url)
    }
  } catch (error) {
    answer.registry = null
  }
  return answer
}

const main = async () => {
  const input = await process.stdin.reduce((parts, part) => [...parts, part], [])
  const files = JSON.parse(Buffer.concat(input).toString())
  const answers = []
  for (const [number, file] of files.entries()) {
    answers.push(await answer(number, Buffer.from(file, 'base64')))
  }
  process.stdout.write(JSON.stringify(answers))
}
main()
