/**
 * What the page does: pan (drag, arrow keys, sideways wheel), zoom (wheel, pinch, buttons), search, the steps of a way, and the tie between a card and its line. Plain text,
 * because it runs in a browser that knows nothing of us; a test reads it with a JavaScript parser and drives it in a browser.
 */
export const script = String.raw`'use strict';
(() => {
  const find = (id) => document.getElementById(id);
  const model = JSON.parse(find('model').textContent);
  const svg = find('picture'), stage = find('stage'), drawing = find('drawing'), search = find('search'), found = find('found');
  const full = svg.viewBox.baseVal, whole = { x: full.x, y: full.y, w: full.width, h: full.height };
  let view = { ...whole };
  const show = () => svg.setAttribute('viewBox', [view.x, view.y, view.w, view.h].join(' '));
  const scale = () => Math.max(view.w / stage.clientWidth, view.h / stage.clientHeight) || 1;
  const fit = () => {
    // Small pictures are not blown up; the legend keeps its room.
    const factor = Math.max(whole.w / stage.clientWidth, whole.h / (stage.clientHeight - 48), 1 / 1.25);
    view.w = stage.clientWidth * factor;
    view.h = stage.clientHeight * factor;
    view.x = (whole.w - view.w) / 2;
    view.y = (whole.h - view.h + 34 * factor) / 2;
    show();
  };
  const readable = 1.6;
  const start = () => {
    const way = nameSteps();
    fit();
    if (scale() <= readable) return;
    // A picture that would be too small to read begins where mail begins; of one with a message's way as much of that is shown as can be read.
    const by = way === null ? 1.15 : Math.min(Math.max(way.factor, 1), readable);
    view = { x: 0, y: 0, w: stage.clientWidth * by, h: stage.clientHeight * by };
    const first = document.querySelector('.node.endpoint.taken') || document.querySelector('.node.endpoint');
    if (way !== null && way.factor <= readable) {
      view.x = way.x + (way.w - view.w) / 2;
      view.y = way.y + (way.h - view.h + 34 * by) / 2;
    } else if (first !== null) view.y = Math.max(0, middleOf(first).y - view.h / 2);
    show();
  };
  /** A way that is too long to be read in one piece is named step by step. */
  const nameSteps = () => {
    const lists = document.querySelectorAll('.steps'), way = wayBox();
    for (const list of lists) list.hidden = true;
    if (way === null) return null;
    const factor = Math.max(way.w / stage.clientWidth, way.h / (stage.clientHeight - 48));
    for (const list of lists) list.hidden = factor <= readable;
    return { ...way, factor };
  };
  /** Around what a message passes, with some room. */
  const wayBox = () => {
    const boxes = [...document.querySelectorAll('.node.taken')].map(boxOf);
    if (boxes.length === 0) return null;
    const least = (of) => Math.min(...boxes.map(of)) - 12, most = (of) => Math.max(...boxes.map(of)) + 12;
    const x = least((box) => box.x), y = least((box) => box.y);
    return { x, y, w: most((box) => box.x + box.w) - x, h: most((box) => box.y + box.h) - y };
  };
  const boxOf = (group) => {
    const { e, f } = group.transform.baseVal.consolidate().matrix, { width, height } = group.getBBox();
    return { x: e, y: f, w: width, h: height };
  };
  const middleOf = (group) => {
    const box = boxOf(group);
    return { x: box.x + box.w / 2, y: box.y + box.h / 2 };
  };
  const pointAt = (event) => {
    const box = stage.getBoundingClientRect(), by = scale();
    const left = view.x + (view.w - box.width * by) / 2, top = view.y + (view.h - box.height * by) / 2;
    return { x: left + (event.clientX - box.left) * by, y: top + (event.clientY - box.top) * by };
  };
  const zoom = (factor, at) => {
    const next = Math.min(Math.max(view.w * factor, 120), Math.max(whole.w, stage.clientWidth) * 4) / view.w;
    const centre = at || { x: view.x + view.w / 2, y: view.y + view.h / 2 };
    view = { x: centre.x - (centre.x - view.x) * next, y: centre.y - (centre.y - view.y) * next, w: view.w * next, h: view.h * next };
    show();
  };
  stage.addEventListener('wheel', (event) => {
    event.preventDefault();
    // Sideways it moves the picture, as it would a page.
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (!event.ctrlKey && Math.abs(sideways) > (event.shiftKey ? 0 : Math.abs(event.deltaY))) {
      view.x += sideways * scale();
      return show();
    }
    zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.004), pointAt(event));
  }, { passive: false });

  const pointers = new Map();
  let moved = 0;
  stage.addEventListener('pointerdown', (event) => {
    pointers.set(event.pointerId, event);
    moved = 0;
  });
  stage.addEventListener('pointermove', (event) => {
    const last = pointers.get(event.pointerId);
    if (last === undefined) return;
    const others = [...pointers.values()].filter((each) => each.pointerId !== event.pointerId);
    if (others.length > 0) {
      const apart = (one) => Math.hypot(one.clientX - others[0].clientX, one.clientY - others[0].clientY) || 1;
      zoom(apart(last) / apart(event), pointAt(event));
    } else {
      const by = scale();
      view.x -= (event.clientX - last.clientX) * by;
      view.y -= (event.clientY - last.clientY) * by;
      show();
    }
    moved += Math.abs(event.clientX - last.clientX) + Math.abs(event.clientY - last.clientY);
    if (moved > 4 && !stage.classList.contains('moving')) {
      stage.classList.add('moving');
      stage.setPointerCapture(event.pointerId);
    }
    pointers.set(event.pointerId, event);
  });
  for (const name of ['pointerup', 'pointercancel']) stage.addEventListener(name, (event) => {
    pointers.delete(event.pointerId);
    stage.classList.remove('moving');
  });

  const nodes = new Map(model.nodes.map((node) => [node.id, node]));
  const lineOf = ({ file, line }) => find('l' + file + '-' + line);
  const choose = (id, scrolls) => {
    for (const each of document.querySelectorAll('.here,.near')) each.classList.remove('here', 'near');
    drawing.classList.toggle('chosen', id !== null);
    for (const step of steps) step.classList.toggle('shown', step.dataset.node === id);
    if (id === null) return;
    const near = new Set([id]);
    const walk = (from, to) => {
      const seen = new Set([id]), open = [id];
      while (open.length > 0) {
        const at = open.pop();
        for (const edge of model.edges) if (edge[from] === at && !seen.has(edge[to])) {
          seen.add(edge[to]);
          near.add(edge[to]);
          open.push(edge[to]);
        }
      }
      return seen;
    };
    const before = walk('to', 'from'), after = walk('from', 'to');
    for (const each of near) find(each).classList.add('near');
    for (const edge of document.querySelectorAll('.edge')) {
      const { from, to } = edge.dataset;
      if ((before.has(from) && before.has(to)) || (after.has(from) && after.has(to))) edge.classList.add('near');
    }
    find(id).classList.add('here');
    const line = lineOf(nodes.get(id));
    if (line === null) return;
    line.closest('details').open = true;
    line.classList.add('here');
    if (scrolls) line.scrollIntoView({ block: 'center', inline: 'nearest' });
  };
  stage.addEventListener('click', (event) => {
    if (moved > 4) return;
    const node = event.target.closest('.node');
    choose(node === null ? null : node.id, true);
    if (node !== null) tell(node.id);
  });
  stage.addEventListener('keydown', (event) => {
    if ((event.key === 'Enter' || event.key === ' ') && event.target.closest('.node') !== null) {
      event.preventDefault();
      choose(event.target.closest('.node').id, true);
      tell(event.target.closest('.node').id);
    }
  });
  // For an editor around this page: it is told what was clicked, and may say what to show.
  const tell = (id) => document.dispatchEvent(new CustomEvent('node-chosen', { detail: id }));
  document.addEventListener('show-node', ({ detail }) => {
    const known = nodes.has(detail);
    choose(known ? detail : null, false);
    if (known) reveal(detail);
  });
  const reveal = (id) => {
    const { x, y } = middleOf(find(id));
    if (x > view.x && x < view.x + view.w && y > view.y && y < view.y + view.h) return;
    centre({ x, y });
  };
  const centre = ({ x, y }) => {
    view.x = x - view.w / 2;
    view.y = y - view.h / 2;
    show();
  };
  const steps = [...document.querySelectorAll('.steps button')];
  for (const step of steps) step.addEventListener('click', () => {
    choose(step.dataset.node, true);
    // The whole way stays to be seen.
    drawing.classList.remove('chosen');
    centre(middleOf(find(step.dataset.node)));
    tell(step.dataset.node);
  });
  for (const node of model.nodes) {
    const title = document.createElementNS('http://www.w3.org/2000/svg', 'title');
    title.textContent = node.words.filter((word) => word !== '').join('\n');
    find(node.id).prepend(title);
    const line = lineOf(node);
    if (line === null || line.classList.contains('linked')) continue;
    line.classList.add('linked');
    line.addEventListener('click', () => {
      choose(node.id, false);
      reveal(node.id);
    });
  }

  let hits = [], current = 0;
  const look = () => {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter((word) => word !== '');
    drawing.classList.toggle('searching', words.length > 0);
    hits = words.length === 0 ? [] : model.nodes.filter((node) => {
      const text = node.words.join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const ids = new Set(hits.map((node) => node.id));
    for (const node of model.nodes) find(node.id).classList.toggle('hit', ids.has(node.id));
    current = 0;
    found.value = words.length === 0 ? '' : hits.length + ' found';
    if (hits.length > 0) reveal(hits[0].id);
  };
  search.addEventListener('input', look);
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      search.value = '';
      look();
    }
    if (event.key !== 'Enter' || hits.length === 0) return;
    const hit = hits[current % hits.length];
    current += event.shiftKey ? hits.length - 1 : 1;
    choose(hit.id, true);
    drawing.classList.remove('chosen');
    reveal(hit.id);
  });

  find('fit').addEventListener('click', fit);
  find('larger').addEventListener('click', () => zoom(0.8));
  find('smaller').addEventListener('click', () => zoom(1.25));
  addEventListener('keydown', (event) => {
    if (event.target === search || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 60 * scale();
    const actions = {
      '+': () => zoom(0.8), '-': () => zoom(1.25), 0: fit, Escape: () => choose(null, false),
      '/': () => search.focus(),
      ArrowLeft: () => { view.x -= step; show(); }, ArrowRight: () => { view.x += step; show(); },
      ArrowUp: () => { view.y -= step; show(); }, ArrowDown: () => { view.y += step; show(); },
    };
    const action = actions[event.key];
    if (action === undefined || event.target.closest('aside') !== null) return;
    event.preventDefault();
    action();
  });

  const split = find('split');
  if (split !== null) {
    split.addEventListener('pointerdown', (event) => split.setPointerCapture(event.pointerId));
    split.addEventListener('pointermove', (event) => {
      if (!split.hasPointerCapture(event.pointerId)) return;
      const isLow = document.querySelector('main').classList.contains('low');
      const size = isLow ? innerHeight - event.clientY : innerWidth - event.clientX;
      document.querySelector('aside').style.flexBasis = Math.max(80, size) + 'px';
    });
  }
  addEventListener('resize', () => {
    const by = scale();
    nameSteps();
    view.w = stage.clientWidth * by;
    view.h = stage.clientHeight * by;
    show();
  });
  start();
  const lines = model.nodes.filter((node) => find(node.id).classList.contains('taken')).map(lineOf).filter((line) => line !== null);
  for (const line of lines) line.classList.add('here');
  if (lines.length > 0) lines[0].scrollIntoView({ block: 'start' });
})();
`;
