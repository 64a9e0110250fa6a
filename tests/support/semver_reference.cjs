// node-semver's answers. In: lines [a, b, range, other, loose, includePrerelease].
// Out: lines [satisfies, validRange, compare, valid, intersects]; "throws" where it throws.
const semver = require(process.argv[2]);

const attempt = (question) => {
  try {
    return question();
  } catch {
    return 'throws';
  }
};

const answers = [];
require('readline')
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [a, b, range, other, loose, includePrerelease] = JSON.parse(line);
    const options = { loose, includePrerelease };
    answers.push(JSON.stringify([
      attempt(() => semver.satisfies(a, range, options)),
      attempt(() => semver.validRange(range, options)),
      attempt(() => semver.compare(a, b, options)),
      attempt(() => semver.valid(a, options)),
      attempt(() => semver.intersects(range, other, options)),
    ]));
  })
  .on('close', () => console.log(answers.join('\n')));
