// site.js is the one script of the theme. Nothing needs it to be read: without it every link is a link, every list is
// complete, and no control is shown that does nothing.
//
// What it adds: cards over links to terms, people, events, facts and sources; a switch for them and one for the colours;
// a box on the search page and on "page not found" (search.js); "past its review date" by the reader's calendar; what changed since the last
// visit; a mark on the depth chosen last; links to blocks, copied by a click; the way from an old #fragment to the new
// place; and index.html to links on a disk.
//
// What it keeps, on this device only, in localStorage:
//   gloss-theme     "light" or "dark"; nothing: as the system
//   gloss-previews  "off" or "on"; nothing: on, unless the reader asks to save data
//   gloss-depth     the depth chosen last: "brief/", "summary/" or "full"
//   gloss-read      for each page with a list of changes the day of the last visit and of the one before
//
// What it loads: files of data in _x/, each a script that calls gloss(name, value), so that they load from a disk, too.
// That is the only name that it gives to the page. Everything listens on the document, so that parts of the page may be
// replaced at any time; what it adds to the page it adds again when that is gone.
(() => {
  "use strict";

  const words = "gloss-words-go-here";
  const root = document.documentElement;
  const base = new URL(".", document.currentScript.src).href;
  const on = (type, f) => addEventListener(type, f, true);

  const get = key => { try { return localStorage.getItem("gloss-" + key); } catch { return null; } };
  const set = (key, value) => {
    try {
      if (value) localStorage.setItem("gloss-" + key, value);
      else localStorage.removeItem("gloss-" + key);
    } catch { /* forgotten at the next page, no harm */ }
  };

  let lang = words.lang; // as far as the browser knows it
  try { Intl.getCanonicalLocales(lang); } catch { lang = []; }

  // make makes an element: properties where it has them, else attributes.
  const make = (tag, props, ...children) => {
    const el = document.createElement(tag);
    for (const key in props) {
      if (key in el) el[key] = props[key];
      else el.setAttribute(key, props[key]);
    }
    el.append(...children);
    return el;
  };

  // The rules of what the script makes; they come after </body>, where nobody replaces them.
  const sheet = make("link", { rel: "stylesheet", href: base + "site.css" });
  root.append(sheet);

  // ---- data

  const loaded = {}, loading = {};
  window.gloss = (name, value) => { loaded[name] = value; };
  const load = name => loading[name] ??= new Promise(done => {
    const el = make("script", { src: base + "_x/" + name + ".js" });
    el.onload = el.onerror = () => { el.remove(); done(loaded[name]); };
    document.head.append(el);
  });

  // ---- cards over links

  // addressOf is where a link leads, relative to the site's root: "terms/x/", "facts/#x".
  const addressOf = url => {
    if (!url.startsWith(base)) return "";
    url = url.slice(base.length).replace(/\?[^#]*/, "").replace(/(^|\/)index\.html(?=#|$)/, "$1");
    try { url = decodeURIComponent(url); } catch { /* as it is */ }
    return /^(facts|disputed|sources|timeline)\/#/.test(url) ? url : url.split("#")[0];
  };

  const isCite = a => a.getAttribute("role") === "doc-biblioref";
  const isQuick = a => isCite(a) || a.matches(".f, .d");
  const linkAt = el => {
    const a = el instanceof Element && el.closest("a.e, a.f, a.d, a[role=doc-biblioref]");
    return a && !a.closest("[data-no-popover]") && (isCite(a) || addressOf(a.href) !== addressOf(location.href)) ? a : null;
  };

  const saved = get("previews");
  let off = saved ? saved === "off" : Boolean(navigator.connection?.saveData);

  // contentOf is what a card says: [title, meta, text, from, review day], or nothing.
  async function contentOf(a) {
    if (isCite(a)) return sourceOf(a);
    const key = addressOf(a.href);
    let all = await load("previews");
    if (all?.[""]) {
      const first = key.replace(/\/$/, "").split(/[/#]/).pop().codePointAt(0)?.toString(36);
      all = all[""].includes(first) ? await load("previews-" + first) : null;
    }
    return all?.[key];
  }

  // sourceOf reads the item of the page's own list that a citation leads to, unless it is in view (T-35).
  function sourceOf(a) {
    const item = document.getElementById(decodeURIComponent(a.hash.slice(1)));
    if (!item) return;
    const box = item.getBoundingClientRect();
    if (box.top >= 0 && box.bottom <= innerHeight) return;
    const text = item.cloneNode(true);
    for (const el of text.querySelectorAll(".meta")) el.remove();
    const clean = el => el.textContent.trim().replace(/[<>&]/g, c => `&#${c.charCodeAt(0)};`);
    const meta = [...item.querySelectorAll(".meta>span:not(.uses)")];
    // Of the links, only those to other sources say something: through whom we know it.
    const via = meta.filter(el => [...el.querySelectorAll("a[href*='sources/#']")].some(a => a.hash !== "#" + item.id.slice(3)));
    return [a.getAttribute("aria-label"), meta.filter(el => !el.querySelector("a")).map(clean).join(" · "), `<p>${clean(text)}</p>`, via.map(clean).join(" · ")];
  }

  const body = make("div", { id: "js-card" });
  const card = make("div", { className: "js-card", popover: "auto", tabIndex: -1 }, body);
  let anchor = null; // the link whose card is open
  let wanted = null; // the link whose card will open
  let timer = 0, closer = 0;
  let closedAt = -1e9;
  let shunned = null; // the link whose card Escape closed, until pointer or focus leave it
  let tapped = null; // the link that the next tap follows
  let touch = false; // what the last press was made with
  let at = [0, 0]; // the pointer, on the screen

  const isOpen = () => card.matches(":popover-open");

  // want opens the card of a link after a delay, with the data on its way meanwhile.
  function want(a, delay, how) {
    clearTimeout(timer);
    wanted = a;
    if (!isCite(a)) load("previews");
    timer = setTimeout(async () => {
      const says = await contentOf(a);
      if (wanted !== a) return;
      wanted = null;
      if (says && a.isConnected) open(a, says, how);
    }, delay);
  }

  function forget() {
    clearTimeout(timer);
    wanted = null;
  }

  function open(a, [title, meta, text, from, review], { dialog, y } = {}) {
    if (anchor) leave();
    stay();
    const due = review && isPast(review);
    const html = (tag, name, inner) => Object.assign(make(tag, { className: name }), { innerHTML: inner });
    body.replaceChildren(make("p", { className: "js-title", id: "js-card-title" }, title));
    if (meta) body.append(html("p", "js-meta", meta));
    for (const el of body.querySelectorAll(".js-meta time")) if (a.matches(".f")) el.after(age(el.dateTime));
    if (due) body.lastChild.append(" · ", make("b", {}, words.stale));
    if (text) body.append(html("div", a.matches(".f") ? "js-fact" : "", text));
    if (from) body.append(html("p", "js-from", from));
    for (const name of ["aria-label", "aria-labelledby"]) card.removeAttribute(name);
    card.role = dialog ? "dialog" : "complementary";
    body.removeAttribute("role");
    if (dialog) {
      card.setAttribute("aria-labelledby", "js-card-title");
      const onclick = () => { tapped = null; close(); };
      body.append(make("p", { className: "js-acts" }, make("a", { href: a.href, onclick }, isCite(a) ? words.list : words.open),
        make("button", { type: "button", onclick }, words.close)));
    } else {
      card.setAttribute("aria-label", words.preview);
      // The words of a fact or source are heard with the link; those of a page stand at the other end of it.
      if (isQuick(a)) {
        body.setAttribute("role", "tooltip");
        a.setAttribute("aria-describedby", "js-card");
      }
    }
    a.removeAttribute("title");
    anchor = a;
    if (!card.isConnected) root.append(card);
    if (!isOpen()) card.showPopover();
    place(a, y);
    if (dialog) card.focus({ preventScroll: true });
  }

  // place puts the card next to the line of the link that is nearest to the pointer, where there is room, and never over
  // that line.
  function place(a, y) {
    const lines = [...a.getClientRects()];
    const away = r => (y === undefined ? 0 : Math.max(r.top - y, y - r.bottom, 0));
    const line = lines.reduce((best, r) => (away(r) < away(best) ? r : best), lines[0]);
    if (!line) return;
    const gap = 8, high = innerHeight, wide = root.clientWidth;
    const style = card.style;
    style.maxHeight = `min(24rem, 60vh)`;
    const under = high - line.bottom - 2 * gap, over = line.top - 2 * gap;
    const below = card.offsetHeight <= under || under >= over;
    style.maxHeight = `min(24rem, 60vh, ${Math.max(48, below ? under : over)}px)`;
    const w = card.offsetWidth;
    const x = getComputedStyle(root).direction === "rtl" ? line.right - w : line.left;
    style.left = `${Math.max(gap, Math.min(x, wide - w - gap)) + scrollX}px`;
    style.top = `${(below ? line.bottom + gap : line.top - gap - card.offsetHeight) + scrollY}px`;
    card.scrollTop = 0;
  }

  // leave ends what belongs to the open card's link.
  function leave() {
    anchor?.removeAttribute("aria-describedby");
    anchor = null;
    closedAt = performance.now();
  }

  // stay keeps the card open, and part lets it close soon.
  function stay() {
    clearTimeout(closer);
    closer = 0;
  }

  function part() {
    closer ||= setTimeout(() => { close(); shunned = null; }, 300);
  }

  function close() {
    forget();
    stay();
    if (isOpen()) card.hidePopover();
    if (anchor) leave();
  }

  card.addEventListener("toggle", e => { if (e.newState === "closed" && !isOpen() && anchor) leave(); });
  card.addEventListener("beforetoggle", e => { if (e.newState === "closed") shunned = anchor; });

  // Mouse and pen: by what the event says they are, never by a media query. Only a pointer that moves itself counts, not
  // a page that scrolls below it.
  on("pointermove", e => {
    const moved = e.screenX !== at[0] || e.screenY !== at[1];
    at = [e.screenX, e.screenY];
    if (off || !moved || e.pointerType === "touch") return;
    const a = linkAt(e.target);
    if (a !== shunned && shunned && document.activeElement !== shunned) shunned = null;
    if (!a) { if (wanted && !wanted.matches(":focus-visible")) forget(); return; }
    if (a === anchor || a === shunned || e.buttons) return;
    // On the way to an open card the pointer may cross other links: there it must rest.
    const soon = anchor || performance.now() - closedAt < 500;
    if (a !== wanted || anchor) want(a, soon ? 100 : isQuick(a) ? 150 : 400, { y: e.clientY });
  });
  on("pointerover", e => {
    if (e.pointerType === "touch" || !anchor || card.role === "dialog") return;
    if (anchor.contains(e.target) || card.contains(e.target)) stay();
    else if (!anchor.matches(":focus-visible")) part();
  });
  document.addEventListener("pointerleave", e => {
    if (e.pointerType !== "touch" && anchor && card.role !== "dialog") part();
    forget();
  });
  on("scroll", e => { if (e.target !== card) forget(); });

  // Keyboard: the focus that is shown opens, and takes the card with it when it goes.
  on("focusin", e => {
    const a = linkAt(e.target);
    if (!off && a && a !== shunned && a.matches(":focus-visible")) want(a, 500);
  });
  on("focusout", e => {
    if (card.contains(e.target) || !linkAt(e.target)) return;
    if (wanted === e.target) forget();
    if (anchor === e.target && card.role !== "dialog") close();
    if (shunned === e.target) shunned = null;
  });
  on("keydown", e => {
    if (e.key !== "Escape") return;
    shunned = anchor ?? wanted ?? shunned;
    if (anchor || wanted) close();
  });

  // Touch: the first tap shows, the second follows.
  on("pointerdown", e => {
    touch = e.pointerType === "touch";
    if (!touch && !card.contains(e.target)) { shunned = linkAt(e.target); close(); }
  });
  on("click", e => {
    const a = linkAt(e.target);
    if (!a && !card.contains(e.target)) tapped = null;
    if (!a || off || !touch || !e.detail || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || a === tapped) return;
    const says = isCite(a) ? sourceOf(a) : 0;
    if (says === undefined) return; // its source is in view
    e.preventDefault();
    tapped = a;
    const y = e.clientY;
    contentOf(a).then(says => {
      if (tapped !== a) return;
      if (says) open(a, says, { dialog: true, y });
      else a.click();
    });
  });

  // ---- words of dates

  const today = () => {
    const d = new Date();
    return [d.getFullYear(), d.getMonth() + 1, d.getDate()].map(n => String(n).padStart(2, "0")).join("-");
  };

  // age says how long ago a date was, in the language of the page.
  function age(iso) {
    const [y, m = 1, d = 1] = iso.split("-").map(Number), now = new Date();
    const days = Math.floor((Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - Date.UTC(y, m - 1, d)) / 864e5);
    const [n, unit] = days < 31 || iso.length < 7 && days < 366 ? [days, "day"] : days < 365 ? [days / 30.44, "month"] : [days / 365.25, "year"];
    if (days < 1 || iso.length < 10 && unit === "day") return "";
    return ` (${new Intl.RelativeTimeFormat(lang).format(-Math.floor(n), unit)})`;
  }

  // isPast says whether a day, month or year is over.
  const isPast = iso => today().slice(0, iso.length) > iso;

  // showStale tags what is past its review date today and was not when the page was made.
  function showStale() {
    for (const el of document.querySelectorAll("[data-due]")) {
      if (!isPast(el.dataset.due)) continue;
      delete el.dataset.due;
      el.closest("p, td").append(" ", make("span", {}, make("span", { className: "js-stale" }, words.stale)));
    }
  }

  // showChanges marks the entries of a page's list of changes that are newer than the last visit, with a list on top that
  // leads to them. On the day of a visit everything stays as it was that morning.
  let read = null;
  function showChanges() {
    const items = [...document.querySelectorAll("main .log>li")];
    if (!items.length || document.querySelector(".js-since")) return;
    if (!read) {
      let all = {};
      try { all = JSON.parse(get("read")) ?? {}; } catch { /* somebody else's */ }
      const [last, before] = all[location.pathname] ?? [];
      read = last === today() ? before ?? "" : last ?? "";
      all[location.pathname] = [today(), read];
      set("read", JSON.stringify(all));
    }
    const news = items.filter(li => read && li.querySelector("time")?.dateTime > read);
    if (!news.length) return;
    const links = news.map((li, i) => {
      li.classList.add("js-new");
      li.id ||= "js-new-" + i;
      return make("li", {}, make("a", { href: "#" + li.id }, li.querySelector("time").textContent), ": ", li.lastElementChild.textContent);
    });
    const day = new Date(read + "T12:00").toLocaleDateString(lang, { dateStyle: "long" });
    (document.querySelector("main>.meta") ?? document.querySelector("h1")).after(make("section", { className: "js-since", ariaLabel: words.since },
      make("p", {}, words.since + " (", make("bdi", {}, day), "): " + news.length), make("ul", {}, ...links)));
  }

  const depthOf = a => addressOf(a.href) || "full";
  function showDepth() {
    for (const a of document.querySelectorAll(".depths a")) {
      if (depthOf(a) === get("depth") && !a.querySelector("span")) a.append(make("span", {}, " · " + words.last));
    }
  }

  // ---- links to blocks

  const said = make("p", { className: "js-said", role: "status" });
  const link = make("a", { className: "js-link", ariaLabel: words.link }, "#");
  const offer = e => {
    const block = (e.pointerType ? e.pointerType !== "touch" : e.target.matches(":focus-visible")) && e.target instanceof Element && e.target.closest("main :is(p, li, blockquote, figure, table, aside, div)[id]:not([id^=_], [id^=js-])");
    if (!block || block === link.parentNode || link === document.activeElement || block.querySelector(".anchor")) return;
    link.parentNode?.classList.remove("js-at");
    if (block.matches("table")) return link.remove();
    block.classList.add("js-at");
    link.href = "#" + block.id;
    block.append(link);
  };
  on("pointerover", offer);
  on("focusin", offer);
  on("click", e => {
    const a = e.target.closest?.("a[href]");
    if (!a) return;
    if (a.closest(".depths")) set("depth", depthOf(a));
    // A report names the passage that is selected, or the one that the address names.
    const passage = getSelection().toString() && getSelection().anchorNode.parentElement.closest("main [id]")?.id || location.hash.slice(1);
    if (passage && a.matches(".report")) a.href = a.href.replace(/%23[^&]*$/, "%23" + passage);
    if (a.matches(".anchor, .js-link")) navigator.clipboard?.writeText(a.href).then(() => {
      root.append(said);
      said.textContent = words.copied;
      setTimeout(() => { said.textContent = ""; }, 2000);
    }, () => {});
  });

  // ---- switches

  const tools = make("p", { className: "js-tools" });
  const themes = ["", "light", "dark"];
  const previewSwitch = make("button", { type: "button", onclick() {
    off = !off;
    set("previews", off ? "off" : "on");
    close();
    label();
  } });
  const themeSwitch = make("button", { type: "button", onclick() {
    const next = themes[(themes.indexOf(get("theme") ?? "") + 1) % 3];
    set("theme", next);
    applyTheme();
    label();
  } });
  // The head of every page applies it, too, before anything is drawn.
  function applyTheme() {
    root.style.colorScheme = root.dataset.theme = get("theme") ?? "";
  }
  tools.append(previewSwitch, themeSwitch);

  function label() {
    previewSwitch.textContent = `${words.previews}: ${off ? words.off : words.on}`;
    themeSwitch.textContent = `${words.theme}: ${words[get("theme") || "system"]}`;
  }

  // show adds to the page what is missing there; again and again it changes nothing.
  function show() {
    // On a disk, at file:, no server finds the page of a folder. Links need not be clicked: they may be opened in a new tab, or copied.
    if (base[0] === "f") for (const a of document.links) if (a.href.startsWith(base)) a.href = a.href.replace(/\/(?![^?#])/, "/index.html");
    showStale();
    showChanges();
    showDepth();
    const foot = document.querySelector(".foot");
    if (foot && !tools.isConnected) foot.append(tools);
    if (box && !box.isConnected) document.querySelector("h1")?.after(box);
  }

  // ---- old addresses

  // An id that the page had, or that was on a page which led here, stands in a hidden list of links to what it named.
  const follow = () => {
    const a = document.querySelector("#_moved :target");
    if (!a) return;
    a.search = location.search;
    location.replace(a);
  };
  on("hashchange", follow);
  on("load", follow);

  // ---- start

  // The box of the search page and of "page not found" has a script of its own, which no other page needs.
  let box = null;
  if (addressOf(location.href) === "search/" || document.getElementById("_lost")) load("../search").then(start => {
    box = start?.({ words, base, make, load, on });
    show();
  });

  applyTheme();
  label();
  show();
  new MutationObserver(() => {
    if (anchor && !anchor.isConnected) close();
    show();
  }).observe(document.body, { childList: true, subtree: true });
})();
