// client.js is the part of `gloss serve` that runs in the browser. The server sends it after idiomorph.js (0BSD) as
// /_gloss/client.js, and adds one <script src="/_gloss/client.js" data-gloss='{…}' defer> to each page it serves.
//
// What it does: it hears of builds through worker.js, changes the open page in place and keeps what the reader had
// (scroll, focus, selection, typed text, open details); it shows the changed block, what the build found, links that
// lead nowhere, and a status line; and it opens files in the writer's editor.
//
// What it never does: style= attributes or <style> elements (the page's own policy forbids them: constructed style
// sheets only), globals of its own, words on the console, anything on paper.
//
// What it leaves in the page, for tests and for page scripts:
//   <html data-gloss-build="13">                      the build now shown; set last, when all of it is shown
//   <html data-gloss-state="watching|polling|disconnected">  set as soon as it is known
//   [data-gloss-mark="error|warning"]                 a block with findings
//   [data-gloss-broken="0"]                           a link that leads nowhere: an index into info.broken
//   [data-gloss-aim], .js-gloss-flash                 the block that Alt-click would open; the block that changed
//   <gloss-live> after <body>, open shadow root: #status #badge #list #overlay #toast #menu #frame #tip #marks,
//     button[data-width="320|768|1280|full"]
//   event "gloss:update" on document, detail {build}  after a change in place
//
// Words: `shown` is the page that is on the screen, `info` the server's answer of /_gloss/page about it, a `job` is
// what has been heard and not yet shown, a `fetched` page is one that is not shown yet.
(() => {
  "use strict";

  const script = document.currentScript;
  if (!script?.dataset.gloss) return;

  const shown = { ...JSON.parse(script.dataset.gloss), scripts: "", style: "" };
  const root = document.documentElement;
  const frameElement = (() => { try { return window.frameElement; } catch { return null; } })();
  const framed = Boolean(frameElement); // in our width frame, or in a page that embeds this one: no status line here
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  let info = null; // newest answer of /_gloss/page
  let leaving = false; // a reload or a navigation is under way: touch nothing more

  // ---- small helpers

  // h makes an element. Keys that start with "on" are listeners, true and false are attributes there or not.
  function h(tag, attributes = {}, ...children) {
    const el = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
      else if (value === true) el.setAttribute(name, "");
      else if (value !== false && value != null) el.setAttribute(name, value);
    }
    el.append(...children.filter(child => child != null && child !== false));
    return el;
  }

  const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
  const counts = (errors, warnings, waiting) =>
    [errors && plural(errors, "error"), warnings && plural(warnings, "warning"), waiting && `${waiting} waiting`]
      .filter(Boolean).join(", ") || "no findings";
  const place = finding => [finding.file, finding.line, finding.column].filter(Boolean).join(":");
  const address = (url, block) => (info?.base ?? "/") + url + (block ? "#" + encodeURIComponent(block) : "");
  const byId = id => (id ? document.getElementById(id) : null);
  const visible = () => document.visibilityState === "visible";
  const setAttribute = (el, name, value) => { if (el.getAttribute(name) !== value) el.setAttribute(name, value); };

  function sheet(text) {
    const made = new CSSStyleSheet();
    made.replaceSync(text);
    return made;
  }

  function load(key) {
    try { return JSON.parse(localStorage.getItem("gloss-live"))?.[key]; } catch { return undefined; }
  }

  function save(key, value) {
    try {
      const all = JSON.parse(localStorage.getItem("gloss-live")) ?? {};
      localStorage.setItem("gloss-live", JSON.stringify({ ...all, [key]: value }));
    } catch { /* storage is off: forgotten at the next page, no harm */ }
  }

  // post answers {url, file} or {error: words for people}.
  async function post(path, body) {
    try {
      const response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Gloss-Token": shown.token },
        body: JSON.stringify(body),
      });
      if (!response.ok) return { error: (await response.text()).trim() || `The server answered ${response.status}.` };
      return await response.json();
    } catch {
      return { error: "The server does not answer. Is gloss serve still running?" };
    }
  }

  // ---- connection

  let port = null;
  let connected = null; // null: not known yet

  function connect() {
    const shared = typeof SharedWorker === "function";
    try {
      const worker = shared ? new SharedWorker("/_gloss/worker.js", { name: "gloss" }) : new Worker("/_gloss/worker.js");
      worker.onerror = () => setConnected(false);
      port = shared ? worker.port : worker;
    } catch {
      setConnected(false);
      return;
    }
    port.onmessage = event => hear(event.data);
    const say = type => port.postMessage({ type });
    const wake = () => {
      say("join");
      say("retry");
      if (job && visible()) work();
    };
    document.addEventListener("visibilitychange", () => {
      if (visible()) wake();
      else if (!shared) say("bye"); // a hidden tab must not keep one of the six connections
    });
    document.addEventListener("resume", wake);
    addEventListener("online", () => say("retry"));
    addEventListener("focus", () => say("retry"));
    addEventListener("pagehide", () => say("bye"));
    addEventListener("pageshow", event => {
      if (!event.persisted) return;
      leaving = false;
      wake();
    });
    if (shared || visible()) say("join");
  }

  function hear(said) {
    if (said.type === "ping") {
      port.postMessage({ type: "pong" });
    } else if (said.type === "lost") {
      setConnected(false);
    } else if (said.type === "hello") {
      setConnected(true);
      if (said.session !== shown.session) overlayHidden = false;
      if (said.session !== shown.session || said.build !== shown.build) add({ full: true });
      else if (stuck && visible()) work();
    } else if (said.type === "build") {
      setConnected(true);
      overlayHidden = false;
      add({
        full: said.session !== shown.session || said.changed === null,
        changed: said.changed ?? [],
        edited: said.edited ?? [],
        assets: said.assets ?? [],
        build: said.build,
      });
    }
  }

  function setConnected(now) {
    connected = now;
    showState();
  }

  // ---- updates: from what was heard to what is shown

  let job = null;
  let turn = 0; // number of the newest run of work; an older one gives up
  let abort = null;
  let stuck = false; // the newest run failed and nothing runs now

  function add({ full = false, changed = [], edited = [], assets = [], build = shown.build }) {
    job = {
      full: full || Boolean(job?.full),
      changed: [...(job?.changed ?? []), ...changed],
      edited: [...(job?.edited ?? []), ...edited],
      assets: [...(job?.assets ?? []), ...assets],
      build,
    };
    // A hidden tab waits: with 200 of them open, only those that somebody looks at ask the server.
    if (visible()) work();
  }

  async function work() {
    const mine = ++turn;
    stuck = false;
    const doing = job;
    abort?.abort();
    abort = new AbortController();
    const { signal } = abort;
    const old = () => mine !== turn || leaving;
    try {
      let asked = ask(signal);
      asked.catch(() => {});
      const ours = doing.full || doing.changed.includes(info?.url);
      let fetched = ours ? await read(signal) : null;
      let next = info ?? await asked; // of this page only the url is needed so early
      if (old()) return;
      doing.assets.forEach(path => versions.set(next.base + path, doing.build));
      if (fetched) apply(fetched, doing, next);
      // The two answers can be of two builds when one ended in between.
      for (let tries = 0; ; tries++) {
        next = await asked;
        if (old()) return;
        if (next.hash === shown.hash || tries === 3) break;
        asked = ask(signal);
        asked.catch(() => {});
        fetched = await read(signal);
        if (old()) return;
        apply(fetched, doing, next);
        if (fetched.meta?.placeholder && !shown.placeholder) { next = await asked; break; }
      }
      if (old()) return;
      if (doing.assets.length) await swapAssets(doing.assets.map(path => next.base + path));
      if (old()) return;
      if (job === doing) job = null;
      show(next);
      offer(doing.edited);
    } catch {
      // Aborted by a newer run, or the server is gone: the job stays, and "hello" or a look at the tab runs it again.
      if (mine === turn) stuck = true;
    }
  }

  async function ask(signal) {
    const response = await fetch("/_gloss/page?path=" + encodeURIComponent(location.pathname), {
      cache: "no-store",
      signal,
    });
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  }

  // read gets the page of this tab as it is now: {doc, meta, style}, meta null when the answer is not one of ours.
  async function read(signal) {
    const here = location.pathname + location.search;
    const response = await fetch(here, { cache: "no-store", headers: { Accept: "text/html" }, signal });
    const url = new URL(response.url);
    if (response.redirected && url.pathname !== location.pathname) {
      leaving = true;
      location.replace(url.pathname + url.search + (url.hash || location.hash));
    }
    // The policy of this page holds for documents that it parses: another <style> would be reported on the console.
    const text = await response.text();
    const end = text.indexOf("</head>");
    const styles = [];
    const head = text.slice(0, Math.max(end, 0)).replace(/<style\b[^>]*>([^]*?)<\/style>/gi, (_, css) => {
      styles.push(css);
      return "";
    });
    const doc = new DOMParser().parseFromString(head + text.slice(Math.max(end, 0)), "text/html");
    let meta = null;
    try { meta = JSON.parse(doc.querySelector("script[data-gloss]").dataset.gloss); } catch { /* not ours */ }
    return { doc, meta, style: [...styles, ...stylesOf(doc).map(el => el.textContent)].join("\n") };
  }

  // show applies everything that is not the page itself, after it.
  function show(next) {
    info = next;
    if (shown.placeholder && next.hash !== shown.hash && !next.stopped) return reload();
    shown.session = next.session;
    shown.build = next.build;
    showMarks();
    showBroken();
    if (framed) frameElement.dispatchEvent(new CustomEvent("gloss:info", { detail: info }));
    showStatus();
    showState();
    setAttribute(root, "data-gloss-build", String(next.build));
  }

  function reload() {
    leaving = true;
    abort?.abort();
    location.reload();
  }

  // ---- patching the page

  const pageSheet = new CSSStyleSheet(); // the page's own style, once it differs from its <style>
  let headNodes = []; // what the page's file put into <head>, without scripts and styles
  let rootAttributes = {}; // what the page's file said of <html>

  const isOurs = el => el.dataset.gloss !== undefined && el.getAttribute("src")?.startsWith("/_gloss/");
  // A script that only carries data (JSON-LD) can be changed in place.
  const runs = el => !el.type || el.type === "module" || el.type === "importmap" || el.type === "speculationrules"
    || /(java|ecma)script/i.test(el.type);
  // An address counts as what it leads to: the 404 page writes from the root what other pages write from where they are.
  const scriptsOf = doc => [...doc.scripts].filter(el => runs(el) && !isOurs(el)).map(el => (el.src ? [el.src, el.type, el.async, el.integrity].join(" ") : el.outerHTML)).join("\n");
  const stylesOf = doc => [...doc.querySelectorAll("style")].filter(el => !el.closest("svg"));
  const plainHead = doc => [...doc.head.children].filter(el => el.localName !== "script" && el.localName !== "style");
  const attributesOf = el => Object.fromEntries([...el.attributes].map(a => [a.name, a.value]));

  function rememberPage() {
    shown.scripts = scriptsOf(document);
    shown.style = stylesOf(document).map(el => el.textContent).join("\n");
    headNodes = plainHead(document);
    rootAttributes = attributesOf(root);
    shown.texts = textsOf(document.body); // as the file has them: the page's own scripts may add words later
  }

  // apply never leaves a page that is half changed.
  function apply(fetched, doing, about) {
    try {
      patch(fetched, doing, about);
    } catch {
      reload();
    }
  }

  function patch({ doc, meta, style }, doing, about) {
    if (!meta) return; // an answer of something that is not gloss: keep the page
    shown.session = meta.session;
    shown.token = meta.token; // a restarted server has another one
    if (meta.hash === shown.hash) return;
    if (meta.placeholder && !shown.placeholder) return; // the last good page stays, under the overlay
    const scripts = scriptsOf(doc);
    if (shown.placeholder || scripts !== shown.scripts) return reload();
    if (/@import/.test(style) && style !== shown.style) return reload(); // constructed sheets cannot import

    addVersions(doc);
    for (const el of doc.querySelectorAll("noscript")) el.textContent = el.innerHTML; // as a page with scripts has it
    stopFlash();
    pairIds(document.body, doc.body);
    const own = doing.edited.filter(e => e.url === about.url && e.block).map(e => e.block);
    const texts = textsOf(doc.body);
    const changed = own.length ? own.filter(id => doc.getElementById(id)) : differing(shown.texts, texts);
    const held = hold();
    if (style !== shown.style) swapStyle(style);
    syncRoot(doc.documentElement);
    syncHead(doc);
    morph(doc.body);
    held.restore();
    shown.hash = meta.hash;
    shown.style = style;
    shown.texts = texts;
    reveal(changed.map(byId).filter(Boolean));
    document.dispatchEvent(new CustomEvent("gloss:update", { detail: { build: meta.build } }));
  }

  // swapStyle puts the style into an adopted sheet: the policy, which names the old <style> by its hash, allows no
  // changed one, and taking over in one step leaves no moment without style.
  function swapStyle(text) {
    pageSheet.replaceSync(versionedCSS(text));
    if (!document.adoptedStyleSheets.includes(pageSheet)) {
      document.adoptedStyleSheets = [pageSheet, ...document.adoptedStyleSheets];
    }
    for (const el of stylesOf(document)) if (el.sheet) el.sheet.disabled = true;
  }

  // syncRoot changes of <html> what the file changed. What a page script set since (a theme) stays.
  function syncRoot(next) {
    const fresh = attributesOf(next);
    for (const [name, value] of Object.entries(fresh)) {
      if (rootAttributes[name] !== value) root.setAttribute(name, value);
    }
    for (const name of Object.keys(rootAttributes)) {
      if (!(name in fresh) && !name.startsWith("data-") && name !== "style") root.removeAttribute(name);
    }
    rootAttributes = fresh;
  }

  function syncHead(doc) {
    if (document.title !== doc.title) document.title = doc.title;
    const gone = new Set(headNodes);
    headNodes = plainHead(doc).map(el => {
      const same = [...gone].find(old =>
        old.localName === "title" ? el.localName === "title" : old.outerHTML === el.outerHTML,
      );
      if (same) {
        gone.delete(same);
        return same;
      }
      const added = document.importNode(el, true);
      document.head.append(added);
      return added;
    });
    for (const el of gone) el.remove();
  }

  function morph(body) {
    Idiomorph.morph(document.body, body, {
      morphStyle: "outerHTML",
      restoreFocus: false, // it would scroll; hold() does it
      callbacks: { beforeNodeMorphed, beforeNodeRemoved, beforeAttributeUpdated },
    });
  }

  function beforeNodeMorphed(old, next) {
    if (old.nodeType !== Node.ELEMENT_NODE) return true;
    if (isTyped(old)) return false;
    return !old.isEqualNode(next);
  }

  // isTyped tells fields that hold something that the writer put there, or is just about to. (idiomorph's own
  // ignoreActiveValue would also skip all of <main> when the skip link has focused that.)
  function isTyped(el) {
    if (el.localName === "input" || el.localName === "textarea") {
      return (
        el === document.activeElement || el.value !== el.defaultValue || Boolean(el.checked) !== Boolean(el.defaultChecked)
      );
    }
    if (el.localName === "select") {
      return el === document.activeElement || [...el.options].some(o => o.selected !== o.defaultSelected);
    }
    return el.isContentEditable && el === document.activeElement;
  }

  // An open preview that a script made is in no file; it stays while the link that opened it does.
  function beforeNodeRemoved(node) {
    return !(node.nodeType === Node.ELEMENT_NODE && isOpen(node));
  }

  function isOpen(el) {
    try { return el.matches(":popover-open"); } catch { return false; }
  }

  const opensPreview = ["popovertarget", "aria-controls", "aria-describedby", "aria-details"];

  function closeOrphans(anchors) {
    for (const [popover, links] of anchors) {
      if (links.length && !links.some(link => link.isConnected)) popover.hidePopover();
    }
  }

  function previewAnchors() {
    const open = [...document.querySelectorAll("[popover][id]")].filter(isOpen);
    return open.map(el => [el, [...document.querySelectorAll(
      opensPreview.map(name => `[${name}~="${CSS.escape(el.id)}"]`).join())]]);
  }

  function beforeAttributeUpdated(name, el) {
    if (name.startsWith("data-gloss")) return false;
    if (name === "open" && (el.localName === "details" || el.localName === "dialog")) return false;
    if (name === "inert" && el === document.body) return false;
    if (name === "style") return false; // pages have none, so it is a script's
    if (el.hasAttribute("data-gloss-broken") && brokenAttributes.includes(name)) return false;
    return !keptAnchors.has(el) || !(opensPreview.includes(name) || name === "aria-expanded");
  }

  let keptAnchors = new Set();

  // ---- which old element is which new one

  // Ids of citations ("_c-3") count through the page: they say where an element stands, not which it is.
  const counted = id => id.startsWith("_c-");
  const withIds = body => [...body.querySelectorAll("[id]")].filter(el => el.id && !counted(el.id));

  // pairIds gives an edited block's old element the id that the block has now. Ids are hashes of the text, so without
  // that the element would be thrown away, with the focus and the selection in it.
  function pairIds(body, next) {
    const olds = withIds(body), news = withIds(next);
    const newAt = new Map(news.map((el, i) => [el.id, i]));
    const oldIds = new Set(olds.map(el => el.id));
    let from = 0, to = 0;
    const anchors = increasing(olds.map(el => newAt.get(el.id) ?? -1));
    for (const i of [...anchors, olds.length]) {
      const j = i < olds.length ? newAt.get(olds[i].id) : news.length;
      pairRun(olds.slice(from, i).filter(el => !newAt.has(el.id)), news.slice(to, j).filter(el => !oldIds.has(el.id)));
      from = i + 1;
      to = j + 1;
    }
    pairCounted(body, next);
  }

  // increasing gives the indexes of a longest increasing run of values, those below zero left out.
  function increasing(values) {
    const tails = [], previous = [];
    values.forEach((value, i) => {
      if (value < 0) return;
      let low = 0, high = tails.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (values[tails[middle]] < value) low = middle + 1;
        else high = middle;
      }
      previous[i] = low ? tails[low - 1] : -1;
      tails[low] = i;
    });
    const run = [];
    for (let i = tails.at(-1) ?? -1; i >= 0; i = previous[i]) run.unshift(i);
    return run;
  }

  // pairRun pairs blocks between the same two neighbours, in order. With as many old as new ones that is all there is
  // to know; else a paragraph was added or taken away as well, and the words tell which.
  function pairRun(olds, news) {
    if (!olds.length || !news.length) return;
    const sure = olds.length === news.length;
    let at = 0;
    for (const old of olds) {
      let best = -1, most = sure ? -1 : .3;
      for (let j = at; j < news.length; j++) {
        if (news[j].localName !== old.localName) continue;
        const like = sure ? 0 : likeness(old, news[j]);
        if (like > most) { best = j; most = like; }
        if (sure) break;
      }
      if (best < 0) continue;
      old.id = news[best].id;
      at = best + 1;
    }
  }

  function likeness(a, b) {
    const words = el => new Set(el.textContent.toLowerCase().match(/[\p{L}\p{N}]+/gu));
    const left = words(a), right = words(b);
    let both = 0;
    for (const word of left) if (right.has(word)) both++;
    return 2 * both / (left.size + right.size || 1);
  }

  // pairCounted numbers the old citations as the new page does, block by block, so that they stay in their sentences.
  function pairCounted(body, next) {
    const groups = new Map();
    const all = el => [...el.querySelectorAll('[id^="_c-"]')];
    const owner = el => el.parentElement.closest('[id]:not([id^="_c-"])')?.id ?? "";
    for (const el of all(body)) {
      const key = owner(el);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(el);
    }
    for (const el of all(next)) {
      const group = groups.get(owner(el)) ?? [];
      const at = group.findIndex(old => old.getAttribute("href") === el.getAttribute("href"));
      if (at < 0) continue;
      if (group[at].id !== el.id) group[at].id = el.id;
      group.splice(at, 1);
    }
    // The rest is gone; with their ids they would be taken for others.
    for (const group of groups.values()) for (const el of group) el.removeAttribute("id");
  }

  // ---- what the reader had: scroll, focus, selection, previews

  const scrolled = new Set(); // inner scrollers that were ever moved
  document.addEventListener("scroll", event => {
    if (event.target instanceof Element && event.target !== root) scrolled.add(event.target);
  }, { capture: true, passive: true });

  function hold() {
    const anchors = visibleBlocks().map(el => [el, el.getBoundingClientRect().top]);
    const boxes = [...scrolled].filter(el => el.isConnected || scrolled.delete(el) && false)
      .map(el => [el, el.scrollLeft, el.scrollTop]);
    const focus = holdFocus(), selection = holdSelection(), previews = previewAnchors();
    const top = scrollY;
    keptAnchors = new Set(previews.flatMap(([, links]) => links));
    return {
      restore() {
        closeOrphans(previews);
        for (const [el, x, y] of boxes)
          if (el.isConnected && (el.scrollLeft !== x || el.scrollTop !== y))
            el.scrollTo({ left: x, top: y, behavior: "instant" });
        const anchor = anchors.find(([el]) => el.isConnected && el.getClientRects().length);
        // At the very top the page stays at the top, whatever grows there.
        if (anchor && top > 0) scrollPage(anchor[0].getBoundingClientRect().top - anchor[1]);
        else if (scrollY !== top) scrollTo({ top, behavior: "instant" });
        restoreFocus(focus);
        restoreSelection(selection);
      },
    };
  }

  function scrollPage(by) {
    if (Math.abs(by) >= 1) scrollBy({ top: by, behavior: "instant" });
  }

  // visibleBlocks gives up to five blocks that are in sight, the topmost first; containers of others are none.
  function visibleBlocks() {
    const seen = [];
    for (const el of withIds(document.body)) {
      const box = el.getBoundingClientRect();
      if (box.bottom <= 0 || box.top >= innerHeight || !box.height) continue;
      if (box.top < 0 && el.querySelector('[id]:not([id^="_c-"])')) continue;
      seen.push(el);
      if (seen.length === 5) break;
    }
    return seen;
  }

  const blockOf = el => {
    const block = el?.closest?.('[id]:not([id^="_c-"], [id=""])');
    // The title of a box has the id of the box and "-t".
    return block?.parentElement && block.id === block.parentElement.id + "-t" ? block.parentElement : block ?? null;
  };

  function holdFocus() {
    const el = document.activeElement;
    if (!el || el === document.body || el === host) return null;
    return { el, block: blockOf(el), id: el.id, href: el.getAttribute("href"), text: el.textContent };
  }

  // restoreFocus finds the link again that had the focus: its element may have become another link of the paragraph.
  function restoreFocus(had) {
    if (!had) return;
    const { el, block, href, text, id } = had;
    const now = document.activeElement;
    if (el.isConnected && now === el && el.getAttribute("href") === href) return;
    const within = block?.isConnected ? block : document.body;
    const same = href === null ? null
      : [...within.querySelectorAll("a[href]")].filter(a => a.getAttribute("href") === href);
    const target = same?.find(a => a.textContent === text) ?? same?.[0]
      ?? (el.isConnected ? el : byId(id) ?? null);
    if (target && target !== now) target.focus({ preventScroll: true });
  }

  function holdSelection() {
    const s = getSelection();
    if (!s?.rangeCount || s.isCollapsed || !document.body.contains(s.anchorNode)) return null;
    const end = (node, offset) => ({ node, offset, text: node.nodeType === Node.TEXT_NODE ? node.data : null });
    return { from: end(s.anchorNode, s.anchorOffset), to: end(s.focusNode, s.focusOffset) };
  }

  function restoreSelection(had) {
    if (!had || !had.from.node.isConnected || !had.to.node.isConnected) return;
    const from = moved(had.from), to = moved(had.to);
    const s = getSelection();
    if (s.anchorNode === had.from.node && s.anchorOffset === from && s.focusNode === had.to.node && s.focusOffset === to)
      return;
    try {
      s.setBaseAndExtent(had.from.node, from, had.to.node, to);
    } catch {
      /* the node has fewer children now */
    }
  }

  // moved tells where an offset in a text lies after the text was edited: letters before and after the edit keep theirs.
  function moved({ node, offset, text }) {
    if (text === null || node.data === text) return Math.min(offset, node.data?.length ?? node.childNodes.length);
    const now = node.data, shorter = Math.min(text.length, now.length);
    let start = 0, end = 0;
    while (start < shorter && text[start] === now[start]) start++;
    while (end < shorter - start && text.at(-1 - end) === now.at(-1 - end)) end++;
    if (offset <= start) return offset;
    return offset >= text.length - end ? offset + now.length - text.length : Math.min(offset, now.length - end);
  }

  // ---- pictures and other files

  const versions = new Map(); // path of a changed file: number of the build that changed it
  const urlAttributes = { img: ["src"], source: ["src"], video: ["src", "poster"], audio: ["src"], image: ["href"],
    use: ["href"], embed: ["src"], object: ["data"], iframe: ["src"], track: ["src"], link: ["href"] };

  const pathOf = url => {
    if (!url || url.startsWith("data:") || url.startsWith("#")) return "";
    try {
      const parsed = new URL(url, document.baseURI);
      return parsed.origin === location.origin ? decodeURI(parsed.pathname) : "";
    } catch { return ""; }
  };

  // versioned adds ?v=13 to the address of a file that changed in build 13: browsers show a picture that they have
  // without asking, however it is served.
  function versioned(url) {
    const version = versions.get(pathOf(url));
    if (version === undefined) return url;
    const [, path, query, hash] = /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(url);
    const others = (query ?? "").slice(1).split("&").filter(part => part && !/^v=\d+$/.test(part));
    return `${path}?${[...others, `v=${version}`].join("&")}${hash ?? ""}`;
  }

  const versionedSet = set => set.replace(/[^\s,]\S*[^\s,]/g, part => versioned(part));
  const versionedCSS = css => css.replace(/url\(\s*(["']?)(.*?)\1\s*\)/g, (all, quote, url) => {
    const next = versioned(url);
    return next === url ? all : `url("${next}")`;
  });

  // mediaOf gives [element, attribute, new value] for each address in a document that needs another version.
  function mediaOf(doc) {
    const found = [];
    if (!versions.size) return found;
    for (const el of doc.querySelectorAll(Object.keys(urlAttributes).join())) {
      if (el.localName === "link" && !/\b(icon|stylesheet)\b/.test(el.rel)) continue;
      for (const name of urlAttributes[el.localName]) {
        const value = el.getAttribute(name);
        if (value && versioned(value) !== value) found.push([el, name, versioned(value)]);
      }
    }
    for (const el of doc.querySelectorAll("[srcset]")) {
      const value = el.getAttribute("srcset"), next = versionedSet(value);
      if (next !== value) found.push([el, "srcset", next]);
    }
    return found;
  }

  function addVersions(doc) {
    for (const [el, name, value] of mediaOf(doc)) el.setAttribute(name, value);
  }

  async function swapAssets(paths) {
    // A file that runs cannot be swapped.
    if ([...document.scripts].some(el => !isOurs(el) && paths.includes(pathOf(el.getAttribute("src"))))) return reload();
    const css = versionedCSS(shown.style);
    if (css !== shown.style) swapStyle(shown.style);
    await Promise.all(mediaOf(document).map(([el, name, value]) => swapMedia(el, name, value)));
  }

  async function swapMedia(el, name, value) {
    if (el.localName === "link" && el.rel.includes("stylesheet")) {
      const next = el.cloneNode();
      next.href = value;
      next.onload = next.onerror = () => el.remove(); // the old one stays until then: no flash of bare HTML
      headNodes = headNodes.map(node => (node === el ? next : node));
      el.after(next);
      return;
    }
    if (el.localName === "img" && name === "src") {
      const ahead = new Image();
      ahead.src = new URL(value, document.baseURI);
      await ahead.decode().catch(() => {});
    }
    const time = el instanceof HTMLMediaElement && name === "src" ? el.currentTime : 0;
    el.setAttribute(name, value);
    if (time) el.currentTime = time;
    if (el.localName === "source" && el.parentElement instanceof HTMLMediaElement) el.parentElement.load();
  }

  // ---- the changed block

  const MANY = 12; // blocks; when more changed at once, a layout did, and no place is the place to look at

  // textsOf gives the words of each block, without those of blocks in it and without the numbers of notes.
  function textsOf(body) {
    const texts = new Map();
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (parent.closest("sup.cite, sup.ref, script, style, noscript")) continue;
      const id = parent.closest('[id]:not([id^="_c-"])')?.id;
      if (id) texts.set(id, (texts.get(id) ?? "") + walker.currentNode.data);
    }
    texts.delete("_main"); // a page's date and its minutes are not what the writer wrote
    return texts;
  }

  function differing(before, after) {
    const ids = [...after].filter(([id, text]) => text.trim() && before.get(id) !== text).map(([id]) => id);
    return ids.length > MANY ? [] : ids;
  }

  let flashing = [];
  let flashTimer = 0;

  // reveal flashes the blocks and, when none of them is in sight, brings the first into the middle.
  function reveal(blocks, always = false) {
    const shownOnes = blocks.filter(el => el.getClientRects().length);
    if (!shownOnes.length) return;
    const low = innerHeight - (root.hasAttribute("data-gloss-bar") ? barHeight() : 0);
    const inSight = el => {
      const box = el.getBoundingClientRect();
      return always ? box.top >= 0 && box.bottom <= low : box.bottom > 4 && box.top < low - 4;
    };
    if (!shownOnes.some(inSight)) {
      const box = shownOnes[0].getBoundingClientRect();
      scrollPage(box.height < low ? box.top - (low - box.height) / 2 : box.top - 16);
    }
    flash(shownOnes);
  }

  function flash(blocks) {
    stopFlash();
    flashing = blocks;
    for (const el of blocks) el.classList.add("js-gloss-flash");
    flashTimer = setTimeout(stopFlash, calm.matches ? 1500 : 1150);
  }

  function stopFlash() {
    clearTimeout(flashTimer);
    for (const el of flashing) {
      el.classList.remove("js-gloss-flash");
      if (!el.classList.length) el.removeAttribute("class");
    }
    flashing = [];
  }

  function goTo(block) {
    const el = byId(block);
    if (!el) return;
    for (let box = el.closest("details:not([open])"); box; box = box.parentElement.closest("details:not([open])"))
      box.open = true;
    reveal([el], true);
  }

  // ---- the look of it

  const lightSheet = sheet(`
@media screen {
  :root[data-gloss-bar] { padding-block-end: 38px; scroll-padding-block-end: 48px }
  :root[data-gloss-width] { overflow: hidden }
  [data-gloss-mark="error"] { --gloss: light-dark(#9b1c1c, #ff9d94) }
  [data-gloss-mark="warning"] { --gloss: light-dark(#8a5a00, #e6c072) }
  [data-gloss-mark] { background-image: linear-gradient(color-mix(in srgb, var(--gloss) 9%, transparent) 0 100%) }
  [data-gloss-broken] {
    color: light-dark(#9b1c1c, #ff9d94); cursor: pointer; border-radius: 2px;
    text-decoration: underline dashed 1.5px; text-underline-offset: .18em;
  }
  [data-gloss-broken]:hover { text-decoration-thickness: 2.5px }
  [data-gloss-broken]:focus-visible { outline: 3px solid light-dark(#1d4ed8, #7fb2ff); outline-offset: 2px }
  [data-gloss-aim], [data-gloss-aim] * { cursor: pointer !important }
  [data-gloss-aim] { outline: 2px solid light-dark(#1d4ed8, #7fb2ff) !important; outline-offset: 4px !important; border-radius: 2px }
  .js-gloss-flash { animation: js-gloss-flash 1.1s ease-out }
}
@media screen and (prefers-reduced-motion: reduce) {
  .js-gloss-flash { animation: none; outline: 3px solid light-dark(#b7791f, #f2c063); outline-offset: 4px }
}
@keyframes js-gloss-flash {
  from, 25% { background-color: light-dark(#ffe08a, #66520f); box-shadow: 0 0 0 .3em light-dark(#ffe08a, #66520f) }
  to { box-shadow: 0 0 0 .3em transparent }
}`);

  const shadowSheet = sheet(`
:host {
  all: initial; color-scheme: light dark; position: absolute; left: 0; top: 0; width: 0; height: 0; z-index: 2147483647;
  --bg: light-dark(#fdfcf9, #1b1e22); --surface: light-dark(#f1ede4, #272b30); --text: light-dark(#1b1b1a, #eae7e0);
  --muted: light-dark(#4f4d48, #b9b4a9); --link: light-dark(#0a4a8f, #9cc4ff); --rule: light-dark(#cfc8b8, #474d55);
  --control: light-dark(#767066, #868b92); --focus: light-dark(#1d4ed8, #7fb2ff);
  --error: light-dark(#9b1c1c, #ff9d94); --warning: light-dark(#744b00, #e6c072); --good: light-dark(#1d5c3a, #8fd3ab);
  --sans: -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono", "DejaVu Sans Mono", monospace;
  --bar: 30px;
}
@media print { :host { display: none !important } }
*, ::before, ::after { box-sizing: border-box }
#ui { font: 13px/1.45 var(--sans); color: var(--text); text-align: start; direction: ltr; font-variant-numeric: tabular-nums }
[hidden] { display: none !important }
p, h2, h3, ul, ol, pre { margin: 0; padding: 0; font: inherit }
ul, ol { list-style: none }
button, .button {
  font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 4px; margin: 0;
  padding: 1px 7px; min-block-size: 24px; min-inline-size: 24px; cursor: pointer; display: inline-flex; align-items: center;
  justify-content: center; gap: 5px; text-decoration: none; white-space: nowrap;
}
button:hover, .button:hover { background: var(--surface) }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px }
.line { border-color: var(--control); background: var(--bg) }
.strong { font-weight: 600 }
.muted { color: var(--muted) }
.sr { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.x { padding: 0 }
[aria-busy] { opacity: .6; cursor: progress }
svg { flex: none; inline-size: 1em; block-size: 1em; fill: currentColor; display: block }
.error { color: var(--error) } .warning { color: var(--warning) } .good { color: var(--good) }
code, .mono { font: 12px/1.5 var(--mono) }

#status {
  position: fixed; inset-inline: 0; inset-block-end: 0; min-block-size: var(--bar); display: flex; align-items: center; gap: 2px 14px;
  padding-inline: 10px 4px; background: var(--bg); border-block-start: 1px solid var(--rule); white-space: nowrap; z-index: 5;
}
#status > span { overflow: hidden; text-overflow: ellipsis; flex: 0 1 auto }
#status .live { display: inline-flex; align-items: center; gap: 6px; flex: none }
#status .space { flex: 1 }
#status .short { display: none }
.off { color: var(--error); font-weight: 600 }
.draft { border: 1px dashed var(--error); color: var(--error); border-radius: 3px; padding-inline: 5px; font-weight: 700; font-size: 11px; flex: none !important }
#badge { flex: none; gap: 4px 10px }
#badge > span { display: inline-flex; align-items: center; gap: 4px }
#badge[aria-expanded="true"] { background: var(--surface); border-color: var(--control) }
#widths { display: inline-flex; flex: none; border: 1px solid var(--control); border-radius: 4px; overflow: clip; overflow-clip-margin: 4px }
#widths button { border: 0; border-radius: 0; padding-inline: 7px; min-block-size: 24px }
#widths button + button { border-inline-start: 1px solid var(--rule) }
#widths button[aria-pressed="true"] { background: var(--text); color: var(--bg) }
#widths button:focus-visible { outline-offset: -2px }
#widths button[aria-pressed="true"]:focus-visible { outline-color: var(--bg) }
#status.dot { inset-inline-start: auto; inset-inline-end: 6px; inset-block-end: 6px; min-block-size: 0; padding: 0; border: 1px solid var(--rule); border-radius: 15px; gap: 0; overflow: clip; box-shadow: 0 1px 5px #0003 }
#status.dot > :not(#fold, .live) { display: none }
#status.dot > .live { display: none }
#status.dot > .live.off { display: inline-flex; padding-inline-start: 10px }
#status.dot #fold { min-inline-size: 28px; min-block-size: 28px; border-radius: 14px }
@media (width < 1020px) { #status .cited-words { display: none } }
@media (width < 760px) { #status .wide { display: none } }
@media (width < 640px) { #status { gap: 2px 10px } #status .long { display: none } #status .short { display: inline } #badge { padding-inline: 5px }
  #status #badge .long { display: block; position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%) } }
@media (width < 480px) { #widths { display: none } }
@media (pointer: coarse) { :host { --bar: 36px } #badge, #fold { min-block-size: 32px; min-inline-size: 32px } }

.panel { background: var(--bg); border: 1px solid var(--control); border-radius: 8px; box-shadow: 0 6px 28px #0004; z-index: 4 }
.bar { display: flex; align-items: center; gap: 8px; padding: 8px 8px 8px 14px; border-block-end: 1px solid var(--rule) }
.bar > :first-child { flex: 1; font-weight: 600; font-size: 14px }
#list { position: fixed; inset-inline-end: 8px; inset-block-end: calc(var(--bar) + 8px); inline-size: min(31rem, 100vw - 16px); max-block-size: min(70vh, 100vh - var(--bar) - 24px); display: flex; flex-direction: column; overflow: clip }
#list .body { overflow: auto; overscroll-behavior: contain; padding-block-end: 6px }
#list h3 { font-weight: 600; color: var(--muted); padding: 12px 14px 4px; font-size: 12px; overflow-wrap: anywhere }
#list li { padding: 8px 14px 9px; border-block-start: 1px solid var(--rule) }
#list h3 + ul > li:first-child { border-block-start: 0 }
#list li:focus { outline: 2px solid var(--focus); outline-offset: -2px; border-radius: 4px }
#list .head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0 12px; font-weight: 600 }
#list .kind { display: inline-flex; align-items: center; gap: 5px }
#list .head .mono { color: var(--muted); font-weight: 400; overflow-wrap: anywhere }
#list .message { margin-block: 2px; overflow-wrap: anywhere }
#list .hint { color: var(--muted); overflow-wrap: anywhere }
.actions { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; margin-block-start: 6px }
.actions .label { font-weight: 600 }
#menu .actions .label { inline-size: 100%; margin-block-end: -2px }
#list .none { padding: 14px; display: flex; gap: 6px; align-items: center }

#overlay { position: fixed; inset: 0; inset-block-end: 0; background: #1118; display: flex; justify-content: center; align-items: flex-start; padding: clamp(8px, 5vh, 56px) 8px calc(var(--bar) + 12px); overflow: auto; z-index: 3 }
#overlay.alone { background: light-dark(#e4dfd4, #101214) }
#overlay .panel { inline-size: min(54rem, 100%); border: 0; border-block-start: 5px solid var(--error); max-block-size: 100%; display: flex; flex-direction: column }
#overlay h2 { font-size: 17px; display: flex; align-items: center; gap: 8px }
#overlay h2 svg { color: var(--error) }
#overlay pre { font: 12.5px/1.55 var(--mono); padding: 14px; overflow: auto; tab-size: 4 }
#overlay pre span { display: block; white-space: pre-wrap; overflow-wrap: anywhere }
#overlay pre span.frame { white-space: pre; overflow-wrap: normal }
#overlay pre .end { display: none }
#overlay pre button { display: inline; font: inherit; padding: 2px 1px; margin-block: -2px; min-block-size: 0; color: var(--link); text-decoration: underline; text-underline-offset: .2em; white-space: inherit; border-radius: 2px; border: 0; overflow-wrap: anywhere; text-align: start }
#overlay .foot { padding: 10px 14px; border-block-start: 1px solid var(--rule) }

#toast { position: fixed; inset-inline-start: 8px; inset-block-end: calc(var(--bar) + 8px); max-inline-size: min(30rem, 100vw - 16px); display: flex; align-items: center; gap: 4px; padding: 4px 4px 4px 12px; z-index: 6 }
#toast a { color: var(--link); padding-block: 4px; overflow-wrap: anywhere }
#toast p { padding-block: 4px; overflow-wrap: anywhere; white-space: pre-line }

#marks { position: absolute; left: 0; top: 0 }
#marks > button { position: absolute; padding: 0; background: none; z-index: 1; font-size: 11px; font-weight: 700; line-height: 1 }
#marks > button i { position: absolute; inline-size: 3px; border-radius: 2px; background: currentColor; pointer-events: none; forced-color-adjust: none }
#marks > button span { display: inline-flex; align-items: center; gap: 2px; background: var(--bg); border: 1px solid currentColor; border-radius: 9px; min-inline-size: 18px; block-size: 18px; justify-content: center; padding-inline: 3px }
#marks > button:hover span { background: var(--surface) }
#tip { position: absolute; inline-size: max-content; max-inline-size: min(24rem, 100vw - 16px); padding: 7px 11px; z-index: 7; pointer-events: none }
#tip p + p { margin-block-start: 4px }
#tip b { font-weight: 600 }
#menu { position: absolute; inline-size: min(21rem, 100vw - 16px); padding: 11px 13px 12px; z-index: 7; overflow-wrap: anywhere }
#menu > * + * { margin-block-start: 7px }
#menu .of { font-weight: 600 }

#frame { position: fixed; inset: 0; inset-block-end: var(--bar); background: light-dark(#d9d4c9, #0b0c0e); overflow: hidden; z-index: 2 }
#frame iframe { position: absolute; inset-block-start: 0; border: 0; background: var(--bg); box-shadow: 0 0 0 1px var(--rule), 0 0 30px #0003; transform-origin: 0 0 }
@media (forced-colors: active) { #widths button[aria-pressed="true"] { forced-color-adjust: none; background: Highlight; color: HighlightText } }
`);

  // Shapes carry the meaning as well as colours do: a cross in a disc, a triangle, a disc, a half disc, a ring.
  const shapes = {
    error:
      "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0ZM4.2 5.6 5.6 4.2 8 6.6l2.4-2.4 1.4 1.4L9.4 8l2.4 2.4-1.4 1.4L8 9.4l-2.4 2.4-1.4-1.4L6.6 8Z",
    warning: "M8 .8 16 15H0ZM7.1 5.6v5h1.8v-5Zm0 6.2v1.7h1.8v-1.7Z",
    good: "M6 13.4.9 8.3l1.5-1.5L6 10.4l7.6-7.6 1.5 1.5Z",
    watching: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Z",
    polling: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 1.8v8.4a4.2 4.2 0 0 1 0-8.4Z",
    disconnected: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 1.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4Z",
    close: "M3.3 2.2 8 6.9l4.7-4.7 1.1 1.1L9.1 8l4.7 4.7-1.1 1.1L8 9.1l-4.7 4.7-1.1-1.1L6.9 8 2.2 3.3Z",
    down: "M2 5.5 3.4 4 8 8.7 12.6 4 14 5.5l-6 6Z",
  };

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(svg.namespaceURI, "path");
    path.setAttribute("fill-rule", "evenodd");
    path.setAttribute("d", shapes[name]);
    svg.append(path);
    return svg;
  }

  const closeButton = (title, onclick) =>
    h("button", { class: "x", type: "button", "aria-label": title, title, onclick }, icon("close"));
  const button = (text, onclick, attributes = {}) =>
    h("button", { class: "line", type: "button", onclick, ...attributes }, text);

  // The host stands outside of <body>, where no patch comes by, and its shadow keeps the page's style out.
  const host = document.createElement("gloss-live");
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [shadowSheet];
  const ui = h("div", { id: "ui", dir: "ltr", lang: "en" });
  const announcer = h("span", { class: "sr", role: "status", "aria-live": "polite" });
  const marksLayer = h("div", { id: "marks" });
  const listPanel = h("section", {
    id: "list",
    class: "panel",
    role: "dialog",
    "aria-label": "What the build found",
    hidden: true,
  });
  const overlay = h("section", {
    id: "overlay",
    role: "alertdialog",
    "aria-labelledby": "overlay-title",
    "aria-describedby": "overlay-text",
    hidden: true,
  });
  const toastBox = h("section", { id: "toast", class: "panel", role: "status", hidden: true });
  const tip = h("div", { id: "tip", class: "panel", role: "tooltip", hidden: true });
  const menu = h("div", {
    id: "menu",
    class: "panel",
    role: "dialog",
    "aria-label": "A link that leads nowhere",
    hidden: true,
  });
  const frameBox = h("section", { id: "frame", "aria-label": "The page at another width", hidden: true });
  const status = h("section", { id: "status", role: "region", "aria-label": "Live preview", hidden: true });

  const barHeight = () => (framed ? 0 : status.offsetHeight);
  const active = () => shadow.activeElement;

  // ---- status line

  let frameInfo = null; // the info of the page in the width frame
  const subject = () => frameInfo ?? info; // what status line and list are about

  const live = h("span", { class: "live" });
  const buildText = h("span", { class: "muted wide" });
  const wordsText = h("span", { class: "muted" });
  const citedText = h("span", { class: "muted" });
  const draft = h("span", { class: "draft", title: "This page is a draft: it is not published" }, "DRAFT");
  const badge = h("button", {
    id: "badge",
    type: "button",
    "aria-haspopup": "dialog",
    "aria-expanded": "false",
    onclick: () => (listPanel.hidden ? openList(badge) : closeList()),
  });
  const widths = h(
    "span",
    { id: "widths", role: "group", "aria-label": "Width of the page" },
    ...["320", "768", "1280", "full"].map(width =>
      h(
        "button",
        {
          type: "button",
          "data-width": width,
          "aria-pressed": String(width === "full"),
          title: width === "full" ? "Show the page at the width of the window" : `Show the page ${width} pixels wide`,
          onclick: () => setWidth(width),
        },
        width,
      ),
    ),
  );
  const fold = h("button", { id: "fold", class: "x", type: "button", onclick: () => setFolded(!load("folded")) });

  function showState() {
    const state = connected === false ? "disconnected" : info?.watching === "polling" ? "polling" : "watching";
    if (connected === null || connected && !info) return; // not known yet
    setAttribute(root, "data-gloss-state", state);
    const words = {
      watching: "Files are watched: what you save appears here at once",
      polling: "Files are looked at every second: what you save appears here a little later",
      disconnected: "gloss serve does not answer. This page is tried again until it does",
    };
    if (live.dataset.state === state) return;
    if (live.dataset.state) announcer.textContent = state === "disconnected" ? "disconnected" : "connected again";
    live.dataset.state = state;
    live.className = state === "disconnected" ? "live off" : "live";
    live.title = words[state];
    const sign = h("span", { class: state === "disconnected" ? "error" : "good" }, icon(state));
    live.replaceChildren(sign, h("span", state === "disconnected" ? {} : { class: "long" }, state));
    showFold();
  }

  function setFolded(folded) {
    save("folded", folded);
    closeList();
    showFold();
  }

  function showFold() {
    const folded = Boolean(load("folded"));
    const state = live.dataset.state ?? "watching";
    const about = subject();
    const sign = about?.stopped || about?.errors ? "error" : state;
    status.classList.toggle("dot", folded);
    root.toggleAttribute("data-gloss-bar", !folded && !framed);
    fold.replaceChildren(
      folded
        ? h("span", { class: sign === "watching" || sign === "polling" ? "good" : "error" }, icon(sign))
        : icon("down"),
    );
    const words = folded
      ? `Show the status line (${state}, ${counts(about?.errors, about?.warnings, about?.waiting)})`
      : "Hide the status line";
    fold.title = words;
    fold.setAttribute("aria-label", words);
    fold.setAttribute("aria-expanded", String(!folded));
  }

  function showStatus() {
    if (framed) return;
    const about = subject();
    if (!about) return;
    const ms = about.ms < 1 ? about.ms?.toFixed(1) : Math.round(about.ms);
    buildText.textContent = `build ${about.build}` + (about.ms == null ? "" : ` · ${ms} ms`);
    buildText.title = "Number of builds since gloss serve started, and how long the last one took";
    fillText(
      wordsText,
      about.words ? `${about.words} words · ${about.minutes || 1} min` : "",
      about.words ? `${about.words} w` : "",
    );
    wordsText.title = "Words on this page, and minutes to read them";
    const share = about.paragraphs ? Math.round((100 * about.cited) / about.paragraphs) : 0;
    citedText.replaceChildren(
      ...(about.paragraphs ? [`${share} %`, h("span", { class: "cited-words" }, " of paragraphs"), " cited"] : []),
    );
    citedText.title = about.paragraphs
      ? `${about.cited} of ${plural(about.paragraphs, "paragraph")} of this page name a source`
      : "";
    wordsText.hidden = !about.words;
    citedText.hidden = !about.paragraphs;
    draft.hidden = !about.draft;
    showBadge(about);
    showFold();
    showList();
    showOverlay();
    status.hidden = false;
  }

  function fillText(el, long, short) {
    el.replaceChildren(h("span", { class: "long" }, long), h("span", { class: "short" }, short));
  }

  function showBadge({ errors, warnings, waiting }) {
    const words = counts(errors, warnings, waiting);
    if (badge.dataset.words === words) return;
    if (badge.dataset.words !== undefined) announcer.textContent = words;
    badge.dataset.words = words;
    badge.title = waiting
      ? "What the build found; more may show when what cannot be read is mended"
      : "What the build found, in the whole site";
    const part = (n, kind) =>
      n && h("span", { class: kind }, icon(kind), `${n} `, h("span", { class: "long" }, n === 1 ? kind : kind + "s"));
    const more = waiting && h("span", { class: "long muted" }, ` +${waiting} waiting`);
    const parts = [part(errors, "error"), part(warnings, "warning"), more].filter(Boolean);
    badge.replaceChildren(
      ...(parts.length ? parts : [h("span", { class: "good" }, icon("good"), h("span", { class: "long" }, words))]),
    );
  }

  // ---- list of findings

  let listOpener = null;
  let listed = ""; // what the open list shows, to leave it alone while nothing changes

  function openList(opener, finding) {
    closeMenu();
    listOpener = opener;
    listPanel.hidden = false;
    badge.setAttribute("aria-expanded", "true");
    listed = "";
    showList();
    const items = entries();
    const item = finding === undefined ? items[0] : items.find(el => el.dataset.finding === String(finding)) ?? items[0];
    (item ?? listPanel.querySelector("button"))?.focus();
    item?.scrollIntoView({ block: "nearest" });
  }

  function closeList() {
    if (listPanel.hidden) return;
    const inside = listPanel.contains(active());
    listPanel.hidden = true;
    badge.setAttribute("aria-expanded", "false");
    if (inside)
      (listOpener?.isConnected && !listOpener.closest(".dot") ? listOpener : load("folded") ? fold : badge).focus({
        preventScroll: true,
      });
  }

  const entries = () => [...listPanel.querySelectorAll("li")];

  function showList() {
    const about = subject();
    if (listPanel.hidden || !about) return;
    const key = JSON.stringify([about.url, about.findings, about.planned, about.unchecked]);
    if (key === listed) return;
    listed = key;
    const at = entries().findIndex(el => el.contains(active())), top = listPanel.querySelector(".body")?.scrollTop ?? 0;
    const body = h("div", { class: "body" });
    for (const [title, group] of groupsOf(about)) {
      body.append(h("h3", {}, title), h("ul", {}, ...group.map(findingEntry)));
    }
    if (about.planned?.length) {
      body.append(h("h3", {}, "Planned on this page"), h("ul", {}, ...about.planned.map(plannedEntry)));
    }
    if (about.unchecked?.length) {
      body.append(h("h3", {}, "Numbers that nobody checks"), h("ul", {}, ...about.unchecked.map(uncheckedEntry)));
    }
    if (!about.findings?.length)
      body.prepend(h("p", { class: "none" }, h("span", { class: "good" }, icon("good")), "Nothing to report."));
    listPanel.replaceChildren(
      h("div", { class: "bar" }, h("h2", {}, "What the build found"), closeButton("Close the list (Escape)", closeList)),
      body,
    );
    body.scrollTop = top;
    if (at >= 0)
      (entries()[Math.min(at, entries().length - 1)] ?? listPanel.querySelector("button")).focus({ preventScroll: true });
  }

  function groupsOf(about) {
    const groups = new Map();
    for (const finding of about.findings ?? []) {
      const title = finding.here ? "On this page" : finding.url ? "/" + finding.url : finding.file || "The site";
      if (!groups.has(title)) groups.set(title, []);
      groups.get(title).push(finding);
    }
    return groups;
  }

  function findingEntry(finding) {
    const { severity, message, hint, here, block, url, file } = finding;
    const kind = severity === "error" ? "error" : "warning";
    const go =
      here || url === subject().url
        ? block && button("Go to the block", () => visit("", block))
        : (url || block) && linkTo(url, block, block ? "Go to the block" : "Go to the page");
    return h(
      "li",
      { tabindex: "-1", "data-finding": finding.id },
      h(
        "p",
        { class: "head" },
        h("span", { class: "kind " + kind }, icon(kind), kind === "error" ? "Error" : "Warning"),
        h("span", { class: "mono" }, place(finding)),
      ),
      h("p", { class: "message" }, message),
      hint && h("p", { class: "hint" }, hint),
      h(
        "p",
        { class: "actions" },
        go,
        file &&
          button("Open file", () => openEditor({ finding: spot(finding) }), {
            title: "Open " + place(finding) + " in the editor",
          }),
      ),
    );
  }

  function plannedEntry(planned) {
    return h("li", { tabindex: "-1" },
      h("p", { class: "head" }, "[[?" + (planned.label || planned.target) + "]]"),
      h("p", { class: "hint" }, "This page is planned. Readers see plain text until it exists."),
      h(
        "p",
        { class: "actions" },
        planned.block && button("Go to the block", () => visit("", planned.block)),
        ...createButtons(planned),
      ),
    );
  }

  function uncheckedEntry(number) {
    return h("li", { tabindex: "-1" },
      h("p", { class: "head" }, h("span", { class: "mono" }, place(number))),
      h("p", { class: "message" }, number.message),
      h("p", { class: "hint" }, number.hint),
      h(
        "p",
        { class: "actions" },
        number.block && button("Go to the block", () => visit("", number.block)),
        button("Open file", () => openEditor({ finding: spot(number) }), {
          title: "Open " + place(number) + " in the editor",
        }),
      ),
    );
  }

  const spot = ({ file, line, column }) => ({ file, line, column });

  function linkTo(url, block, text, attributes = {}) {
    const href = address(url, block);
    return h("a", { class: "button line", href, onclick: event => {
      if (frameBox.hidden || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      visit(url, block);
    }, ...attributes }, text);
  }

  // visit goes to a block: of this page when url is "" or its own, in the width frame when that is open.
  function visit(url, block) {
    const inner = frameBox.hidden ? null : frameBox.querySelector("iframe").contentWindow;
    const same = url === "" && block || url === subject()?.url;
    if (innerWidth < 640) closeList();
    if (same && !inner) goTo(block);
    else if (same) inner.dispatchEvent(new CustomEvent("gloss:goto", { detail: block }));
    else (inner ?? window).location.assign(address(url, block));
  }

  function listKeys(event) {
    const items = entries();
    const at = items.findIndex(el => el.contains(active()));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[Math.max(0, Math.min(to, items.length - 1))]?.focus();
    } else if (event.key === "Enter" && active()?.localName === "li") {
      event.preventDefault();
      active().querySelector(".actions > *")?.click();
    }
  }

  // ---- marks beside blocks

  let marks = []; // {el, button, findings}

  function showMarks() {
    const groups = new Map();
    for (const finding of info.findings ?? []) {
      const el = finding.here && byId(finding.block);
      if (!el) continue;
      if (!groups.has(el)) groups.set(el, []);
      groups.get(el).push(finding);
    }
    for (const el of document.querySelectorAll("[data-gloss-mark]"))
      if (!groups.has(el)) el.removeAttribute("data-gloss-mark");
    const had = new Map(marks.map(mark => [mark.el, mark]));
    marks = [...groups].map(([el, findings]) => {
      setAttribute(el, "data-gloss-mark", findings.some(f => f.severity === "error") ? "error" : "warning");
      return markOf(el, findings, had.get(el));
    });
    const kept = new Set(marks.map(mark => mark.button));
    if (had.size !== marks.length || marks.some(mark => !mark.button.isConnected)) {
      for (const old of had.values()) if (!kept.has(old.button)) old.button.remove();
      for (const mark of marks) if (!mark.button.isConnected) marksLayer.append(mark.button);
    }
    if (!tip.hidden && ![...kept].includes(active())) tip.hidden = true;
    placeSoon();
  }

  function markOf(el, findings, had) {
    const key = JSON.stringify(findings);
    if (had?.key === key) return had;
    const kind = el.getAttribute("data-gloss-mark");
    const made = had?.button ?? h("button", { type: "button" });
    const mark = { el, key, findings, button: made };
    made.className = kind;
    made.setAttribute("aria-label", findings.map(f => `${f.severity}: ${f.message}`).join("; "));
    made.replaceChildren(h("i"), h("span", {}, icon(kind), findings.length > 1 && String(findings.length)));
    made.onclick = () => (framed
      ? frameElement.dispatchEvent(new CustomEvent("gloss:list", { detail: findings[0].id }))
      : openList(made, findings[0].id));
    made.onmouseenter = made.onfocus = () => showTip(mark);
    made.onmouseleave = made.onblur = () => { tip.hidden = true; };
    return mark;
  }

  function showTip({ button: by, findings }) {
    tip.replaceChildren(
      ...findings
        .slice(0, 4)
        .map(f =>
          h(
            "p",
            {},
            h(
              "b",
              { class: f.severity === "error" ? "error" : "warning" },
              f.severity === "error" ? "Error: " : "Warning: ",
            ),
            f.message,
          ),
        ),
      ...(findings.length > 4 ? [h("p", { class: "muted" }, `and ${findings.length - 4} more`)] : []),
    );
    popAt(tip, by.getBoundingClientRect());
  }

  // popAt shows a small box below a place, above it when there is no room, inside the window in any case.
  function popAt(box, at) {
    box.hidden = false;
    const zero = marksLayer.getBoundingClientRect();
    const width = box.offsetWidth, height = box.offsetHeight, low = innerHeight - barHeight();
    const below = at.bottom + 6, above = at.top - 6 - height;
    const left = Math.max(8, Math.min(at.left, root.clientWidth - width - 8));
    const top = below + height <= low || above < 0 ? below : above;
    box.style.left = `${left - zero.left}px`;
    box.style.top = `${top - zero.top}px`;
  }

  let placing = 0;

  function placeSoon() {
    if (marks.length && !placing) placing = requestAnimationFrame(placeMarks);
  }

  function placeMarks() {
    placing = 0;
    const zero = marksLayer.getBoundingClientRect(), width = root.clientWidth;
    const sizes = marks.map(({ button: b }) => b.offsetWidth || 26);
    const boxes = marks.map(({ el }) => [el.getBoundingClientRect(), getComputedStyle(el).direction === "rtl"]);
    marks.forEach(({ button: b }, i) => {
      const [box, rtl] = boxes[i];
      b.hidden = !box.height;
      // Beside the block, with a bar between; where the margin is too narrow for that, above the end of its
      // first line: what stands there above ends with a short line more often than it fills it.
      const own = sizes[i];
      const beside = rtl ? box.right + 8 + own <= width : box.left - 8 - own >= 0;
      const left = beside
        ? rtl
          ? box.right + 8
          : box.left - 8 - own
        : rtl
          ? Math.max(0, box.left)
          : Math.min(box.right, width) - own;
      const up = beside ? 0 : 22;
      b.style.left = `${left - zero.left}px`;
      b.style.top = `${box.top - up - zero.top}px`;
      const bar = b.firstChild.style;
      bar.left = `${(rtl ? Math.min(box.right + 2, width - 3) : Math.max(0, box.left - 5)) - left - 1}px`;
      bar.top = `${up - 1}px`;
      bar.height = `${box.height}px`;
    });
  }

  // ---- links that lead nowhere

  const brokenAttributes = ["tabindex", "role", "aria-haspopup", "aria-expanded"];

  function showBroken() {
    const all = [...document.querySelectorAll(".broken")];
    const blocks = new Map();
    for (const el of all) {
      const id = blockOf(el)?.id ?? "";
      if (!blocks.has(id)) blocks.set(id, []);
      blocks.get(id).push(el);
    }
    const taken = new Set();
    (info.broken ?? []).forEach((entry, i) => {
      const exact = blocks.get(entry.block)?.[entry.nth];
      const el =
        exact && !taken.has(exact) ? exact : all.find(other => !taken.has(other) && other.textContent === entry.label);
      if (!el) return;
      taken.add(el);
      setAttribute(el, "data-gloss-broken", String(i));
      setAttribute(el, "tabindex", "0");
      setAttribute(el, "role", "button");
      setAttribute(el, "aria-haspopup", "dialog");
    });
    for (const el of document.querySelectorAll("[data-gloss-broken]")) {
      if (taken.has(el)) continue;
      for (const name of ["data-gloss-broken", ...brokenAttributes]) el.removeAttribute(name);
    }
    if (!menu.hidden) followMenu();
  }

  let menuFor = null; // {el, entry}: the link that the menu is about

  function openMenu(el) {
    const entry = info?.broken?.[Number(el.dataset.glossBroken)];
    if (!entry) return;
    closeMenu();
    menuFor = { el, entry };
    el.setAttribute("aria-expanded", "true");
    const finding = info.findings?.find(f => f.id === entry.finding);
    menu.replaceChildren(
      ...[
        h("p", { class: "of" }, finding?.message || `Nothing is called “${entry.target}”.`),
        ...(entry.suggest ?? []).map(name => h("p", {}, "Did you mean ", h("code", {}, `[[${name}]]`), "?")),
        ...(entry.create?.length ? [h("p", { class: "actions" }, ...createButtons(entry))] : []),
        finding?.file &&
          h(
            "p",
            { class: "actions" },
            button("Open file", () => openEditor({ finding: spot(finding) }), {
              title: "Open " + place(finding) + " in the editor",
            }),
          ),
      ].filter(Boolean),
    );
    popAt(menu, el.getClientRects()[0] ?? el.getBoundingClientRect());
    (menu.querySelector("button") ?? menu).focus({ preventScroll: true });
  }

  function closeMenu() {
    if (menu.hidden) return;
    const inside = menu.contains(active());
    menu.hidden = true;
    const { el } = menuFor;
    menuFor = null;
    el.removeAttribute("aria-expanded");
    if (inside && el.isConnected) el.focus({ preventScroll: true });
  }

  // followMenu closes the menu when a build mended its link, and hands its focus on to what stands there now.
  function followMenu() {
    const { el, entry } = menuFor;
    const same = el.isConnected && info.broken?.[Number(el.dataset.glossBroken)];
    if (same && same.target === entry.target) {
      popAt(menu, el.getClientRects()[0] ?? el.getBoundingClientRect());
      return;
    }
    const inside = menu.contains(active());
    closeMenu();
    if (!inside) return;
    const link = [...(byId(entry.block) ?? document.body).querySelectorAll("a")].find(a => a.textContent === entry.label);
    link?.focus({ preventScroll: true });
  }

  const kinds = {
    "": "as a page",
    terms: "as a term",
    who: "as a person or organisation",
    events: "as an event",
    sections: "as a section",
  };

  function createButtons({ target, create = [] }) {
    const buttons = create.map(file => {
      const folder = file.split("/").slice(1, -1).join("/");
      const kind = kinds[folder] ?? `in ${folder}/`;
      return button(create.length === 1 ? "Create page" : kind, event => createPage(target, file, event.currentTarget),
        { title: "Create " + file, "data-create": file, "aria-label": `Create page ${kind}` });
    });
    return create.length > 1 ? [h("span", { class: "label" }, "Create page"), ...buttons] : buttons;
  }

  async function createPage(target, file, by) {
    if (by.ariaBusy === "true") return; // not disabled: that would take the focus away
    by.ariaBusy = "true";
    const made = await post("/_gloss/create", { path: location.pathname, target, file });
    by.ariaBusy = null;
    if (made.error) return toast(made.error);
    follow(made.url);
    toast(`Created ${made.file ?? file}`);
  }

  // ---- overlay: the build stopped

  let overlayHidden = false; // by the writer, until the next build
  let overlaid = "";

  function showOverlay() {
    const stopped = info?.stopped;
    const show = Boolean(stopped) && !framed && (!overlayHidden || shown.placeholder);
    if (!show) {
      overlay.hidden = true;
      overlaid = "";
      return;
    }
    if (overlaid === stopped.text && !overlay.hidden) return;
    announcer.textContent = "The build stopped";
    overlaid = stopped.text;
    const about = (info.findings ?? []).filter(f => stopped.findings?.includes(f.id));
    const fault = about.some(f => f.code === "internal-error");
    const file = about.length === 1 && about[0].file.startsWith("content/");
    overlay.replaceChildren(h("div", { class: "panel" },
      h("div", { class: "bar" },
        h("h2", { id: "overlay-title" }, icon("error"), fault ? "gloss itself failed" : file ? "This file cannot be read" : "The site cannot be built"),
        !shown.placeholder && closeButton("Hide until the next build (Escape)", hideOverlay)),
      h("pre", { id: "overlay-text", tabindex: "0" }, ...reportLines(stopped.text, about)),
      h("p", { class: "foot muted" }, shown.placeholder
        ? "This page appears as soon as the site can be built."
        : "Below is the page as it was before. It changes as soon as the site can be built.")));
    overlay.className = shown.placeholder ? "alone" : "";
    overlay.hidden = false;
    closeToast();
  }

  function hideOverlay() {
    overlayHidden = true;
    overlay.hidden = true;
  }

  // reportLines keeps the text as it is; places in files become buttons, and lines of a code frame are not wrapped.
  function reportLines(text, about) {
    const escape = s => s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const named = [...new Set((about.length ? about : (info.findings ?? [])).map(f => f.file).filter(Boolean))].map(escape);
    const places = new RegExp(
      `(${[...named, "[\\p{L}\\p{N}_./\\\\-]+\\.[A-Za-z]\\w*"].join("|")}):(\\d+)(?::(\\d+))?`,
      "gu",
    );
    const lines = text.split("\n"),
      last = text.trimEnd().split("\n").length - 1;
    return lines.map((line, i) => {
      const el = h("span", { class: i > last ? "end" : /^\s*\d*\s*[|│┃]/.test(line) ? "frame" : null });
      let at = 0;
      for (const found of line.matchAll(places)) {
        const [all, file, row, column] = found;
        el.append(
          line.slice(at, found.index),
          h(
            "button",
            {
              type: "button",
              title: "Open in the editor",
              onclick: () => openEditor({ finding: { file, line: Number(row), column: Number(column ?? 1) } }),
            },
            all,
          ),
        );
        at = found.index + all.length;
      }
      el.append(line.slice(at) + (i < lines.length - 1 ? "\n" : ""));
      return el;
    });
  }

  // ---- toasts

  let toastTimer = 0;

  function toast(content, ms = 8_000) {
    clearTimeout(toastTimer);
    toastBox.replaceChildren(typeof content === "string" ? h("p", {}, content) : content, closeButton("Close", closeToast));
    toastBox.hidden = false;
    const end = () => {
      if (toastBox.matches(":hover") || toastBox.contains(active())) toastTimer = setTimeout(end, 2_000);
      else closeToast();
    };
    toastTimer = setTimeout(end, ms);
  }

  function closeToast() {
    clearTimeout(toastTimer);
    toastBox.hidden = true;
  }

  // offer leads to pages that were saved while this one was looked at, or goes there when the writer asked for that.
  function offer(edited) {
    if (framed || info.stopped || !edited.length) return;
    const here = subject().url;
    const others = edited.filter(e => e.url !== here);
    if (others.length < edited.length || !others.length) return;
    const { url, block, title } = others.at(-1);
    if (info.follow) {
      leaving = frameBox.hidden;
      (frameBox.hidden ? window : frameBox.querySelector("iframe").contentWindow).location.assign(address(url, block));
      return;
    }
    const link = linkTo(url, block, `Changed: ${title || "/" + url}\u00a0↗`, { class: "strong" });
    toast(link, 20_000);
  }

  // ---- widths

  function setWidth(width) {
    if (width === "full") return leaveFrame();
    let iframe = frameBox.querySelector("iframe");
    if (!iframe) {
      const at = visibleBlocks()[0]?.id;
      iframe = h("iframe", { src: location.href, "data-width": width });
      iframe.addEventListener("gloss:info", event => { frameInfo = event.detail; showStatus(); });
      iframe.addEventListener("gloss:list", event => openList(badge, event.detail));
      iframe.addEventListener(
        "load",
        () => iframe.contentDocument?.getElementById(at)?.scrollIntoView({ behavior: "instant" }),
        { once: true },
      );
      frameBox.replaceChildren(iframe);
      frameBox.hidden = false;
      document.body.inert = true; // what lies behind the frame is not there for keyboard and reader
      closeMenu();
    }
    iframe.dataset.width = width;
    iframe.title = `The page, ${width} pixels wide`;
    root.setAttribute("data-gloss-width", width);
    pressWidth(width);
    sizeFrame();
  }

  // sizeFrame gives the frame its width in CSS pixels; when the window has less, it is shown smaller, not cut.
  function sizeFrame() {
    const iframe = frameBox.querySelector("iframe");
    if (!iframe) return;
    const width = Number(iframe.dataset.width), room = frameBox.clientWidth, high = frameBox.clientHeight;
    const scale = Math.min(1, room / width);
    iframe.style.width = `${width}px`;
    iframe.style.height = `${high / scale}px`;
    iframe.style.left = `${Math.max(0, (room - width * scale) / 2)}px`;
    iframe.style.transform = scale < 1 ? `scale(${scale})` : "none";
  }

  function pressWidth(width) {
    for (const b of widths.children) b.setAttribute("aria-pressed", String(b.dataset.width === width));
  }

  function leaveFrame() {
    const iframe = frameBox.querySelector("iframe");
    pressWidth("full");
    if (!iframe) return;
    let href = location.href, at = "";
    try {
      href = iframe.contentWindow.location.href;
      at = [...iframe.contentDocument.querySelectorAll("[id]")].find(el => {
        const box = el.getBoundingClientRect();
        return el.id && box.top >= 0 && box.height && !counted(el.id);
      })?.id;
    } catch { /* it is at another site now: stay here */ }
    frameBox.hidden = true;
    frameBox.replaceChildren();
    document.body.inert = false;
    root.removeAttribute("data-gloss-width");
    frameInfo = null;
    if (href.split("#")[0] !== location.href.split("#")[0] && href.startsWith(location.origin))
      return location.assign(href);
    byId(at)?.scrollIntoView({ behavior: "instant" });
    showStatus();
  }

  // ---- editor

  async function openEditor(body) {
    const opened = await post("/_gloss/open", body);
    if (opened.error) toast(opened.error);
    else follow(opened.url);
  }

  // follow goes to vscode://… by a click on a link: a new window would stay open, empty.
  function follow(url) {
    if (!url) return;
    const link = h("a", { href: url, hidden: true });
    ui.append(link);
    link.click();
    link.remove();
  }

  const openBlock = el => openEditor({ path: location.pathname, block: idToSend(el) });
  const idToSend = el => {
    const id = blockOf(el)?.id ?? "";
    return id === "_main" ? "" : id;
  };
  const hovered = () => [...document.querySelectorAll(":hover")].at(-1);
  const isUI = event => event.composedPath().includes(host);

  let aimed = null;

  function aim(el) {
    const block = el && document.body.contains(el) ? blockOf(el) : null;
    if (block === aimed) return;
    aimed?.removeAttribute("data-gloss-aim");
    aimed = block;
    aimed?.setAttribute("data-gloss-aim", "");
  }

  document.addEventListener(
    "click",
    event => {
      if (isUI(event) || !(event.target instanceof Element)) return;
      if (event.altKey && event.button === 0) {
        event.preventDefault();
        event.stopPropagation(); // a page script must not follow it as well
        openBlock(event.target);
        return;
      }
      const broken = event.target.closest("[data-gloss-broken]");
      if (broken) {
        event.preventDefault();
        if (menuFor?.el === broken) closeMenu();
        else openMenu(broken);
      } else {
        closeMenu();
      }
    },
    true,
  );
  document.addEventListener("mousemove", event => aim(event.altKey && !isUI(event) ? event.target : null), {
    passive: true,
  });
  addEventListener("keyup", event => {
    if (event.key === "Alt") aim(null);
  });
  addEventListener("blur", () => aim(null));

  // ---- keys

  function onKey(event) {
    if (event.key === "Alt") return aim(hovered());
    if (event.key === "Escape") return escape(event);
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (listPanel.contains(active())) return listKeys(event);
    if (menu.contains(active())) return menuKeys(event);
    if (isUI(event) || !(event.target instanceof Element)) return;
    if (event.target.closest("input, textarea, select, [contenteditable]:not([contenteditable=false])")) return;
    if ((event.key === "Enter" || event.key === " ") && event.target.matches("[data-gloss-broken]")) {
      event.preventDefault();
      openMenu(event.target);
    } else if (event.key === "e" && !event.shiftKey && !event.repeat) {
      const focused = document.activeElement;
      const inBlock = focused && focused !== document.body && idToSend(focused);
      event.preventDefault();
      openBlock(inBlock ? focused : hovered() ?? focused);
    }
  }

  function escape(event) {
    if (!menu.hidden) closeMenu();
    else if (!listPanel.hidden) closeList();
    else if (!overlay.hidden && !shown.placeholder) hideOverlay();
    else if (!tip.hidden) tip.hidden = true;
    else if (!toastBox.hidden) closeToast();
    else return;
    event.stopPropagation();
  }

  function menuKeys(event) {
    const buttons = [...menu.querySelectorAll("button")];
    const at = buttons.indexOf(active());
    const to = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at - 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      buttons.at(to % buttons.length)?.focus();
    } else if (event.key === "Tab") {
      closeMenu(); // the focus goes on from the link
    }
  }

  // ---- start

  function start() {
    rememberPage();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, lightSheet];
    status.append(live, buildText, wordsText, citedText, draft, h("span", { class: "space" }), badge, widths, fold);
    ui.append(marksLayer, frameBox, overlay, listPanel, toastBox, menu, tip, announcer);
    if (!framed) ui.append(status);
    shadow.append(ui);
    root.append(host);
    addEventListener("keydown", onKey, true);
    addEventListener("resize", () => { sizeFrame(); placeSoon(); });
    new ResizeObserver(placeSoon).observe(document.body);
    document.addEventListener("toggle", placeSoon, true);
    document.fonts?.ready.then(placeSoon);
    addEventListener("gloss:goto", event => goTo(event.detail));
    menu.tabIndex = -1;
    showFold();
    connect();
    // The first look at the server tells what the page's bytes do not: findings, words, the state of the watch.
    add({});
  }

  start();
})();
