'use strict';
// Draws the tree again at the window's width, moves in it, and filters the findings.
// No text ever becomes markup: textContent, setAttribute and replaceChildren only.
(() => {
const data = JSON.parse(document.getElementById('data').textContent);
const $ = id => document.getElementById(id);
const ROW = 18, TALLEST = 560, LEAST = 2.2, LEAST_FOUND = 2.5, LABEL = 14, LETTER = 6.7;
const OURS = 8, SCRIPT = 4, OPTIONAL = 2, DEV = 1;
const CRUMBS = 12, LONGEST = 32;
const MARKS = ['', 'low', 'mid', 'high'];
const SVG = 'http://www.w3.org/2000/svg';
document.body.classList.add('on');

// The findings: filters

const rows = [...document.querySelectorAll('tr[data-rule]')];
const words = rows.map(row => row.textContent.toLowerCase());
const filter = () => {
  const text = $('q').value.trim().toLowerCase(), rule = $('rule').value;
  const wanted = new Set([...document.querySelectorAll('input[data-sev]:checked')]
    .map(box => box.dataset.sev));
  let shown = 0;
  rows.forEach((row, n) => {
    const fits = wanted.has(row.dataset.sev) && (!rule || row.dataset.rule === rule)
      && words[n].includes(text);
    row.hidden = !fits;
    shown += fits;
  });
  for (const group of document.querySelectorAll('details.group'))
    group.hidden = !group.querySelector('tr[data-rule]:not([hidden])');
  $('count').textContent = `${shown} of ${rows.length} shown`;
  $('none').hidden = shown > 0;
};
const only = rule => {
  $('q').value = '';
  $('rule').value = rule;
  for (const box of document.querySelectorAll('input[data-sev]')) box.checked = true;
  filter();
};
if (rows.length) {
  $('q').addEventListener('input', filter);
  $('rule').addEventListener('change', filter);
  for (const box of document.querySelectorAll('input[data-sev]'))
    box.addEventListener('change', filter);
  for (const clear of document.querySelectorAll('button.clear'))
    clear.addEventListener('click', () => only(''));
  for (const link of document.querySelectorAll('button[data-only]'))
    link.addEventListener('click', () => {
      only(link.dataset.only);
      $('findings').scrollIntoView();
      $('rule').focus();
    });
  filter();
}
if (!data.name) return;

// The tree: preorder columns

const {name, parent, flags, source, users, drop, own, sources} = data;
const total = name.length, depth = new Int32Array(total), size = new Int32Array(total).fill(1);
const worst = new Int8Array(total);
for (let n = 1; n < total; n++) depth[n] = depth[parent[n]] + 1;
for (let n = total - 1; n > 0; n--) {
  size[parent[n]] += size[n];
  worst[parent[n]] = Math.max(worst[parent[n]], worst[n], own[n]);
}
const found = worst[0] > 0;
const tree = $('tree');
let keep = new Uint8Array(total), ends = new Int32Array(total);
let focus = 0, selected = 0, drawn = [], wide = 0;

const choose = () => {
  const narrow = found && $('narrow').checked;
  for (let n = 0; n < total; n++) keep[n] = !narrow || own[n] || worst[n] ? 1 : 0;
  ends.fill(0);
  for (let n = total - 1; n >= 0; n--) {
    if (!keep[n]) continue;
    ends[n] = ends[n] || 1;
    if (n) ends[parent[n]] += ends[n];
  }
};

const element = (tag, attributes, text) => {
  const made = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
};
const kind = n => $('colour').value === 'source'
  ? 's' + (source[n] < 0 ? 0 : Math.min(source[n], 5)) : MARKS[own[n]];
const says = n => {
  const mark = own[n] ? `, ${['', 'note', 'warning', 'error'][own[n]]}` : '';
  return `${name[n]}${mark}${worst[n] ? ', findings further right' : ''}`;
};

const draw = () => {
  wide = tree.clientWidth || 1160;
  let deepest = 0;
  for (let n = focus; n < focus + size[focus]; n++)
    if (keep[n]) deepest = Math.max(deepest, depth[n] - depth[focus]);
  const columns = Math.min(wide < 600 ? 3 : 6, deepest + 1), column = wide / columns;
  const height = Math.min(Math.max(ends[focus] * ROW, 60), TALLEST), unit = height / ends[focus];
  const start = new Float64Array(total), cursor = new Float64Array(total);
  const form = element('rect', {role: 'treeitem', width: (column - 1).toFixed(1)});
  const boxes = [], labels = element('g', {'aria-hidden': 'true'});
  const edges = ['', '', '', ''];
  let rest = '';
  drawn = [];
  for (let n = focus; n < focus + size[focus]; n++) {
    const level = depth[n] - depth[focus];
    if (!keep[n] || level >= columns) continue;
    start[n] = cursor[n] = n === focus ? 0 : cursor[parent[n]];
    const tall = ends[n] * unit;
    if (n !== focus) cursor[parent[n]] += tall;
    const x = level * column, least = own[n] || worst[n] ? LEAST_FOUND : LEAST;
    if (tall < LEAST && least === LEAST) {
      rest += `M${x} ${start[n].toFixed(1)}h${column - 1}v${tall.toFixed(2)}h${1 - column}z`;
      continue;
    }
    const high = Math.max(tall, least), look = kind(n);
    const box = form.cloneNode();
    box.setAttribute('id', 'n' + n);
    box.setAttribute('class', 'b ' + look);
    if (x) box.setAttribute('x', x.toFixed(1));
    box.setAttribute('y', start[n].toFixed(1));
    box.setAttribute('height', high.toFixed(1));
    box.setAttribute('aria-level', depth[n] + 1);
    box.setAttribute('aria-label', says(n));
    boxes.push(box);
    drawn.push(n);
    if (worst[n]) edges[worst[n]] +=
      `M${(x + column - 5).toFixed(1)} ${start[n].toFixed(1)}h4v${high.toFixed(1)}h-4z`;
    if (tall >= LABEL) {
      const room = Math.floor((column - 14) / LETTER), text = (own[n] ? '! ' : '') + name[n];
      labels.append(element('text', {
        class: `t ${look}`, x: (x + 5).toFixed(1),
        y: (start[n] + Math.min(high, 40) / 2 + 4).toFixed(1)},
      text.length <= room ? text : text.slice(0, Math.max(0, room - 1)) + '\u2026'));
    }
  }
  tree.setAttribute('viewBox', `0 0 ${wide} ${height}`);
  const shapes = edges.map((path, n) => [path, 'e ' + MARKS[n]]).filter(([path]) => path)
    .map(([path, cls]) => element('path', {class: cls, d: path, 'aria-hidden': 'true'}));
  const pale = rest ? [element('path', {class: 'rest', d: rest, 'aria-hidden': 'true'})] : [];
  tree.replaceChildren(...pale, ...boxes, ...shapes, labels);
  mark(selected);
  crumbs();
};
const mark = n => {
  const old = $('n' + selected), box = $('n' + n);
  if (old) {
    old.classList.remove('sel');
    old.removeAttribute('aria-selected');
  }
  selected = n;
  if (box) {
    box.classList.add('sel');
    box.setAttribute('aria-selected', 'true');
    tree.setAttribute('aria-activedescendant', 'n' + n);
  }
};

const way = n => {
  const keys = [];
  for (let at = n; at > 0; at = parent[at]) keys.unshift(at);
  return keys;
};
const crumbs = () => {
  const whole = way(focus);
  const keys = [0, ...whole.slice(-CRUMBS)];
  $('crumbs').replaceChildren(...keys.flatMap((n, at) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = n ? name[n] : 'Whole tree';
    button.addEventListener('click', () => zoom(n));
    return at ? [' \u203a ', button] : [button];
  }));
};
const detail = () => {
  const n = selected, parts = [];
  if (n) parts.push(`depth ${depth[n]}`);
  if (!(flags[n] & OURS)) {
    parts.push(`from ${source[n] < 0 ? 'an unnamed place' : sources[source[n]]}`);
    parts.push(`required by ${users[n]} ${users[n] === 1 ? 'project or package' : 'of them'}`);
    if (drop[n]) parts.push(`only here because of it: ${drop[n]} packages`);
    if (flags[n] & DEV) parts.push('for development only');
    if (flags[n] & OPTIONAL) parts.push('optional');
    if (flags[n] & SCRIPT) parts.push('runs a script at install time');
  } else parts.push(n ? 'your own' : 'your repository');
  const said = rows.filter(row => row.dataset.node === String(n))
    .map(row => row.querySelector('.msg').textContent);
  const names = way(n).map(key => name[key]);
  if (names.length > LONGEST) names.splice(1, names.length - LONGEST, '\u2026');
  const path = names.join(' \u203a ');
  const bold = document.createElement('b');
  bold.textContent = name[n];
  $('detail').replaceChildren(bold, `: ${parts.join(', ')}. `, said.length ? said.join('. ') + '. ' : '',
    n ? `Path: ${path}` : '');
};
const select = n => {
  const places = [Math.max(0, parent[n]), n];  // where it is drawn, if not already
  while (!$('n' + n) && places.length) {
    focus = places.shift();
    selected = n;
    draw();
  }
  mark(n);
  detail();
};
const zoom = n => {
  focus = size[n] > 1 || !n ? n : parent[n];
  selected = n;
  draw();
  detail();
};
const children = n => {
  const list = [];
  for (let at = n + 1; at < n + size[n]; at += size[at]) if (keep[at]) list.push(at);
  return list;
};
const beside = step => {
  const column = drawn.filter(n => depth[n] === depth[selected]);
  return column[column.indexOf(selected) + step] ?? selected;
};
const KEYS = {
  ArrowRight: () => select(children(selected)[0] ?? selected),
  ArrowLeft: () => select(Math.max(0, parent[selected])),
  ArrowDown: () => select(beside(1)),
  ArrowUp: () => select(beside(-1)),
  Enter: () => zoom(selected),
  ' ': () => zoom(selected),
  Escape: () => zoom(Math.max(0, parent[focus])),
  Home: () => zoom(0),
};
tree.addEventListener('keydown', event => {
  if (!KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  KEYS[event.key]();
});
tree.addEventListener('click', event => {
  const id = event.target.id;
  if (id && id[0] === 'n') zoom(Number(id.slice(1)));
});
for (const button of document.querySelectorAll('button[data-show]'))
  button.addEventListener('click', () => {
    select(Number(button.dataset.show));
    $('picture').scrollIntoView();
    tree.focus();
  });
tree.setAttribute('role', 'tree');
tree.setAttribute('tabindex', '0');
tree.setAttribute('aria-label', 'The dependency tree. Arrow keys move, Enter shows a branch, '
  + 'Escape goes back, Home shows all.');
if (found) $('narrow').addEventListener('change', () => { choose(); zoom(0); });
$('colour').addEventListener('change', () => {
  $('key-findings').hidden = $('colour').value !== 'findings';
  $('key-source').hidden = $('colour').value !== 'source';
  draw();
});
addEventListener('resize', () => {
  if (tree.clientWidth !== wide) draw();
});
choose();
draw();
detail();
})();
