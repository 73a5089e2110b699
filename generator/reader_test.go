package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/serve"
	"gloss/generator/site"
)

// reader reads a site in a browser, with real events of mouse, touch and keyboard.
type reader struct {
	testing.TB
	ctx   context.Context
	fonts *fontSet // of the browser
	t     *testing.T
	root  string // the address of the site
	hits  func(part string) int
	fail  func(part string) // requests with it are answered 404 from now on; "" ends that

	mu      sync.Mutex
	clockID page.ScriptIdentifier
	console []string // errors, warnings, and what the policy forbids
	foreign []string // requests to another origin
	missing []string // what was asked for and not there, with the status
}

// recorder notes in the page when the pointer moved and when the card opened and closed, so that what is measured does
// not depend on how fast the test is.
const recorder = `window.rec = {};
addEventListener("beforetoggle", e => { rec[e.newState] = performance.now(); rec.times = (rec.times ?? 0) + 1 }, true);
addEventListener("pointermove", e => { const a = e.target.closest?.("a"); if (a !== rec.a) { rec[a ? "entered" : "left"] = performance.now(); rec.a = a } }, true);
addEventListener("focusin", e => { rec.focused = performance.now() }, true);
addEventListener("focusout", e => { rec.blurred = performance.now() }, true);
window.card = () => document.querySelector(".js-card:popover-open");
`

func newReader(t *testing.T, fonts *fontSet, r *build.Result, base string) *reader {
	t.Helper()
	return newReaderOf(t, &reader{TB: t, ctx: browser(t, fonts), fonts: fonts}, r, base)
}

// newReaderOf reads another site in a tab of its own of the same browser.
func newReaderOf(t *testing.T, of *reader, r *build.Result, base string) *reader {
	t.Helper()
	ctx, cancel := chromedp.NewContext(of.ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	rd := &reader{TB: t, t: t, ctx: ctx, fonts: of.fonts}
	var mu sync.Mutex
	paths := map[string]int{}
	failing := ""
	files := serve.Files(r.Files, base, nil)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		paths[q.URL.Path]++
		bad := failing != "" && strings.Contains(q.URL.Path, failing)
		mu.Unlock()
		w.Header().Set("Cache-Control", "no-store")
		if bad {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		files.ServeHTTP(w, q)
	}))
	t.Cleanup(srv.Close)
	rd.root = srv.URL + base
	rd.hits = func(part string) int {
		mu.Lock()
		defer mu.Unlock()
		n := 0
		for p, k := range paths {
			if strings.Contains(p, part) {
				n += k
			}
		}
		return n
	}
	rd.fail = func(part string) {
		mu.Lock()
		defer mu.Unlock()
		failing = part
	}
	err := chromedp.Listen(rd.ctx, func(ev any) {
		rd.mu.Lock()
		defer rd.mu.Unlock()
		switch ev := ev.(type) {
		case *runtime.EventConsoleAPICalled:
			rd.console = append(rd.console, fmt.Sprint(ev.Type))
		case *runtime.EventExceptionThrown:
			rd.console = append(rd.console, fmt.Sprint(ev.ExceptionDetails.Text, " ", ev.ExceptionDetails.Exception.Description))
		case *log.EventEntryAdded:
			rd.console = append(rd.console, ev.Entry.Text+" "+ev.Entry.URL)
		case *network.EventRequestWillBeSent:
			if u := ev.Request.URL; !strings.HasPrefix(u, srv.URL) && !strings.HasPrefix(u, rd.root) && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "file:") && !strings.HasPrefix(u, "about:") {
				rd.foreign = append(rd.foreign, u)
			}
		case *network.EventResponseReceived:
			if ev.Response.Status >= 400 {
				rd.missing = append(rd.missing, fmt.Sprint(ev.Response.Status, " ", ev.Response.URL))
			}
		case *network.EventLoadingFailed:
			if !ev.Canceled {
				rd.missing = append(rd.missing, ev.ErrorText)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	call(rd, network.Enable, network.EnableParams{})
	call(rd, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: recorder})
	return rd
}

func call[P, R any](r *reader, cmd cdp.Command[P, R], params P) {
	r.Helper()
	if _, err := chromedp.Call(r.ctx, cmd, params); err != nil {
		r.Fatal(err)
	}
}

// js evaluates an expression, awaiting it when it is a promise.
func js[T any](r *reader, expression string, args ...any) T {
	r.Helper()
	v, err := chromedp.Run(r.ctx, chromedp.Evaluate[T](fmt.Sprintf(expression, args...), chromedp.EvalAwaitPromise))
	if err != nil {
		r.Fatalf("%s: %v", fmt.Sprintf(expression, args...), err)
	}
	return v
}

func (r *reader) do(actions ...chromedp.Action[chromedp.Void]) {
	r.Helper()
	for _, a := range actions {
		if _, err := chromedp.Run(r.ctx, a); err != nil {
			r.Fatal(err)
		}
	}
}

// wait waits until an expression is true.
func (r *reader) wait(expression string, args ...any) {
	r.Helper()
	if !r.within(10*time.Second, expression, args...) {
		r.Fatalf("never true: "+expression, args...)
	}
}

func (r *reader) within(d time.Duration, expression string, args ...any) bool {
	r.Helper()
	for end := time.Now().Add(d); ; {
		// While the page is replaced by another one there is nothing to ask.
		yes, err := chromedp.Run(r.ctx, chromedp.Evaluate[bool]("Boolean("+fmt.Sprintf(expression, args...)+")"))
		if err == nil && yes {
			return true
		}
		if time.Now().After(end) {
			return false
		}
		// A promise in the page would be lost when the page is replaced, so it is asked again, with a pause in which the
		// browser can do what is waited for. Nothing is proved by its length.
		time.Sleep(10 * time.Millisecond)
	}
}

// stays fails when an expression becomes true within a time of the page's own clock.
func (r *reader) stays(ms int, expression string, args ...any) {
	r.Helper()
	if js[bool](r, `new Promise(done => { const end = performance.now() + %d; const look = () => (%s) ? done(true) : performance.now() > end ? done(false) : setTimeout(look, 10); look() })`, ms, fmt.Sprintf(expression, args...)) {
		r.Errorf("within %d ms: %s", ms, fmt.Sprintf(expression, args...))
	}
}

// open shows a page in a window of some width, the pointer in its corner, and waits for the script.
func (r *reader) open(path string, width int64) {
	r.Helper()
	r.do(chromedp.EmulateViewport(width, 900), chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 1, 1), chromedp.Navigate("about:blank"))
	u := path
	if !strings.Contains(path, "://") {
		u = r.root + path
	}
	r.do(chromedp.Navigate(u))
	r.wait(`document.querySelector(".js-tools")`)
}

// find brings an element to the middle of the window and returns the middle of its first line. The element is called
// target in the page from then on.
func (r *reader) find(selector string) (x, y float64) {
	r.Helper()
	at := js[[]float64](r, `(async () => { const a = window.target = [...document.querySelectorAll(%q)].find(e => e.getClientRects().length); if (!a) return []; a.scrollIntoView({block: "center", behavior: "instant"}); for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); const b = a.getClientRects()[0]; return [b.x + b.width / 2, b.y + b.height / 2] })()`, selector)
	if len(at) == 0 {
		r.Fatalf("there is no %s", selector)
	}
	return at[0], at[1]
}

func (r *reader) move(x, y float64) {
	r.Helper()
	r.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
}

func (r *reader) key(keys string, mods ...chromedp.Modifier) {
	r.Helper()
	r.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(mods...)))
}

// hover moves the mouse onto an element and waits for the card.
func (r *reader) hover(selector string) {
	r.Helper()
	x, y := r.find(selector)
	r.move(x-1, y)
	r.move(x, y)
	r.wait("card()")
}

// away moves the mouse off everything and waits until no card is there, and long enough that the next opens slowly.
func (r *reader) away() {
	r.Helper()
	r.move(1, 1)
	r.wait("!card()")
}

// inTime runs a measurement until it lies in a window: never below it, and not above it more often than a busy machine
// explains.
func (r *reader) inTime(what string, least, most float64, measure func() float64) {
	r.Helper()
	var got []float64
	for range 6 {
		ms := measure()
		got = append(got, ms)
		if ms < least-2 { // the clocks of timers and of the page differ by that
			break
		}
		if ms <= most {
			return
		}
	}
	r.Errorf("%s after %.0f ms, want %.0f–%.0f", what, got, least, most)
}

// sub runs a part of the checklist, and requires that the console stays empty and nobody else is asked for anything.
func (r *reader) sub(t *testing.T, name string, f func(r *reader)) {
	t.Run(name, func(t *testing.T) {
		outer := r.TB
		r.TB = t
		defer func() { r.TB = outer }()
		defer func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			for _, c := range r.console {
				t.Errorf("the console says: %s", c)
			}
			for _, u := range r.foreign {
				t.Errorf("another origin is asked: %s", u)
			}
			r.console, r.foreign = nil, nil
		}()
		f(r)
	})
}

// once runs a part of which no font changes the answer: colours, words, links, order. One set of fonts is enough for it.
func (r *reader) once(t *testing.T, name string, f func(r *reader)) {
	if r.fonts == fontSets[0] {
		r.sub(t, name, f)
	}
}

// The page that the tests of previews read, and one link of each kind on it.
const (
	readerPage = "what-did-parliament-decide-in-2020/"
	entityLink = "main p a.e[href*='who/'], main p a.e[href*='terms/']"
	factLink   = "main p a.f"
	citeLink   = "main p a[role=doc-biblioref]:only-child"
)

// TestReaderInBrowser holds the script to the checklist of the reader's side.
func TestReaderInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("the browser is left out of short runs")
	}
	t.Parallel()
	own := ownSite(t, "")
	r := newReader(t, dejavu, own, "/us-troops-iraq/")

	r.sub(t, "019_preview_opens_by_mouse", func(r *reader) {
		for _, c := range []struct {
			link        string
			least, most float64
		}{{entityLink, 350, 500}, {factLink, 100, 250}, {citeLink, 100, 250}} {
			r.inTime(c.link+": the card opens", c.least, c.most, func() float64 {
				r.open(readerPage, 1280)
				r.hover(c.link)
				return js[float64](r, "rec.open - rec.entered")
			})
		}
	})

	r.sub(t, "020_passing_over_opens_nothing", func(r *reader) {
		r.open(readerPage, 1280)
		before := r.hits("previews")
		x, y := r.find(entityLink)
		for range 3 {
			// Both in one go, so that the pointer is on the link for less than 100 ms.
			r.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y), chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 1, 1))
			if on := js[float64](r, "rec.left - rec.entered"); on > 300 {
				continue // the machine slept meanwhile: that was no passing over
			}
			r.stays(700, "card()")
		}
		if n := r.hits("previews") - before; n > 1 {
			r.Errorf("%d requests for previews", n)
		}
	})

	r.sub(t, "021_card_stays_under_the_pointer", func(r *reader) {
		r.open(readerPage, 1280)
		r.hover(entityLink)
		to := js[[]float64](r, `(() => { const b = card().getBoundingClientRect(); return [b.x + 20, b.y + 20] })()`)
		r.move(to[0], to[1])
		r.stays(5000, "!card()")
	})

	r.sub(t, "022_card_closes_after_leaving", func(r *reader) {
		r.inTime("the card closes", 250, 500, func() float64 {
			r.open(readerPage, 1280)
			r.hover(entityLink)
			r.away()
			return js[float64](r, "rec.closed - rec.left")
		})
	})

	r.sub(t, "023_escape_closes_and_keeps_focus", func(r *reader) {
		r.open(readerPage, 1280)
		r.hover(entityLink)
		focus := js[string](r, "document.activeElement.tagName")
		r.key(kb.Escape)
		r.wait("!card()")
		if now := js[string](r, "document.activeElement.tagName"); now != focus {
			r.Errorf("the focus went from %s to %s", focus, now)
		}
		x, y := r.find(entityLink)
		r.move(x+2, y)
		r.stays(800, "card()")
		r.move(1, 1)
		r.hover(entityLink)
		r.away()
		r.focus(entityLink)
		r.wait("card()")
		r.key(kb.Escape)
		r.wait("!card()")
		if !js[bool](r, "document.activeElement === target") {
			r.Error("Escape took the focus from the link")
		}
		r.stays(800, "card()")
		r.key(kb.Tab)
		r.focus(entityLink)
		r.wait("card()")
	})

	r.sub(t, "024_preview_opens_by_keyboard", func(r *reader) {
		r.inTime("the card opens", 400, 650, func() float64 {
			r.open(readerPage, 1280)
			r.focus(entityLink)
			r.wait("card()")
			return js[float64](r, "rec.open - rec.focused")
		})
		if n := js[int](r, `card().querySelectorAll("a, button, input, [tabindex='0']").length`); n != 0 {
			r.Errorf("the card holds %d tab stops", n)
		}
		r.key(kb.Tab)
		r.wait("!card()")
		if ms := js[float64](r, "rec.closed - rec.blurred"); ms > 50 {
			r.Errorf("the card closes %.0f ms after the focus left", ms)
		}
		if js[bool](r, `document.activeElement.closest(".js-card") !== null`) {
			r.Error("the focus went into the card")
		}
	})

	r.sub(t, "025_first_tap_shows_second_follows", func(r *reader) {
		for _, link := range []string{entityLink, factLink, citeLink} {
			r.touch(readerPage, 390)
			here := js[string](r, "location.href")
			x, y := r.find(link)
			r.do(chromedp.TapXY(x, y))
			r.wait("card()")
			if now := js[string](r, "location.href"); now != here {
				r.Errorf("%s: the first tap led to %s", link, now)
			}
			got := js[map[string]any](r, `({role: card().role, name: document.getElementById(card().getAttribute("aria-labelledby"))?.textContent, acts: [...card().querySelectorAll("a, button")].map(e => e.textContent), href: card().querySelector("a").href, to: target.href})`)
			if got["role"] != "dialog" || got["name"] == "" || got["href"] != got["to"] || fmt.Sprint(got["acts"]) != "[Open page Close]" && link != citeLink {
				r.Errorf("%s: the dialog is %v", link, got)
			}
			to := js[string](r, "target.href")
			r.do(chromedp.TapXY(x, y))
			r.wait("location.href === %q", to)
		}
		// Close, a tap outside, and Open page.
		r.touch(readerPage, 390)
		for _, sel := range []string{".js-card button", "h1"} {
			x, y := r.find(entityLink)
			r.do(chromedp.TapXY(x, y))
			r.wait("card()")
			r.tap(sel)
			r.wait("!card()")
		}
		x, y := r.find(entityLink)
		r.do(chromedp.TapXY(x, y))
		r.wait("card()")
		to := js[string](r, "target.href")
		r.tap(".js-card a")
		r.wait("location.href === %q", to)
	})

	r.sub(t, "026_other_links_follow_at_once", func(r *reader) {
		for _, link := range []string{".top nav a", ".contents a, .pager a", "main a.quiet", "main .uses a, main a.back"} {
			r.touch(readerPage, 390)
			js[bool](r, `(document.querySelector("details").open = true)`)
			x, y := r.find(link)
			to := js[string](r, "target.href")
			r.do(chromedp.TapXY(x, y))
			r.wait("location.href === %q", to)
		}
		r.touch(readerPage, 390)
		js[bool](r, `(addEventListener("click", e => { window.prevented = e.defaultPrevented; e.preventDefault() }), true)`)
		js[bool](r, `(document.querySelector("main p").insertAdjacentHTML("beforeend", ' <a class="out" href="https://elsewhere.example/">out</a>'), true)`)
		r.tap("a.out")
		r.wait("window.prevented === false")
	})

	r.sub(t, "027_modified_clicks_navigate", func(r *reader) {
		r.open(readerPage, 1280)
		js[bool](r, `(window.clicks = [], ["click", "auxclick"].forEach(type => addEventListener(type, e => { clicks.push(e.defaultPrevented); e.preventDefault() })), true)`)
		n := 0
		for _, mod := range []chromedp.Modifier{chromedp.ModifierCtrl, chromedp.ModifierMeta, chromedp.ModifierShift} {
			for _, touch := range []bool{false, true} {
				x, y := r.find(entityLink)
				if touch {
					r.tapWith(x, y, mod)
				} else {
					r.do(chromedp.MouseClickXY(x, y, chromedp.ButtonModifiers(mod)))
				}
				n++
				r.wait("clicks.length === %d", n)
			}
		}
		x, y := r.find(entityLink)
		r.do(chromedp.MouseClickXY(x, y, chromedp.ButtonMiddle))
		r.wait("clicks.length === %d", n+1)
		if js[bool](r, "clicks.includes(true)") {
			r.Error("a modified click was kept from the link")
		}
		r.stays(800, "card()")
	})

	r.sub(t, "028_card_lies_in_the_window", func(r *reader) {
		for _, width := range []int64{320, 1280} {
			for _, dir := range []string{"ltr", "rtl"} {
				r.open(readerPage, width)
				js[bool](r, `(document.documentElement.dir = %q, true)`, dir)
				href := js[string](r, `document.querySelector(%q).href`, entityLink)
				for _, corner := range []string{"top:2px;left:2px", "top:2px;right:2px", "bottom:2px;left:2px", "bottom:2px;right:2px", "top:45%;left:40%"} {
					js[bool](r, `(() => { document.querySelector("#corner")?.remove(); const a = document.createElement("a"); a.id = "corner"; a.className = "e"; a.href = %q; a.textContent = "corner"; a.style.cssText = "position:fixed;z-index:9;" + %q; document.querySelector("main").append(a); return true })()`, href, corner)
					at := js[[]float64](r, `(() => { const b = document.querySelector("#corner").getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] })()`)
					r.move(at[0]-1, at[1])
					r.move(at[0], at[1])
					r.wait("card()")
					got := js[[]float64](r, `(() => { const c = card().getBoundingClientRect(), l = document.querySelector("#corner").getBoundingClientRect(); return [c.left, c.top, document.documentElement.clientWidth - c.right, innerHeight - c.bottom, Math.max(c.top - l.bottom, l.top - c.bottom)] })()`)
					for i, v := range got {
						if v < 0 || i < 4 && v < 7 {
							r.Errorf("%d wide, %s, %s: left, top, right, bottom, distance from the line are %v", width, dir, corner, got)
							break
						}
					}
					r.move(at[0], 450)
					r.key(kb.Escape)
					r.wait("!card()")
				}
			}
		}
	})

	r.sub(t, "029_wrapped_link", func(r *reader) {
		r.open(readerPage, 320)
		js[bool](r, `(() => { const a = document.querySelector(%q); a.textContent = "a name of many words that is broken over two lines or more of text"; a.id = "wrapped"; return true })()`, entityLink)
		for line := range 2 {
			r.find("#wrapped")
			at := js[[]float64](r, `(() => { const b = target.getClientRects()[%d]; return [b.x + b.width / 2, b.y + b.height / 2, b.top, b.bottom] })()`, line)
			r.move(at[0]-1, at[1])
			r.move(at[0], at[1])
			r.wait("card()")
			c := js[[]float64](r, `(() => { const b = card().getBoundingClientRect(); return [b.top, b.bottom] })()`)
			if gap := max(c[0]-at[3], at[2]-c[1]); gap < 4 || gap > 12 {
				r.Errorf("line %d at %.0f–%.0f, the card at %.0f–%.0f", line+1, at[2], at[3], c[0], c[1])
			}
			r.away()
		}
	})

	r.sub(t, "030_one_card_at_a_time", func(r *reader) {
		r.inTime("the second card opens", 0, 200, func() float64 {
			r.open(readerPage, 1280)
			r.hover(entityLink)
			r.key(kb.Escape)
			r.wait("!card()")
			js[bool](r, `([...document.querySelectorAll("main p a.e")].find(a => a !== target && a.href !== target.href).id = "second", true)`)
			x, y := r.find("#second")
			r.move(x, y)
			r.wait("card()")
			if n := js[int](r, `document.querySelectorAll(".js-card").length`); n != 1 {
				r.Errorf("%d cards", n)
			}
			return js[float64](r, "rec.open - rec.entered")
		})
		// Straight from one link to the next, and away.
		r.hover(entityLink)
		x, y := r.find("#second")
		r.move(x-1, y)
		r.move(x, y)
		r.wait("card() && document.querySelector('#js-card-title').textContent !== '' && rec.a === target")
		r.stays(700, "!card()")
		r.away()
	})

	r.sub(t, "031_scrolling_opens_nothing", func(r *reader) {
		r.open(readerPage, 1280)
		x, y := r.find(entityLink)
		js[bool](r, "(scrollBy(0, 200), true)")
		r.move(x-1, y)
		r.move(x, y)
		js[bool](r, "(scrollBy(0, -200), true)")
		r.wait("document.elementFromPoint(%f, %f).closest('a') === target", x, y)
		r.stays(900, "card()")
		r.move(x+1, y)
		r.wait("card()")
	})

	r.sub(t, "032_previews_switched_off", func(r *reader) {
		r.open(readerPage, 1280)
		r.find(".js-tools button")
		x, y := r.find(".js-tools button")
		r.do(chromedp.MouseClickXY(x, y))
		r.wait(`localStorage.getItem("gloss-previews") === "off"`)
		before := r.hits("previews")
		r.open(readerPage, 1280)
		if got := js[string](r, `document.querySelector(".js-tools button").textContent`); got != "Previews: off" {
			r.Errorf("the switch says %q", got)
		}
		x, y = r.find(entityLink)
		r.move(x-1, y)
		r.move(x, y)
		r.stays(900, "card()")
		r.focus(entityLink)
		r.stays(900, "card()")
		if n := r.hits("previews") - before; n != 0 {
			r.Errorf("%d requests for previews", n)
		}
		x, y = r.find(".js-tools button")
		r.do(chromedp.MouseClickXY(x, y))
		r.hover(entityLink)
		js[bool](r, "(localStorage.clear(), true)")
	})

	r.sub(t, "033_no_data_no_harm", func(r *reader) {
		r.fail("_x/")
		defer r.fail("")
		r.open(readerPage, 1280)
		x, y := r.find(entityLink)
		r.move(x-1, y)
		r.move(x, y)
		r.stays(900, "card()")
		to := js[string](r, "target.href")
		r.do(chromedp.MouseClickXY(x, y))
		r.wait("location.href === %q", to)
		r.touch(readerPage, 390)
		x, y = r.find(entityLink)
		r.do(chromedp.TapXY(x, y))
		r.wait("location.href === %q", to)
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, c := range r.console {
			if !strings.Contains(c, "404") {
				r.Errorf("the console says: %s", c)
			}
		}
		r.console = nil
	})

	t.Run("034_texts_of_previews", func(t *testing.T) {
		for _, dir := range ownSites {
			res := ownSite(t, dir)
			text, ok := bytes.CutPrefix(res.Files["_x/previews.js"], []byte(`gloss("previews",`))
			var all map[string][]string
			if err := json.Unmarshal(bytes.TrimSuffix(text, []byte(")\n")), &all); !ok || err != nil {
				t.Fatalf("%s: %v", dir, err)
			}
			plain := func(h string) string {
				return strings.Join(strings.Fields(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(strings.ReplaceAll(h, "</p><p>", " "), ""))), " ")
			}
			for key, p := range all {
				for _, h := range p[1:] {
					if bad := regexp.MustCompile(`</?(p|b|i|bdi|time)( datetime="[0-9-]+")?>`).ReplaceAllString(h, ""); strings.ContainsAny(bad, "<>") {
						t.Errorf("%s: %q", key, h)
					}
				}
				if len(p) < 3 {
					continue
				}
				if s := plain(p[2]); len(strings.Fields(s)) > 60 || len([]rune(s)) > 350 {
					t.Errorf("%s: %d words, %d characters", key, len(strings.Fields(s)), len([]rune(s)))
				}
			}
			for _, p := range res.Site.Pages {
				got, ok := all[p.URL]
				switch p.Type {
				case content.Term, content.Who, content.Event:
				default:
					if ok {
						t.Errorf("/%s has a preview", p.URL)
					}
					continue
				}
				want := strings.Join(strings.Fields(p.Meta.Summary.Text), " ")
				if !ok || len([]rune(want)) <= 350 && len(strings.Fields(want)) <= 60 && !strings.Contains(want, "  ") && plain(got[2]) != want && !strings.Contains(want, "[") {
					t.Errorf("/%s: %q, want the summary %q", p.URL, got, want)
				}
			}
		}
	})

	t.Run("096_everything_from_A_to_Z", func(t *testing.T) {
		list := string(own.Files["search/index.html"])
		for _, p := range own.Site.Pages {
			if p.Made == nil && p.Thing.Kind != "overview" && !strings.Contains(list, `href="../`+p.URL+`"`) {
				t.Errorf("/%s is not listed", p.URL)
			}
		}
		for _, x := range slices.Concat(own.Site.Facts, own.Site.Claims) {
			if !strings.Contains(list, `href="../`+x.URL+`"`) {
				t.Errorf("%s is not listed", x.ID)
			}
		}
	})

	r.sub(t, "035_previewable_links_are_dotted", func(r *reader) {
		for _, scheme := range []string{"light", "dark"} {
			r.scheme(scheme)
			r.open(readerPage, 390)
			if got := js[[]string](r, `[...document.querySelectorAll("main p a, .top a, .contents a")].filter(a => (getComputedStyle(a).textDecorationStyle === "dotted") !== a.matches(".e, .f, .d")).map(a => a.outerHTML)`); len(got) > 0 {
				r.Errorf("%s: %v", scheme, got)
			}
		}
		r.scheme("light")
	})

	right := newReaderOf(t, r, fixtureSite(t, "testdata/crawl/reader.txtar"), "/")

	right.sub(t, "044_past_its_review_date", func(r *reader) {
		const stale = "[تجاوز موعد مراجعته]"
		tags := func() string {
			return fmt.Sprint(js[[]string](r, `[...document.querySelectorAll(".js-stale, .tag.stale")].filter(e => e.checkVisibility()).map(e => e.textContent)`))
		}
		for _, c := range []struct {
			today, page, want string
		}{
			{"2024-05-30T12:00:00", "", "[]"}, {"2024-06-02T12:00:00", "", stale},
			{"2024-06-01T12:00:00", "facts/", "[]"}, {"2024-06-02T12:00:00", "facts/", stale},
			{"2024-05-30T12:00:00", "question/", "[]"}, {"2025-01-01T12:00:00", "question/", stale},
		} {
			r.clock(c.today)
			r.open(c.page, 390)
			if got := tags(); got != c.want {
				r.Errorf("/%s on %s: %s, want %s", c.page, c.today, got, c.want)
			}
		}
		r.hover("main p a.f")
		if s := js[string](r, "card().textContent"); !strings.Contains(s, strings.Trim(stale, "[]")) || !strings.Contains(s, "2 فبراير 2024") {
			r.Errorf("the card says %q", s)
		}
		r.scripts(false)
		r.do(chromedp.Navigate(r.root + "question/"))
		if got := tags(); got != "[]" {
			r.Errorf("without script: %s", got)
		}
		r.scripts(true)
		late := newReaderOf(t, r, fixtureSiteAt(t, "testdata/crawl/reader.txtar", "2024-09-01"), "/")
		late.TB = r.TB
		late.scripts(false)
		late.do(chromedp.Navigate(late.root + "question/"))
		if got := js[[]string](late, `[...document.querySelectorAll(".tag.stale")].map(e => e.textContent)`); fmt.Sprint(got) != stale {
			r.Errorf("built later, without script: %s", got)
		}
		late.scripts(true)
		r.clock("")
	})

	right.sub(t, "changes_since_the_last_visit", func(r *reader) {
		since := func() string {
			return js[string](r, `document.querySelector(".js-since")?.textContent ?? ""`)
		}
		for _, c := range []struct{ today, want string }{{"2024-02-06T12:00:00", ""}, {"2024-02-20T12:00:00", ": 1"}, {"2024-02-20T23:00:00", ": 1"}, {"2024-02-21T12:00:00", ""}} {
			r.clock(c.today)
			r.open("question/", 390)
			if got := since(); !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
				r.Errorf("on %s: %q", c.today, got)
			}
			if since() != "" {
				if n := js[int](r, `document.querySelectorAll(".js-new").length`); n != 1 {
					r.Errorf("%d entries are marked", n)
				}
				r.axe()
				r.shot("since-" + c.today[:10])
			}
		}
		r.clock("")
		js[bool](r, "(localStorage.clear(), true)")
	})

	right.sub(t, "arabic_from_right_to_left", func(r *reader) {
		r.open("question/", 1280)
		r.hover("main p a.e[href*='who/']")
		if got := js[[]float64](r, `[card().getBoundingClientRect().right, target.getClientRects()[0].right]`); got[0]-got[1] > 1 || got[1]-got[0] > 1 {
			r.Errorf("the card ends at %v, its link at %v", got[0], got[1])
		}
		r.axe()
		r.shot("rtl-1280")
		r.away()
		r.open("search/", 390)
		r.wait(`document.querySelector("#js-q")`)
		for query, want := range map[string]string{"السـودانى": "who/sudani/", "ائتلافيه": "who/sudani/", "سقف": "terms/ceiling/", "2500": "question/"} {
			js[bool](r, `(() => { const q = document.querySelector("#js-q"); q.value = %q; q.dispatchEvent(new Event("input")); return true })()`, query)
			if !r.within(5*time.Second, `document.querySelector("#js-found a")?.href === %q`, r.root+want) {
				r.Errorf("%q finds %v first, want %s", query, js[[]string](r, `[...document.querySelectorAll("#js-found a")].map(a => a.href)`), want)
			}
		}
		r.shot("rtl-search-390")
	})

	r.sub(t, "068_axe_with_a_card_open", func(r *reader) {
		for _, scheme := range []string{"light", "dark"} {
			r.scheme(scheme)
			for _, width := range []int64{390, 1280} {
				for _, link := range []string{entityLink, factLink, citeLink} {
					r.open(readerPage, width)
					r.hover(link)
					js[bool](r, "Promise.all(document.getAnimations().map(a => a.finished)).then(() => true)")
					r.axeOf("card()", allRules) // the page below it is looked at by TestBrowser
					r.shot(fmt.Sprintf("card-%d-%s-%s", width, scheme, map[string]string{entityLink: "who", factLink: "fact", citeLink: "cite"}[link]))
				}
			}
			r.touch(readerPage, 390)
			x, y := r.find(entityLink)
			r.do(chromedp.TapXY(x, y))
			r.wait("card()")
			js[bool](r, "Promise.all(document.getAnimations().map(a => a.finished)).then(() => true)")
			r.axeOf("card()", allRules)
			r.shot("touch-" + scheme)
			r.mouse()
		}
		r.scheme("light")
	})

	r.sub(t, "077_078_without_script", func(r *reader) {
		for _, p := range []string{"", "brief/", readerPage, "search/", "facts/", "changes/", "who/mohammed-shia-al-sudani/", "timeline/"} {
			r.open(p, 1280)
			with := js[string](r, `(() => { const m = document.querySelector("main").cloneNode(true); m.querySelectorAll("[class^=js-], .depths a span").forEach(e => e.remove()); return m.textContent.replace(/\s+/g, " ") })()`)
			r.scripts(false)
			r.do(chromedp.Navigate(r.root + p))
			without := js[string](r, `document.querySelector("main").textContent.replace(/\s+/g, " ")`)
			if d := cmp.Diff(without, with); d != "" {
				r.Errorf("/%s (-without +with):\n%s", p, d)
			}
			if got := js[[]string](r, `[...document.querySelectorAll("button, input, select, textarea, [role=combobox], [popover], [class^=js-]")].map(e => e.outerHTML)`); len(got) > 0 {
				r.Errorf("/%s shows what does nothing: %v", p, got)
			}
			r.scripts(true)
		}
	})

	t.Run("083_weight_of_scripts", func(t *testing.T) {
		all := 0
		for name, data := range own.Files {
			if strings.HasSuffix(name, ".js") && !strings.HasPrefix(name, "_x/") {
				all += gzipped(data)
			}
			if strings.HasPrefix(name, "_x/previews") && gzipped(data) > 51_200 {
				t.Errorf("%s has %d bytes gzipped", name, gzipped(data))
			}
		}
		if n := len(own.Files["site.js"]); n > 10_240 || all > 10_240 {
			t.Errorf("site.js has %d bytes, all scripts %d gzipped", n, all)
		}
		// The index is names and words. The prose itself comes in parts, of which a query loads those that it shows.
		index := 0
		prose := regexp.MustCompile(`^_x/t[0-9]+\.js$`)
		for name, data := range own.Files {
			switch {
			case prose.MatchString(name):
				if gzipped(data) > 40_960 {
					t.Errorf("%s has %d bytes gzipped", name, gzipped(data))
				}
			case strings.HasPrefix(name, "_x/") && !strings.HasPrefix(name, "_x/previews"):
				index += gzipped(data)
			}
		}
		if index > 40_960 {
			t.Errorf("the index of the search has %d bytes gzipped", index)
		}
	})

	r.sub(t, "084_keeps_to_itself", func(r *reader) {
		r.open("brief/", 390)
		js[bool](r, `(localStorage.clear(), addEventListener("click", e => e.preventDefault(), {once: true}), document.querySelector(".depths a").click(), true)`)
		r.open(readerPage, 1280)
		r.hover(factLink)
		r.away()
		for _, b := range []string{"first", "last"} {
			js[bool](r, `(document.querySelector(".js-tools button:%s-child").click(), true)`, b)
		}
		r.open("", 390)
		if s := js[string](r, `document.querySelector(".depths").textContent`); !strings.Contains(s, "last time") {
			r.Errorf("the depth is forgotten: %q", s)
		}
		if got := js[[]string](r, `Object.keys(localStorage).sort().concat(document.cookie || [])`); fmt.Sprint(got) != "[gloss-depth gloss-previews gloss-read gloss-theme]" {
			r.Errorf("kept: %v", got)
		}
		// The theme holds from the first paint on, and through its three states.
		for _, want := range []string{"light", "dark", ""} {
			if got := js[string](r, `document.documentElement.dataset.theme + "," + document.documentElement.style.colorScheme`); got != want+","+want {
				r.Errorf("the theme is %q, want %q", got, want)
			}
			js[bool](r, `(document.querySelector(".js-tools button:last-child").click(), true)`)
			r.do(chromedp.Reload())
			r.wait(`document.querySelector(".js-tools")`)
			if want == "light" && js[string](r, "getComputedStyle(document.documentElement).backgroundColor") != "rgb(21, 23, 26)" {
				r.Error("dark is not dark")
			}
		}
		js[bool](r, "(localStorage.clear(), true)")
	})

	r.sub(t, "links_to_blocks", func(r *reader) {
		r.open(readerPage, 1280)
		x, y := r.find("main p[id^=b-]")
		r.move(x, y)
		r.wait(`document.querySelector(".js-link")?.parentNode === target`)
		r.shot("block-link")
		to := js[string](r, `document.querySelector(".js-link").href`)
		if !strings.Contains(to, "#b-") {
			r.Errorf("it leads to %s", to)
		}
		r.focus("main p[id^=b-] a")
		r.wait(`document.querySelector(".js-link").parentNode.contains(target)`)
		r.tap(".js-link")
		r.wait("location.hash.startsWith('#b-')")
	})

	r.sub(t, "the_page_is_replaced", func(r *reader) {
		r.open("search/", 1280)
		r.wait(`document.querySelector("#js-q")`)
		js[bool](r, `(document.querySelector(".foot").replaceWith(Object.assign(document.createElement("footer"), {className: "foot"})), document.querySelector("main").replaceWith(Object.assign(document.createElement("main"), {innerHTML: "<h1>x</h1><p><a class=e href='../who/iran/'>Iran</a></p>"})), document.body.append(document.createElement("i")), true)`)
		r.wait(`document.querySelector(".foot .js-tools") && document.querySelector("main #js-q")`)
		js[bool](r, `(document.querySelector(".foot").replaceChildren(), true)`)
		r.wait(`document.querySelector(".foot .js-tools")`)
		r.hover("main a.e")
		js[bool](r, `(document.body.append("x"), true)`)
		r.stays(200, "!card()")
		js[bool](r, `(target.remove(), document.body.append("y"), true)`)
		r.wait("!card()")
	})

	r.sub(t, "from_a_disk", func(r *reader) {
		dir := t.TempDir()
		if _, _, err := build.Write(dir, own, false); err != nil {
			r.Fatal(err)
		}
		root := r.root
		defer func() { r.root = root }()
		r.root = "file://" + filepath.ToSlash(dir) + "/"
		r.open(readerPage+"index.html", 1280)
		r.hover(entityLink)
		js[bool](r, "(target.click(), true)")
		r.wait("location.href.endsWith('/index.html') && !location.href.includes('what-did')")
		r.open("search/index.html", 390)
		r.wait(`document.querySelector("#js-q")`)
		r.key("/")
		js[bool](r, `(() => { const q = document.querySelector("#js-q"); q.value = "how many troops"; q.dispatchEvent(new Event("input")); return true })()`)
		r.wait(`document.querySelector("#js-found a")?.href.endsWith("how-many-us-troops-are-in-iraq/index.html")`)
		r.key(kb.Enter)
		r.wait("location.href.endsWith('how-many-us-troops-are-in-iraq/index.html')")
	})

	r.sub(t, "095_search", func(r *reader) {
		r.open("search/", 1280)
		r.wait(`document.querySelector("#js-q")`)
		x, y := r.find("#js-q")
		r.do(chromedp.MouseClickXY(x, y))
		js[bool](r, `(new MutationObserver(() => { rec.found = performance.now() }).observe(document.querySelector(".js-search [role=status]"), {childList: true}), document.querySelector("#js-q").addEventListener("input", () => { rec.typed = performance.now() }, true), true)`)
		type first struct{ Title, Href, Text, Kind string }
		ask := func(query string) first {
			js[bool](r, `(document.querySelector("#js-q").value = "", rec.found = 0, true)`)
			r.key(query)
			r.wait("rec.found > rec.typed")
			return js[first](r, `(() => { const a = document.querySelector("#js-found a"); return a ? {title: a.querySelector("b").textContent, href: a.href, text: a.querySelector("p").textContent, kind: a.querySelector(".meta").textContent} : {} })()`)
		}
		ask("x") // loads the index
		r.inTime("results", 0, 100, func() float64 {
			if got := ask("sudani"); got.Href != r.root+"who/mohammed-shia-al-sudani/" {
				r.Fatalf("sudani: %+v", got)
			}
			return js[float64](r, "rec.found - rec.typed")
		})
		for query, want := range map[string]string{"how many troops": "how-many-us-troops-are-in-iraq/", "Sudanī": "who/mohammed-shia-al-sudani/", "sudnai": "who/mohammed-shia-al-sudani/",
			"coalitoin": "who/us-led-coalition/", "troop ceil": "terms/troop-ceiling/", "PMF": "who/popular-mobilization-forces/", "advisory role": "terms/advisory-role/"} {
			if got := ask(query); got.Href != r.root+want {
				r.Errorf("%q finds %+v first, want %s", query, got, want)
			}
		}
		got := ask("how many troops")
		if !strings.Contains(got.Text, "2,500") {
			r.Errorf("the answer is not shown: %+v", got)
		}
		r.shot("search-1280")
		if s := js[string](r, `document.querySelector(".js-search [role=status]").textContent`); !strings.HasPrefix(s, "Results: ") {
			r.Errorf("announced: %q", s)
		}
		// Words of the prose lead to their block.
		if got := js[[]string](r, `[...document.querySelectorAll("#js-found a")].map(a => a.getAttribute("href")).filter(h => /#b-/.test(h))`); len(got) == 0 {
			r.Error("no result leads to a block")
		}
		r.key(kb.ArrowDown)
		r.key(kb.ArrowDown)
		r.key(kb.ArrowUp)
		if got := js[[]string](r, `(() => { const q = document.querySelector("#js-q"), o = document.getElementById(q.getAttribute("aria-activedescendant")); return [q.getAttribute("aria-expanded"), o.getAttribute("aria-selected"), o.id, document.activeElement.id] })()`); fmt.Sprint(got) != "[true true js-o0 js-q]" {
			r.Errorf("expanded, selected, option, focus: %v", got)
		}
		r.axe()
		r.key(kb.Escape)
		r.wait(`document.querySelector("#js-q").value === "" && document.querySelector("#js-found").hidden`)
		ask("sudani")
		r.key(kb.Enter)
		r.wait("location.href === %q", r.root+"who/mohammed-shia-al-sudani/")
		r.open("search/", 390)
		r.wait(`document.querySelector("#js-q")`)
		r.key("/")
		if id := js[string](r, "document.activeElement.id"); id != "js-q" {
			r.Errorf("/ focuses %q", id)
		}
		r.key("troops")
		r.wait(`document.querySelectorAll("#js-found a").length > 3`)
		r.shot("search-390")
		// The words are those of the generator.
		table, err := os.ReadFile("testdata/tokens.txt")
		if err != nil {
			r.Fatal(err)
		}
		for _, l := range strings.Split(strings.TrimRight(string(table), "\n"), "\n") {
			text, want, _ := strings.Cut(l, "\t")
			if got := js[string](r, `document.querySelector(".js-search").tokens(%q).join(" ")`, text); got != want {
				r.Errorf("%q has the words %q, want %q", text, got, want)
			}
		}
	})
}

// fixtureSite builds the site of a fixture.
func fixtureSite(t *testing.T, name string) *build.Result { return fixtureSiteAt(t, name, "") }

func fixtureSiteAt(t *testing.T, name, epoch string) *build.Result {
	t.Helper()
	dir := t.TempDir()
	parseFixture(t, name).write(t, dir)
	tr, err := build.Read(dir, gloss.Theme)
	if err != nil {
		t.Fatal(err)
	}
	r := build.Build(tr, build.Env{Env: site.Env{Epoch: epoch}}, nil)
	for _, f := range r.Findings {
		if f.Severity == diag.Error {
			t.Errorf("%s: %s", f.Span.File, f.Message)
		}
	}
	return r
}

// scheme is what the reader's system prefers.
func (r *reader) scheme(name string) {
	r.Helper()
	call(r, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
}

// scripts switches them off and on.
func (r *reader) scripts(on bool) {
	r.Helper()
	call(r, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// mouse ends the use of touch.
func (r *reader) mouse() {
	r.Helper()
	call(r, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{})
}

// clock sets the reader's day for the pages that are opened from now on; "" is today.
func (r *reader) clock(at string) {
	r.Helper()
	if r.clockID != "" {
		call(r, page.RemoveScriptToEvaluateOnNewDocument, page.RemoveScriptToEvaluateOnNewDocumentParams{Identifier: r.clockID})
		r.clockID = ""
	}
	if at != "" {
		res, err := chromedp.Call(r.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `{ const real = Date, at = new Date("` + at + `").getTime(); window.Date = class extends real { constructor(...a) { a.length ? super(...a) : super(at) } } }`})
		if err != nil {
			r.Fatal(err)
		}
		r.clockID = res.Identifier
	}
}

// axe looks at the page as it is now.
func (r *reader) axe() {
	r.Helper()
	r.axeOf("document", allRules)
}

// axeOf looks at a part of the page, with some rules.
func (r *reader) axeOf(part, rules string) {
	r.Helper()
	for _, f := range axeFinds(r.t, r.ctx, part, rules) {
		r.Errorf("axe: %s", f)
	}
}

// focus moves the focus by keyboard to an element: to what stands before it, and one Tab on.
func (r *reader) focus(selector string) {
	r.Helper()
	r.find(selector)
	js[bool](r, `(() => { const s = document.createElement("span"); s.tabIndex = 0; target.before(s); s.focus({preventScroll: true}); setTimeout(() => s.remove(), 3000); return true })()`)
	r.key(kb.Tab)
	if !js[bool](r, "document.activeElement === target") {
		r.Fatalf("Tab did not reach %s", selector)
	}
}

// touch opens a page as a phone does.
func (r *reader) touch(path string, width int64) {
	r.Helper()
	r.open(path, width)
	call(r, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true, MaxTouchPoints: 1})
	r.Cleanup(func() {
		_, _ = chromedp.Call(r.ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{})
	})
}

func (r *reader) tap(selector string) {
	r.Helper()
	at := js[[]float64](r, `(() => { const b = document.querySelector(%q).getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] })()`, selector)
	if at[1] < 0 || at[1] > 900 {
		at[0], at[1] = r.find(selector)
	}
	r.do(chromedp.TapXY(at[0], at[1]))
}

func (r *reader) tapWith(x, y float64, mod chromedp.Modifier) {
	r.Helper()
	call(r, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: x, Y: y}}, Modifiers: int64(mod)})
	call(r, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}, Modifiers: int64(mod)})
}

// shot writes a picture, for people: GLOSS_SHOTS names the folder.
func (r *reader) shot(name string) {
	r.Helper()
	dir := os.Getenv("GLOSS_SHOTS")
	if dir == "" {
		return
	}
	b, err := chromedp.Run(r.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), b, 0o644)
	}
	if err != nil {
		r.Fatal(err)
	}
}
