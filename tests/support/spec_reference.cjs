// npm-package-arg's answers. In: lines [name, spec]; out: one line each, null where it throws.
// Paths count from a folder so deep that no ".." of a case leads out of it.
const HOME = '/home/somebody';
process.env.HOME = HOME;
const path = require('node:path');
const npa = require(process.argv[2]);
const WHERE = '/somewhere/2/3/4/5/6/7/8/9/10/11/12';
const TOP = '../'.repeat(WHERE.split('/').length - 1);

// As our Spec has it: below the user's home, absolute, or relative to the manifest's folder.
const place = (where) => {
  if (`${where}/`.startsWith(`${HOME}/`)) {
    return `~${where.slice(HOME.length)}`;
  }
  const relative = path.relative(WHERE, where);
  if (`${relative}/`.startsWith(TOP)) {
    return where;
  }
  return /^~(\/|$)/.test(relative) ? `./${relative}` : relative;
};

const fetch = (found) =>
  found.type === 'file' || found.type === 'directory' ? place(found.fetchSpec) : found.fetchSpec || '';

const plain = (found) => ({
  name: found.name || '',
  kind: found.type,
  fetch: fetch(found),
  alias: found.subSpec ? plain(found.subSpec) : null,
  hosted: found.hosted ? found.hosted.ssh({ noCommittish: true }) : null,
  committish: found.gitCommittish || null,
  range: found.gitRange || null,
  subdir: found.gitSubdir || null,
});

const answer = ([name, spec]) => {
  try {
    return plain(npa.resolve(name || undefined, spec || '*', WHERE));
  } catch {
    return null;
  }
};

const answers = [];
process.on('log', () => {});
require('readline')
  .createInterface({ input: process.stdin })
  .on('line', (line) => answers.push(JSON.stringify(answer(JSON.parse(line)))))
  .on('close', () => console.log(answers.join('\n')));
