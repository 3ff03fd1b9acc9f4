// What is looked for in a page, run inside it. Each gives the faults that it found, in words.

/** Wider than the screen: what must be scrolled sideways to be read. */
export function sideways() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const scrolls = (one) => one.parentElement?.closest('.table-wrap, [role=tablist], .nav') !== null;
  const out = (one) => !scrolls(one) && one.getBoundingClientRect().right > clientWidth + 1 || one.getBoundingClientRect().left < -1;
  const widest = [...document.querySelectorAll('main *')].filter((one) => out(one) && ![...one.children].some(out));
  return [`scrolls sideways by ${scrollWidth - clientWidth} px: ${widest.slice(0, 2).map((one) => `${one.tagName}.${one.className} "${one.textContent.slice(0, 40)}"`).join(' | ')}`];
}

/** What covers most of the screen for good, and what in a dialog cannot be scrolled to. */
export function traps() {
  const found = [];
  const seen = (one) => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const dialog = document.querySelector('[role=dialog], [role=alertdialog]');
  for (const one of document.querySelectorAll('body *')) {
    const { position, overflowY } = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    // A dialog covers the screen on purpose; what is in it is looked at below.
    if (one.contains(dialog) && dialog !== null) continue;
    // What lies under an open menu goes away with it.
    if (one.matches('[data-testid=underlay]')) continue;
    if ((position === 'sticky' || position === 'fixed') && seen(one) && box.height > innerHeight * 0.6 && !['auto', 'scroll'].includes(overflowY)) found.push(`${one.tagName}.${one.className} keeps ${Math.round(box.height)} of ${innerHeight} px`);
  }
  for (const one of dialog?.querySelectorAll('button, input, a, textarea') ?? []) {
    // A box or a button to choose is its label; the input inside is for machines.
    const target = one.matches('[type=checkbox], [type=radio]') ? (one.closest('label') ?? one) : one;
    target.scrollIntoView({ block: 'nearest' });
    const box = target.getBoundingClientRect();
    if (seen(target) && (box.bottom > innerHeight + 1 || box.top < -1) && box.height < innerHeight) found.push(`${target.tagName} "${target.textContent.slice(0, 30)}" of a dialog cannot be reached`);
  }
  return found;
}

/** Cut off with nothing to say so: words wider than the button, tab, tag or cell that bears them. */
export function cutOff() {
  return [...document.querySelectorAll('.btn, [role=tab], .tag, h1, h2, h3, th, td, dt, dd, label, summary')]
    .filter((one) => one.checkVisibility() && one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible')
    .map((one) => `${one.tagName}.${one.className} cuts off "${one.textContent.slice(0, 40)}"`);
}

/** Under a pseudo-language every sentence of ours has accents: what has none was never given to the translators. `data`: words that come from the world and not from us. */
export function untranslated(data) {
  const known = new Set(data);
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent === null || parent.closest('script, style, bdi, .id, code, kbd, pre, textarea, option, time, [dir=auto], [lang]:not(html)') || !parent.checkVisibility()) continue;
    for (const [word] of walker.currentNode.textContent.normalize('NFD').matchAll(/[\p{L}\p{M}]{4,}/gu)) if (/^[a-z]+$/i.test(word) && !known.has(word.toLowerCase())) found.add(word);
  }
  return [...found].map((word) => `"${word}" is in no catalogue`);
}
