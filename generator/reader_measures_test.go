package main

// measures is what a page is asked for, in the page's own words, by the number that the checklist has for it: m.at["003"]()
// lists what is wrong. It runs in every page that the tests of this checklist open.
const measures = `Object.defineProperty(window, "m", {configurable: true, get: () => {
const m = (() => {
const all = (s, of) => [...(of ?? document).querySelectorAll(s)];
const css = (e, pseudo) => getComputedStyle(e, pseudo);
const seen = e => e.checkVisibility({visibilityProperty: true});
const name = e => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (e.classList.length ? "." + [...e.classList].join(".") : "");
const quote = s => JSON.stringify(s.trim().replace(/\s+/g, " ").slice(0, 60));
const root = document.documentElement;

// unseen: what is there for readers of screens alone.
const unseen = e => { for (; e && e !== document.body; e = e.parentElement) if (css(e).clipPath === "inset(50%)") return true; return false };

// texts lists the pieces of text that are drawn, each with the boxes of its lines.
const texts = of => {
  const out = [], walk = document.createTreeWalker(of ?? document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let n; n = walk.nextNode();) {
    const e = n.parentElement;
    if (!n.data.trim() || e.closest("script, style, title, desc, .skip") || !seen(e) || unseen(e)) continue;
    range.selectNodeContents(n);
    const rects = [...range.getClientRects()].filter(r => r.width > 1 && r.height > 1);
    if (rects.length) out.push({n, e, rects});
  }
  return out;
};

// Colours are compared as the screen shows them: a pixel of each.
const pixel = document.createElement("canvas").getContext("2d", {willReadFrequently: true}), known = {};
const rgba = c => known[c] ??= (() => {
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = c;
  pixel.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
})();
const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
const behind = e => { // what an element is drawn on
  const layers = [];
  for (; e; e = e.parentElement) {
    const c = rgba(css(e).backgroundColor);
    if (c[3] > 0) layers.push(c);
    if (c[3] === 1) break;
  }
  return layers.reverse().reduce((under, top) => over(top, under), rgba("Canvas"));
};
const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b };
const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05) };

const interactive = "a[href], button, input, summary, select, textarea, [tabindex='0']";
const controls = () => all(interactive).filter(e => seen(e) && !e.matches(".js-link") && e.getClientRects().length);

// sideways: whatever makes the page wider than the window, and what scrolls without saying so to a keyboard or a reader.
const sideways = () => {
  const out = [], wide = root.scrollWidth - root.clientWidth;
  const scrollers = all("body *").filter(e => e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(css(e).overflowX) && seen(e));
  if (wide > 0) {
    const widest = all("body *").filter(e => !scrollers.some(s => s !== e && s.contains(e))).sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0];
    out.push(wide + " px stand out sideways: " + name(widest));
  }
  for (const e of scrollers) {
    if (e.tabIndex !== 0) out.push(name(e) + " scrolls, but not by keyboard");
    if (e.querySelector("table") && !(e.getAttribute("role") === "region" && e.getAttribute("aria-label"))) out.push(name(e) + " scrolls and is no region with a name");
  }
  return out;
};

// cut: text that leaves the window, its drawing, or a box that hides what does not fit.
const cut = () => {
  const out = [];
  for (const {n, e, rects} of texts()) {
    let box = {left: 0, right: root.clientWidth};
    for (let b = e; b && b !== document.body; b = b.parentElement) {
      const flow = css(b);
      const r = b.getBoundingClientRect();
      if (/auto|scroll/.test(flow.overflowX)) { box = null; break }
      if (flow.display !== "inline" && /hidden|clip/.test(flow.overflowX + flow.overflowY)) { box = r; break }
    }
    if (!box) continue;
    for (const r of rects) {
      if (r.left < box.left - 1 || r.right > box.right + 1 || (box.top !== undefined && (r.top < box.top - 2 || r.bottom > box.bottom + 2))) { out.push("cut off: " + quote(n.data) + " in " + name(e)); break }
    }
  }
  return out;
};

// overlaps: two texts on one spot. Boxes of text are higher than what is drawn, so they may touch.
const overlaps = of => {
  const lines = [], out = [];
  for (const t of texts(of)) for (const r of t.rects) lines.push({t, l: r.left + 1, r: r.right - 1, a: r.top + r.height * .3, b: r.bottom - r.height * .3});
  lines.sort((p, q) => p.a - q.a);
  for (let i = 0; i < lines.length; i++) for (let j = i + 1; j < lines.length && lines[j].a < lines[i].b; j++) {
    const p = lines[i], q = lines[j];
    if (p.t !== q.t && p.l < q.r && q.l < p.r) out.push("on one spot: " + quote(p.t.n.data) + " and " + quote(q.t.n.data));
  }
  return [...new Set(out)];
};

// lines counts the characters of each line of a text but the last.
const lines = p => {
  const out = [], range = document.createRange(), walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
  let n = 0, last = -1e9;
  for (let node; node = walk.nextNode();) for (const word of node.data.matchAll(/\S+\s*/g)) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].trimEnd().length);
    const r = range.getClientRects()[0];
    if (!r) continue;
    if (r.left < last - 30) { out.push(n - 1); n = 0 }
    n += word[0].length;
    last = r.left;
  }
  return out;
};

// contrasts: every text with less contrast than need, where need says how much an element needs. The colours that links
// take once they were visited are read from the rules, since no page is told which links were.
const contrasts = (of, need) => {
  const out = new Set(), visited = [], grounds = new Map(), probe = document.createElement("i");
  document.body.append(probe);
  const resolved = c => { probe.style.color = c; return css(probe).color };
  const rules = list => { for (const r of list) { if (r.cssRules?.length && (!r.media || matchMedia(r.media.mediaText).matches)) rules(r.cssRules); if (r.selectorText?.includes(":visited") && r.style.color) visited.push([r.selectorText.replaceAll(":visited", ""), resolved(r.style.color)]) } };
  for (const s of document.styleSheets) rules(s.cssRules);
  probe.remove();
  const look = (c, e, what) => {
    if (!grounds.has(e)) grounds.set(e, behind(e));
    const ground = grounds.get(e), got = ratio(over(rgba(c), ground), ground), want = need(e, ground);
    if (got < want) out.add(got.toFixed(2) + ":1, not " + want + ":1: " + what);
  };
  for (const {n, e} of texts(of)) {
    const style = css(e);
    look(e instanceof SVGElement ? style.fill : style.color, e, quote(n.data) + " in " + name(e));
    const a = e.closest("a[href]");
    if (a) for (const [sel, colour] of visited) if (a.matches(sel)) look(colour, a, quote(n.data) + " when visited");
  }
  return [...out];
};

const at = {
  "001": sideways,
  "003": () => {
    const out = [], body = css(document.body), size = parseFloat(body.fontSize), line = parseFloat(body.lineHeight) / size;
    if (size < 18) out.push("text has " + size + " px");
    for (const p of all("main p[id^=b-]")) {
      const s = css(p), of = parseFloat(s.lineHeight) / parseFloat(s.fontSize);
      if (!p.matches(".box-title") && p.closest(".small, td, th, aside, figure, .timeline, .claim") === null && (parseFloat(s.fontSize) < 18 || of < 1.5 || of > 1.7)) out.push(name(p) + " has " + s.fontSize + " and lines of " + of);
    }
    if (line < 1.5 || line > 1.7) out.push("lines of " + line);
    for (const {n, e} of texts()) if (parseFloat(css(e).fontSize) < 13 && !(e instanceof SVGElement)) out.push(css(e).fontSize + ": " + quote(n.data));
    const rules = list => { for (const r of list) { if (r.cssRules?.length) rules(r.cssRules); if (/(^|,)\s*(html|:root)\s*(,|$)/.test(r.selectorText ?? "") && /px|cm|mm|in|pc/.test(r.style.fontSize)) out.push(r.cssText.slice(0, 80)) } };
    for (const s of document.styleSheets) rules(s.cssRules);
    return out;
  },
  "006": () => {
    const out = [], heads = all("h1, h2, h3, h4, h5, h6");
    if (all("h1").length !== 1) out.push(all("h1").length + " h1");
    let last = 0;
    for (const h of heads) {
      const level = Number(h.tagName[1]);
      if (level > last + 1) out.push(h.tagName + " after H" + last + ": " + quote(h.textContent));
      last = level;
      if ((level === 2 || level === 3) && h.closest("main")) {
        if (!h.id && !h.closest("[id]:not(main)")) out.push("no id: " + quote(h.textContent));
        if (!all("a[href]", h).some(a => a.tabIndex === 0 && a.getClientRects().length)) out.push("no link: " + quote(h.textContent));
      }
    }
    return out;
  },
  "018": () => {
    const here = new Set(all("a[href]").map(a => a.href.split("#")[0]));
    const home = document.querySelector(".site").href;
    return ["", "corrections/", "sources/", "about/"].filter(u => !here.has(new URL(u, home).href)).map(u => "no link to /" + u);
  },
  "072": () => {
    const out = [];
    const tops = s => all(s).filter(e => !e.parentElement.closest("article, aside, main, nav, section"));
    for (const s of ["header", "main", "footer"]) if (tops(s).length !== 1) out.push(tops(s).length + " " + s);
    const names = all("nav").filter(seen).map(n => n.getAttribute("aria-label") ?? "");
    if (names.includes("")) out.push("a nav without a name");
    if (new Set(names).size < names.length) out.push("two navs of one name: " + names);
    if (!root.lang || !/^(ltr|rtl)$/.test(root.dir)) out.push("html has lang " + root.lang + ", dir " + root.dir);
    const foreign = root.dir === "rtl" ? /\p{Script=Latin}{2}/u : /\p{Script=Arabic}{2}|\p{Script=Hebrew}{2}/u;
    for (const {n, e} of texts()) {
      const with_ = e.closest("[lang]");
      if (foreign.test(n.data) && with_ === root && !e.closest("svg, pre, code, .js-tools") && !/https?:|[.]\w/.test(n.data)) out.push("no lang: " + quote(n.data));
    }
    return out;
  },
  "075": () => {
    // A link in a sentence has words around it that are no link; such a link is as high as its line.
    const among = e => { const block = e.closest("p, li, dd, dt, td, th, caption, figcaption, h1, h2, h3, h4, label, blockquote"); if (!block) return false; const copy = block.cloneNode(true); for (const x of copy.querySelectorAll("a, button, ul, ol")) x.remove(); return /[\p{L}\p{N}]/u.test(copy.textContent) };
    return controls().filter(e => !(css(e).display === "inline" && among(e)) && !e.matches(".skip, [role=region], main")).map(e => [e, e.getBoundingClientRect()])
      .filter(([, r]) => r.width < 23.9 || r.height < 23.9).map(([e, r]) => r.width.toFixed(1) + "×" + r.height.toFixed(1) + ": " + quote(e.textContent) + " " + name(e) + " in " + name(e.parentElement));
  },
};

return {all, css, seen, name, quote, texts, rgba, behind, ratio, over, controls, sideways, cut, overlaps, lines, contrasts, at};
})();
Object.defineProperty(window, "m", {value: m});
return m;
}});
`
