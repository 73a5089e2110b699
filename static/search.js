// search.js is the box of the search page and of "page not found", where it also names the addresses that are most like
// the one asked for. site.js loads it there, with what it needs; it returns the box. Like a file of data it calls
// gloss(name, value), and it loads from a disk, too.
"use strict";
gloss("../search", ({ words, base, make, load, on }) => {

  // Words are cut by the rule of content.Tokens in the generator; one table of examples holds both to it.
  const pairs = "[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}]";
  const paired = new RegExp(pairs, "u");
  const word = new RegExp(`${pairs}+|(?:(?!${pairs})[\\p{L}\\p{N}\\p{Mc}])+`, "gu");
  const letters = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ħ: "h", ŋ: "n", ə: "e", ς: "σ", ٱ: "ا", ى: "ي", ة: "ه", ک: "ك", ی: "ي" };
  const tokens = text => (text.normalize("NFKD").toLowerCase().replace(/[\p{Mn}ـʼʻʾʿ]|(?<=\p{Nd})[,٬](?=\p{Nd})/gu, "")
    .replace(/[^\0-\x7f]/g, c => letters[c] ?? c).match(word) ?? [])
    .flatMap(w => (w.length > 1 && paired.test(w) ? [...w].slice(1).map((c, i) => [...w][i] + c) : w));

  // near says whether two words differ by one letter more, less, other, or by two that changed places.
  const near = (a, b) => {
    let i = 0;
    while (i < a.length && a[i] === b[i]) i++;
    const x = a.slice(i), y = b.slice(i), x1 = x.slice(1), y1 = y.slice(1);
    return x1 === y1 || x === y1 || x1 === y || x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2);
  };
  // like is how well a word answers one that was typed; only the last may be half of a word.
  const like = (typed, last, w) => w === typed ? 3 : last && w.startsWith(typed) ? 2 : typed.length > 4 && near(typed, w) ? 1 : 0;

  let names = null;
  const input = make("input", { type: "search", id: "js-q", role: "combobox", autocomplete: "off", spellcheck: false, "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "js-found" });
  const found = make("div", { id: "js-found", role: "listbox", ariaLabel: words.results, hidden: true });
  const count = make("p", { className: "meta", role: "status" });
  const box = make("div", { className: "js-search", role: "search" }, make("label", { htmlFor: "js-q" }, words.search), input, count, found);
  let active = -1, turn = 0;

  // prepare loads the names, once.
  const prepare = async () => {
    const list = await load("search");
    if (!names && list) {
      const parts = await Promise.all(Array.from({ length: list.n }, (_, i) => load("n" + i)));
      names = parts.flatMap(part => part ?? []).map(([title, url, kind, rank, text = "", ...aliases]) =>
        ({ title, url, kind, rank, text, fields: [[tokens(title), 4], ...aliases.map(a => [tokens(a), 4]), [tokens(text), 1]] }));
    }
    return list;
  };

  // ask returns what answers a query: first the names, then the prose.
  async function ask(query) {
    const list = await prepare();
    const typed = tokens(query), end = /[\p{L}\p{N}]$/u.test(query);
    if (!list || !typed.length) return [];
    const isLast = i => end && i === typed.length - 1;
    const hits = [];
    for (const name of names) {
      let matched = 0, score = 0, whole = 0;
      typed.forEach((t, i) => {
        let best = 0;
        for (const [ws, weight] of name.fields) for (const w of ws) best = Math.max(best, like(t, isLast(i), w) * weight);
        if (best) matched++;
        score += best;
      });
      // A name that is all that was typed comes before one with more words; a word with a slip counts half.
      for (const [ws, weight] of name.fields) if (weight > 1) whole = Math.max(whole, typed.reduce((n, t, i) => n + Math.min(1, Math.max(...ws.map(w => like(t, isLast(i), w))) / 2), 0) / ws.length);
      if (matched) hits.push({ ...name, matched, score: score + 4 * whole - name.rank });
    }
    // The prose: the pages that hold the words, by files of words with the same first letters.
    const pages = new Map();
    await Promise.all(typed.map(async (t, i) => {
      if (` ${list.s} `.includes(` ${t} `)) return;
      const name = [...t].slice(0, list.l).map(c => c.codePointAt(0).toString(36)).join("-");
      const files = list.b.split(" ").filter(b => isLast(i) ? b.startsWith(name) : b === name).slice(0, 3);
      for (const b of files) {
        for (const line of ((await load(b ? "w-" + b : "w")) ?? "").split("\n")) {
          const cut = line.indexOf(" "), fit = cut > 0 ? like(t, isLast(i), line.slice(0, cut)) : 0;
          if (!fit) continue;
          const held = [...line.slice(cut).matchAll(/([0-9a-z]+)([A-O])/g)];
          let page = 0;
          for (const [, step, weight] of held) {
            page += parseInt(step, 36);
            const hit = pages.get(page) ?? pages.set(page, { page, terms: {}, score: 0 }).get(page);
            hit.terms[i] = 1;
            hit.score += fit * (weight.charCodeAt(0) - 60) * Math.log(1 + list.p / held.length);
          }
        }
      }
    }));
    const prose = [...pages.values()].map(hit => ({ ...hit, matched: Object.keys(hit.terms).length }));
    const order = (a, b) => b.matched - a.matched || b.score - a.score;
    const most = Math.max(...hits.map(h => h.matched), ...prose.map(h => h.matched), 0);
    const shown = hits.filter(h => h.matched === most).sort(order).slice(0, 8);
    const places = await Promise.all(prose.filter(h => h.matched === most).sort(order).slice(0, 8).map(async hit => {
      const text = (await load("t" + (hit.page >> 4)))?.[hit.page & 15];
      return text && placeIn(text, w => typed.some((t, i) => like(t, isLast(i), w)), typed);
    }));
    return [...shown.map(h => ({ ...h, text: cut(h.text.split(/\s+/), () => false, 60) })), ...places.filter(Boolean)];
  }

  // placeIn finds the block of a page that holds most of the words, and shows them in it.
  function placeIn([url, title, ...blocks], fits) {
    let best = 0, at = 0;
    for (let i = 0; i < blocks.length; i += 2) {
      const n = new Set(tokens(blocks[i + 1]).filter(fits)).size;
      if (n > best) [best, at] = [n, i];
    }
    if (best) return { url: url + (blocks[at] && "#" + blocks[at]), title, kind: words.passage, text: cut(blocks[at + 1].split(/\s+/), w => tokens(w).some(fits)) };
  }

  // cut shows some words around the first that fits, with those that fit marked.
  function cut(all, fits, most = 30) {
    const from = Math.max(0, all.findIndex(fits) - 8), to = from + most;
    return [from ? "… " : "", ...all.slice(from, to).flatMap(w => [fits(w) ? make("b", {}, w) : w, " "]), to < all.length ? "…" : ""];
  }

  async function search() {
    const mine = ++turn, query = input.value.trim();
    const results = query ? await ask(input.value) : [];
    if (mine !== turn) return;
    active = -1;
    found.replaceChildren(...results.map((r, i) => make("a", { id: "js-o" + i, role: "option", href: base + r.url, tabIndex: -1 },
      make("b", {}, r.title), " ", make("span", { className: "meta" }, r.kind), make("p", {}, ...r.text))));
    found.hidden = !results.length;
    input.setAttribute("aria-expanded", String(!found.hidden));
    input.removeAttribute("aria-activedescendant");
    count.textContent = !query ? "" : results.length ? `${words.results}: ${results.length}` : words.nothing;
  }

  input.oninput = search;
  input.onfocus = prepare;
  input.onkeydown = e => {
    const options = [...found.children], step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step && options.length) {
      e.preventDefault();
      options[active]?.removeAttribute("aria-selected");
      active = (active + step + options.length + (active < 0 && step < 0 ? 1 : 0)) % options.length;
      options[active].setAttribute("aria-selected", "true");
      options[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[active].id);
    } else if (e.key === "Enter") {
      options[Math.max(active, 0)]?.click();
    } else if (e.key === "Escape") {
      input.value = "";
      search();
    }
  };
  on("keydown", e => {
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || !box.isConnected || e.target.closest("input, textarea, select, [contenteditable]")) return;
    e.preventDefault();
    input.focus();
  });

  // What the lost address may have meant: the names whose last part, or words, share most pairs of letters with it.
  const lost = document.getElementById("_lost");
  const pairsOf = text => { const s = tokens(text).join(" "); return [...s].map((c, i) => s.slice(i, i + 2)); };
  const lastOf = url => url.split("#").pop().replace(/\/(index\.(html|md))?$/, "").split("/").pop().replace(/\.\w+$/, "");
  if (lost) prepare().then(() => {
    let path = location.pathname;
    try { path = decodeURIComponent(path); } catch { /* as it is */ }
    const asked = pairsOf(lastOf(path));
    const likeness = text => {
      const rest = pairsOf(text), n = asked.length + rest.length;
      return 2 * asked.filter(p => { const i = rest.indexOf(p); if (i >= 0) rest.splice(i, 1); return i >= 0; }).length / n;
    };
    const best = (names ?? []).map(name => ({ ...name, near: Math.max(likeness(lastOf(name.url)), likeness(name.title)) }))
      .filter(name => name.near > .5).sort((a, b) => b.near - a.near).slice(0, 3);
    if (best.length) lost.replaceChildren(words.meant + " ", ...best.flatMap((name, i) => [i ? words.comma + " " : "", make("a", { href: base + name.url }, name.title)]), "?");
    lost.hidden = !best.length;
  });

  box.tokens = tokens; // for tests
  return box;
});
