package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	stdlog "log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/fsnotify/fsnotify"
	"github.com/google/go-cmp/cmp"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/diag"
	"gloss/generator/serve"
	"gloss/generator/site"
)

// livePatience is how long a test waits for what has to happen. Nothing is proved by how soon it does.
const livePatience = 20 * time.Second

// liveSite is a site in a folder of its own with a running preview.
type liveSite struct {
	t       *testing.T
	browser context.Context
	opts    serve.Options
	dir     string
	url     string // where the preview serves it, with / at the end
	log     *liveLog
	stop    func()
	opened  chan string // places that the editor was asked for
}

// liveLog is what the terminal shows, and what it showed last of findings.
type liveLog struct {
	mu   sync.Mutex
	all  bytes.Buffer
	last string
}

func (l *liveLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *liveLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// printed is the last report in the terminal.
func (l *liveLog) printed() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// report prints findings as the command does.
func (l *liveLog) report(found []diag.Finding, waiting int, tr *build.Tree) {
	var b strings.Builder
	diag.Print(&b, found, tr.Source, diag.Paint{})
	if line := diag.Waiting(waiting, found); line != "" {
		b.WriteString(line + "\n")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = b.String()
	l.all.WriteString(l.last)
}

// smallSite is a site in short: name, text, name, text.
func smallSite(of ...string) map[string]string {
	out := map[string]string{
		"site.toml":        "title = \"T\"\nbase_url = \"https://example.org/x/\"\nraw_html = true\n",
		"content/index.md": "---\ntitle: Start\n---\n\nSee [[a]].\n",
	}
	for i := 0; i < len(of); i += 2 {
		out[of[i]] = of[i+1]
	}
	return out
}

// serveSite writes a site and previews it until the test ends. The editor of the site is a script that says what it was
// asked for.
func serveSite(t *testing.T, ctx context.Context, files map[string]string, change ...func(*serve.Options)) *liveSite {
	t.Helper()
	s := &liveSite{t: t, browser: ctx, dir: t.TempDir(), log: &liveLog{}}
	s.editor(files)
	for name, text := range files {
		s.write(name, text)
	}
	s.opts = serve.Options{Dir: s.dir, Theme: gloss.Theme, Bind: "127.0.0.1", Log: s.log, Report: s.log.report,
		Env: func() build.Env { return build.Env{Env: site.Env{Drafts: true}} }}
	for _, f := range change {
		f(&s.opts)
	}
	s.start()
	t.Cleanup(func() {
		s.stop()
		if log := s.log.String(); strings.Contains(log, "panic") || strings.Contains(log, "the editor") {
			t.Errorf("the preview is in trouble: %s", log)
		}
		if len(s.opened) > 0 {
			t.Errorf("the editor was asked for %q as well", <-s.opened)
		}
		if t.Failed() {
			t.Logf("the terminal says:\n%s", s.log)
		}
	})
	return s
}

// start runs the preview and waits until it answers.
func (s *liveSite) start() {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	out, in := io.Pipe()
	o := s.opts
	o.Out = in
	go func() {
		ended <- serve.Run(ctx, o)
		in.Close()
	}()
	s.stop = sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil {
			s.t.Error(err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		s.t.Fatalf("the preview does not start: %v\n%s", <-ended, s.log)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	s.url = strings.TrimSpace(strings.TrimPrefix(line, "serving "))
	u, err := url.Parse(s.url)
	s.must(err)
	_, port, err := net.SplitHostPort(u.Host)
	s.must(err)
	if _, err := fmt.Sscan(port, &s.opts.Port); err != nil {
		s.t.Fatal(err)
	}
}

// editor gives the site an editor: a script beside the site that leaves a file for each place that it is asked for.
func (s *liveSite) editor(files map[string]string) {
	dir := s.t.TempDir()
	script, calls := filepath.Join(dir, "editor"), filepath.Join(dir, "calls")
	s.must(os.Mkdir(calls, 0o755))
	// A shell script that was just written can be busy for another process that is being started: run it by its shell.
	s.must(os.WriteFile(script, []byte("echo \"$1\" >"+dir+"/$$\nmv "+dir+"/$$ "+calls+"/$$\n"), 0o644))
	if !strings.Contains(files["site.toml"], "editor =") {
		files["site.toml"] = "editor = \"sh " + script + " {file}:{line}:{column}\"\n" + files["site.toml"]
	}
	w, err := fsnotify.NewWatcher()
	s.must(err)
	s.t.Cleanup(func() { w.Close() })
	s.must(w.Add(calls))
	s.opened = make(chan string, 100)
	go func() {
		for e := range w.Events {
			if text, err := os.ReadFile(e.Name); err == nil && e.Has(fsnotify.Create) {
				s.opened <- strings.TrimSpace(string(text))
			}
		}
	}()
}

// editorHas waits for the editor to be asked for a place, "content/a.md:3:1".
func (s *liveSite) editorHas(want string) {
	s.t.Helper()
	select {
	case got := <-s.opened:
		dir, err := filepath.Abs(s.dir)
		s.must(err)
		if got = strings.TrimPrefix(got, dir+"/"); got != want {
			s.t.Errorf("the editor opens %q, want %q", got, want)
		}
	case <-time.After(livePatience):
		s.t.Fatalf("the editor was not started, for %s", want)
	}
}

func (s *liveSite) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *liveSite) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// write saves a file as editors do: the whole of it, in one step.
func (s *liveSite) write(name, text string) {
	s.t.Helper()
	s.must(os.MkdirAll(filepath.Dir(s.path(name)), 0o755))
	s.must(os.WriteFile(s.path(name), []byte(text), 0o644))
}

func (s *liveSite) read(name string) string {
	s.t.Helper()
	b, err := os.ReadFile(s.path(name))
	s.must(err)
	return string(b)
}

// edit replaces words of a file, which must be there once: old, new, old, new.
func (s *liveSite) edit(name string, pairs ...string) {
	s.t.Helper()
	text := s.read(name)
	for i := 0; i < len(pairs); i += 2 {
		if n := strings.Count(text, pairs[i]); n != 1 {
			s.t.Fatalf("%s has %q %d times", name, pairs[i], n)
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	s.write(name, text)
}

// liveTab is a tab of the browser.
type liveTab struct {
	s   *liveSite
	t   *testing.T
	ctx context.Context

	mu      sync.Mutex
	console []string
}

// livePrelude runs in each document before anything else does. What the stories look at later, it notes as it happens.
const livePrelude = `
	ui = selector => document.querySelector("gloss-live")?.shadowRoot.querySelector(selector);
	uis = selector => [...document.querySelector("gloss-live")?.shadowRoot.querySelectorAll(selector) ?? []];
	shownUI = selector => { const el = ui(selector); return Boolean(el && !el.closest("[hidden]") && el.getClientRects().length); };
	focused = () => document.activeElement?.shadowRoot ? document.activeElement.shadowRoot.activeElement : document.activeElement;
	P = words => [...document.querySelectorAll("p, li, pre, h1, h2, h3, td, th, summary, a, figure")].findLast(el => el.textContent.includes(words));
	says = words => Boolean(document.body?.textContent.includes(words));
	inView = el => { const b = el.getBoundingClientRect(); return b.height > 0 && b.top >= 0 && b.bottom <= innerHeight - (ui("#status")?.offsetHeight ?? 0); };
	updates = []; flashes = []; moving = []; clicked = null;
	addEventListener("click", event => { clicked = event; }, true);
	document.addEventListener("gloss:update", event => updates.push(event.detail.build));
	new MutationObserver(records => {
		for (const {target} of records) if (target.classList.contains("js-gloss-flash") && !flashes.includes(target.textContent.trim())) {
			flashes.push(target.textContent.trim());
			moving.push(...document.getAnimations(), ...document.querySelector("gloss-live").shadowRoot.getAnimations());
		}
	}).observe(document, {subtree: true, attributes: true, attributeFilter: ["class"]});
`

// open shows a page of the site in a new tab, and waits until the preview is at work in it.
func (s *liveSite) open(page string, opts ...chromedp.ContextOption) *liveTab {
	s.t.Helper()
	b := s.tab(s.t, opts...)
	b.goTo(s.url + page)
	return b
}

// tab makes an empty tab. What its console says is held against t when that ends.
func (s *liveSite) tab(t *testing.T, opts ...chromedp.ContextOption) *liveTab {
	t.Helper()
	b := &liveTab{s: s, t: t}
	var cancel func()
	b.ctx, cancel = chromedp.NewContext(s.browser, opts...)
	t.Cleanup(cancel)
	b.must(chromedp.Listen(b.ctx, func(ev any) {
		said := ""
		switch ev := ev.(type) {
		case *runtime.EventConsoleAPICalled:
			said = fmt.Sprint("console.", ev.Type)
			for _, a := range ev.Args {
				said += fmt.Sprint(" ", string(a.Value), a.Description)
			}
		case *runtime.EventExceptionThrown:
			said = ev.ExceptionDetails.Text
			if x := ev.ExceptionDetails.Exception; x != nil {
				said += " " + x.Description
			}
		case *log.EventEntryAdded:
			said = ev.Entry.Text + " " + ev.Entry.URL
		default:
			return
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.console = append(b.console, said)
	}))
	// Each tab has a window, of which one has the focus. In ours things happen as if it were that one.
	_, err := chromedp.Call(b.ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	b.must(err)
	_, err = chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: livePrelude})
	b.must(err)
	b.must(chromedp.Do(b.ctx, chromedp.EmulateViewport(1000, 700)))
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, c := range b.console {
			t.Errorf("the console says: %s", c)
		}
	})
	return b
}

func (b *liveTab) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// allow takes a line off the console that has to be there, Chromium's own about an answer or a connection.
func (b *liveTab) allow(words string) {
	b.t.Helper()
	b.get("0") // whatever was said before is heard by now
	b.mu.Lock()
	defer b.mu.Unlock()
	var rest []string
	for _, c := range b.console {
		if !strings.Contains(c, words) {
			rest = append(rest, c)
		}
	}
	if len(rest) == len(b.console) {
		b.t.Errorf("the console does not say %q", words)
	}
	b.console = rest
}

// goTo shows an address, and waits until the preview is at work in it.
func (b *liveTab) goTo(address string) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, livePatience)
	defer stop()
	b.must(chromedp.Do(ctx, chromedp.Navigate(address)))
	b.wait(`document.documentElement.dataset.glossBuild && document.documentElement.dataset.glossState === "watching"`)
}

// eval is what an expression of JavaScript is worth in the page. A promise is awaited.
func eval[T any](b *liveTab, js string) (T, error) {
	ctx, stop := context.WithTimeout(b.ctx, livePatience+5*time.Second)
	defer stop()
	return chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
}

// get is what an expression is worth, as JSON.
func (b *liveTab) get(js string) string {
	b.t.Helper()
	text, err := eval[string](b, `Promise.resolve(`+js+`).then(x => JSON.stringify(x) ?? "undefined")`)
	if err != nil {
		b.t.Fatalf("%s: %v", js, err)
	}
	return text
}

// is holds an expression against what it has to be, as JSON.
func (b *liveTab) is(want, js string) {
	b.t.Helper()
	if got := b.get(js); got != want {
		b.t.Errorf("%s\n is %s\nwant %s", strings.TrimSpace(js), got, want)
	}
}

// do runs statements.
func (b *liveTab) do(js string) {
	b.t.Helper()
	if _, err := eval[chromedp.Void](b, `(async () => {`+js+`})()`); err != nil {
		b.t.Fatalf("%s: %v", js, err)
	}
}

// true says that an expression holds now.
func (b *liveTab) true(js string) {
	b.t.Helper()
	b.is("true", `Boolean(`+js+`)`)
}

// wait waits until an expression holds, through reloads as well.
func (b *liveTab) wait(js string) {
	b.t.Helper()
	from := time.Now()
	for {
		ok, err := eval[bool](b, fmt.Sprintf(`new Promise(done => {
			const look = () => { let holds = false; try { holds = Boolean(%s); } catch {} if (holds) done(true); return holds; };
			if (look()) return;
			const timer = setInterval(() => { if (look()) clearInterval(timer); }, 5);
			setTimeout(() => { clearInterval(timer); done(false); }, %d);
		})`, js, livePatience.Milliseconds()))
		if ok {
			return
		}
		if err == nil || time.Since(from) > livePatience {
			b.t.Fatalf("it never came to\n %s\nin %s (%v)", strings.TrimSpace(js),
				b.get(`[location.href, document.documentElement.dataset, document.body.innerText, document.querySelector("gloss-live")?.shadowRoot.textContent]`), err)
		}
	}
}

// after does something to the site, and waits until the tab shows what comes of it, and all of that.
func (b *liveTab) after(change func(), js string) {
	b.t.Helper()
	before := b.get(`Number(document.documentElement.dataset.glossBuild)`)
	change()
	b.wait(fmt.Sprintf(`Number(document.documentElement.dataset.glossBuild) > %s && (%s)`, before, js))
}

// mine marks the document, so that kept can tell whether it is still the same.
func (b *liveTab) mine() { b.t.Helper(); b.do(`document.mine = document.body.mine = true`) }

// kept says that the page was changed in place.
func (b *liveTab) kept() {
	b.t.Helper()
	b.true(`document.mine && document.body.mine`)
}

// click clicks on an element as a hand does: what lies over it gets the click.
func (b *liveTab) click(js string, opts ...chromedp.MouseOption) {
	b.t.Helper()
	at, err := eval[struct {
		X, Y float64
		Why  string
	}](b, `(() => {
		const el = `+js+`;
		if (!el) return {why: "there is no such element"};
		let box = el.getClientRects()[0] ?? el.getBoundingClientRect();
		if (box.top < 0 || box.bottom > innerHeight - 40) el.scrollIntoView({block: "center", behavior: "instant"});
		box = el.getClientRects()[0] ?? el.getBoundingClientRect();
		const X = box.left + Math.min(box.width / 2, 40), Y = box.top + box.height / 2;
		let hit = document.elementFromPoint(X, Y);
		while (hit?.shadowRoot?.elementFromPoint(X, Y) && hit.shadowRoot.elementFromPoint(X, Y) !== hit) hit = hit.shadowRoot.elementFromPoint(X, Y);
		return {X, Y, Why: el.contains(hit) || hit?.contains(el) && !el.matches("button, a") ? "" : "it is hidden by " + hit?.outerHTML};
	})()`)
	b.must(err)
	if at.Why != "" {
		b.t.Fatalf("click on %s: %s", js, at.Why)
	}
	b.must(chromedp.Do(b.ctx, chromedp.MouseClickXY(at.X, at.Y, opts...)))
}

// keys presses one key after the other. Each is one event for the browser, as that of a keyboard is, so that a page that
// has used it up stops all that would come of it.
func (b *liveTab) keys(keys string) {
	b.t.Helper()
	for _, r := range keys {
		events := kb.Encode(r)
		down, up := *events[0], *events[len(events)-1]
		if len(events) > 2 {
			down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
		}
		for _, e := range []input.DispatchKeyEventParams{down, up} {
			_, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, e)
			b.must(err)
		}
	}
}

// prefer sets what the reader asks of pages: "prefers-reduced-motion", "reduce".
func (b *liveTab) prefer(media string, features ...string) {
	b.t.Helper()
	p := emulation.SetEmulatedMediaParams{Media: media}
	for i := 0; i < len(features); i += 2 {
		p.Features = append(p.Features, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, p)
	b.must(err)
}

// picture is a PNG of a width.
func picture(width int) string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 4))); err != nil {
		panic(err) // it is written to memory
	}
	return b.String()
}

// many are numbered paragraphs, each some lines long.
func many(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "Paragraph %d. %s\n\n", i, strings.Repeat("It goes on for a while, as paragraphs do, and says nothing else. ", 3))
	}
	return b.String()
}

// TestLive looks at the preview as its writer does: each story is a site in a folder, a preview of it, and tabs of one
// browser.
func TestLive(t *testing.T) {
	if testing.Short() {
		t.Skip("the browser is left out of short runs")
	}
	t.Parallel()
	ctx := browser(t, dejavu)
	for _, story := range []struct {
		name string
		tell func(t *testing.T, ctx context.Context)
	}{
		{"098_a_paragraph_is_saved", liveParagraph},
		{"the changed paragraph is shown", liveReveal},
		{"the style sheet is saved", liveStyle},
		{"a picture is replaced", livePicture},
		{"facts and titles are changed", liveData},
		{"another page is saved", liveOffer},
		{"another page is saved, and followed", liveFollow},
		{"many tabs are open", liveTabs},
		{"many pages are open", liveMany},
		{"nobody looks at the tab", liveHidden},
		{"the build stops", liveStops},
		{"nothing was ever built", liveNever},
		{"099_findings_are_listed_and_marked", liveFindings},
		{"numbers that nobody checks are listed", liveNumbers},
		{"the editor opens where one points", liveEditor},
		{"the editor is Visual Studio Code", liveCode},
		{"098_a_link_leads_nowhere", liveBroken},
		{"the status line", liveStatus},
		{"the page in a frame of another width", liveWidths},
		{"nothing of it is printed", livePrint},
		{"it can be used by everyone", liveAxe},
		{"the server goes away", liveServer},
		{"files and folders come and go", liveTree},
		{"editors save in many ways", liveSaves},
		{"the site is written from right to left", liveRightToLeft},
	} {
		t.Run(story.name, func(t *testing.T) { story.tell(t, ctx) })
	}
}

// liveParagraph: a save changes the paragraph and nothing else that the writer had.
func liveParagraph(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "---\ntitle: A\n---\n\n"+
		"The first paragraph, which nobody touches.\n\n"+
		"The second has [one link](b.md) and [another](index.md) in it.\n\n"+
		"<details id=\"more\"><summary>More</summary><p>Hidden words.</p></details>\n\n"+
		"<div id=\"pop\" popover>A window over the page.</div>\n\n"+
		"<p><input id=\"typed\" aria-label=\"Words\"></p>\n\n"+
		"```\n"+strings.Repeat("wide ", 100)+"\n```\n\n"+
		"| A | B |\n|---|---|\n| "+strings.Repeat("wide_", 100)+" | b |\n\n"+many(30),
		"content/b.md", "# B\n\nText of B.\n"))
	b := s.open("a/")
	b.mine()
	b.do(`
		P("The first paragraph").mine = P("Paragraph 9.").mine = true;
		document.querySelector("#more").open = true;
		document.querySelector("#pop").showPopover();
		document.querySelector("pre").scrollLeft = 150;
		scroller = P("wide_").closest("table").parentElement;
		scroller.scrollLeft = 70;
		const words = P("Paragraph 9.").firstChild;
		getSelection().setBaseAndExtent(words, 4, words, 12);
		link = P("The second").querySelector("a[href='../b/'], a");
		link.focus({preventScroll: true});
		scrollTo({top: 60, behavior: "instant"});
		await new Promise(requestAnimationFrame);
	`)
	state := `[scrollY, document.querySelector("pre").scrollLeft, scroller.scrollLeft, getSelection().toString(), document.querySelector("#more").open,
		document.querySelector("#pop").matches(":popover-open"), document.querySelector("#typed").value, document.activeElement.textContent]`
	b.is(`[60,150,70,"graph 9.",true,true,"","one link"]`, state)
	b.after(func() { s.edit("content/a.md", "The second has", "The second, as it is now, has") }, `says("as it is now")`)
	b.kept()
	b.is(`[60,150,70,"graph 9.",true,true,"","one link"]`, state)
	b.true(`link === document.activeElement && link.isConnected && P("The first paragraph").mine && P("Paragraph 9.").mine`)
	b.is(`1`, `updates.length`)

	// The link with the focus gets a neighbour before it.
	b.after(func() { s.edit("content/a.md", "has [one link](b.md)", "has [a new link](index.md), [one link](b.md)") }, `says("a new link")`)
	b.kept()
	b.is(`[60,150,70,"graph 9.",true,true,"","one link"]`, state)

	// Typed words, and the focus in them, with the selection that a text field has.
	b.click(`document.querySelector("#typed")`)
	b.is(`false`, `document.querySelector("#pop").matches(":popover-open")`) // as always when one clicks elsewhere
	b.do(`document.querySelector("#pop").showPopover(); document.querySelector("#typed").focus()`)
	b.keys("my words")
	b.do(`scrollTo({top: 90, behavior: "instant"}); document.querySelector("#typed").setSelectionRange(3, 5)`)
	b.after(func() { s.edit("content/a.md", "The first paragraph", "Now the first paragraph") }, `says("Now the first")`)
	b.kept()
	b.is(`[90,150,70,"my words",true,"3-5"]`, `[scrollY, document.querySelector("pre").scrollLeft, scroller.scrollLeft, focused().value,
		document.querySelector("#pop").matches(":popover-open"), focused().selectionStart + "-" + focused().selectionEnd]`)
	// The field itself is saved anew: what was typed wins over what the file says now.
	b.after(func() { s.edit("content/a.md", `aria-label="Words"`, `aria-label="Your words" value="given"`) }, `true`)
	b.is(`["my words","3-5"]`, `[focused().value, focused().selectionStart + "-" + focused().selectionEnd]`)
	// The skip link has led to <main>.
	b.do(`document.querySelector("main").focus({preventScroll: true})`)
	b.after(func() { s.edit("content/a.md", "Now the first paragraph", "At last the first paragraph") }, `says("At last the first")`)
	b.is(`["MAIN","my words"]`, `[document.activeElement.nodeName, document.querySelector("#typed").value]`)

	// Blocks change places, and take along what was done to them. A window that a script has opened stays, too, though no
	// file tells of it.
	b.do(`
		const made = document.createElement("div");
		made.id = "made";
		made.popover = "manual";
		made.textContent = "A preview of a page.";
		document.querySelector("main").append(made);
		made.showPopover();
		pre = document.querySelector("pre");
	`)
	b.true(`pre.compareDocumentPosition(scroller) & Node.DOCUMENT_POSITION_FOLLOWING`)
	text := s.read("content/a.md")
	from, table := strings.Index(text, "```\nwide"), strings.Index(text, "| A | B |")
	rest := strings.Index(text, "Paragraph 1.")
	b.after(func() { s.write("content/a.md", text[:from]+text[table:rest]+text[from:table]+text[rest:]) }, `pre.compareDocumentPosition(scroller) & Node.DOCUMENT_POSITION_PRECEDING`)
	b.is(`[true,true,150,70]`, `[pre.isConnected, scroller.isConnected, pre.scrollLeft, scroller.scrollLeft]`)
	b.true(`document.querySelector("#made").matches(":popover-open")`)
	b.kept()
}

// liveReveal: what was saved comes into view and lights up; what is read stays where it is.
func liveReveal(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "---\ntitle: A\n---\n\n```\n"+strings.Repeat("wide ", 100)+"\n```\n\nWith [a link](b.md).\n\n"+many(60),
		"content/b.md", "# B\n\nText of B.\n"))
	b := s.open("a/")
	b.mine()
	b.do(`document.querySelector("pre").scrollLeft = 150; link = P("With").querySelector("a"); link.focus({preventScroll: true}); scrollTo({top: 0, behavior: "instant"})`)
	b.true(`!inView(P("Paragraph 40."))`)
	b.after(func() { s.edit("content/a.md", "Paragraph 40. It goes", "Paragraph 40. It still goes") }, `says("It still goes")`)
	b.kept()
	b.true(`inView(P("Paragraph 40."))`)
	b.is(`true`, `flashes.length === 1 && flashes[0].startsWith("Paragraph 40. It still")`)
	b.true(`moving.some(a => a.animationName === "js-gloss-flash" && a.effect.target === P("Paragraph 40."))`)
	b.true(`document.activeElement === link`)
	b.is(`150`, `document.querySelector("pre").scrollLeft`)

	// What is in sight already does not move the page, and for those who do not want motion nothing moves at all.
	b.prefer("", "prefers-reduced-motion", "reduce")
	b.do(`P("Paragraph 30.").scrollIntoView({block: "start", behavior: "instant"}); at = scrollY; flashes = []; moving = []`)
	b.true(`inView(P("Paragraph 31."))`)
	b.after(func() { s.edit("content/a.md", "Paragraph 31. It goes", "Paragraph 31. It yet goes") }, `says("It yet goes")`)
	b.is(`[true,1,0]`, `[scrollY === at, flashes.length, moving.length]`)
	b.true(`flashes[0].startsWith("Paragraph 31.")`)
	b.do(`flashes = []`)
	b.after(func() { s.edit("content/a.md", "Paragraph 2. It goes", "Paragraph 2. It also goes") }, `says("It also goes")`)
	b.is(`[true,1,0]`, `[inView(P("Paragraph 2.")), flashes.length, moving.length]`)
	b.prefer("")

	// Text grows above what is read: in the head of the page, and in the title together with a paragraph in sight.
	b.do(`P("Paragraph 30.").scrollIntoView({block: "start", behavior: "instant"}); from = scrollY; at = P("Paragraph 30.").getBoundingClientRect().top`)
	b.after(func() { s.edit("site.toml", `title = "T"`, `title = "`+strings.Repeat("A long title. ", 40)+`"`) }, `says("A long title.")`)
	b.true(`scrollY > from + 50 && Math.abs(P("Paragraph 30.").getBoundingClientRect().top - at) < 1.5`)
	b.do(`from = scrollY; flashes = []`)
	b.after(func() {
		s.edit("content/a.md", "title: A", "title: "+strings.Repeat("As long a title. ", 40), "Paragraph 31. It", "Paragraph 31. It, too,")
	}, `says("As long a title.")`)
	b.true(`scrollY > from + 50 && Math.abs(P("Paragraph 30.").getBoundingClientRect().top - at) < 1.5`)
	b.true(`flashes.length === 1 && flashes[0].startsWith("Paragraph 31. It, too,")`)
	b.kept()
}

// liveStyle: a changed style sheet takes over in one step.
func liveStyle(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "# A\n\nThe first paragraph.\n", "content/b.md", "# B\n\n<p class=\"rare\">Rare.</p>\n",
		"static/style.css", "p { color: rgb(1, 2, 3) }\n"))
	b := s.open("a/")
	b.mine()
	b.do(`
		seen = new Set();
		const look = () => seen.add(getComputedStyle(P("The first")).color);
		const frame = () => { look(); requestAnimationFrame(frame); };
		frame();
		new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
	`)
	b.true(`!document.querySelector("style").sheet.disabled`)
	b.after(func() { s.write("static/style.css", "p { color: rgb(4, 5, 6) }\n") }, `getComputedStyle(P("The first")).color === "rgb(4, 5, 6)"`)
	b.do(`await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame)`)
	b.is(`["rgb(1, 2, 3)","rgb(4, 5, 6)"]`, `[...seen]`)
	b.kept()
	b.true(`[...document.querySelectorAll("style")].every(el => el.sheet.disabled)`)
	b.true(`document.adoptedStyleSheets.some(x => [...x.cssRules].some(r => r.cssText === "p { color: rgb(4, 5, 6); }"))`)
	// Text and style at once, and the style again.
	b.after(func() {
		s.write("static/style.css", "p { color: rgb(7, 8, 9) }\n")
		s.edit("content/a.md", "first paragraph", "first paragraph, changed")
	}, `says("changed") && getComputedStyle(P("The first")).color === "rgb(7, 8, 9)"`)
	b.kept()
	b.is(`["rgb(1, 2, 3)","rgb(4, 5, 6)","rgb(7, 8, 9)"]`, `[...seen]`)

	// A rule for what another page has is no affair of this one.
	b.do(`updates = []`)
	b.after(func() { s.write("static/style.css", "p { color: rgb(7, 8, 9) }\n.rare { color: red }\n") }, `true`)
	b.is(`[]`, `updates`)
	b.kept()
}

// livePicture: a picture is shown as it is now, whether or not the page says anything else.
func livePicture(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "# A\n\nText.\n\n![A picture](beside.png)\n\n<img id=\"own\" alt=\"\" src=\"../own.png\">\n",
		"content/beside.png", picture(20), "static/own.png", picture(30)))
	b := s.open("a/")
	b.mine()
	widths := `[...document.images].map(el => el.complete && el.naturalWidth)`
	b.wait(`String(` + widths + `) === "20,30"`)
	b.after(func() { s.write("content/beside.png", picture(21)) }, `String(`+widths+`) === "21,30"`)
	b.after(func() { s.write("static/own.png", picture(31)) }, `String(`+widths+`) === "21,31"`)
	addresses := `[...document.images].map(el => el.src)`
	before := b.get(addresses)
	b.after(func() { s.edit("content/a.md", "Text.", "Other text.") }, `says("Other text.")`)
	b.is(before, addresses)
	b.is(`[21,31]`, widths)
	b.kept()
}

// liveData: pages follow what they only show.
func liveData(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "# A\n\nThere are [5](fact:n) units, [](fact:m) of them new; see [[b]].\n",
		"content/b.md", "---\ntitle: Bee\n---\n\nText.\n",
		"content/sections/10-q.md", "---\ntitle: What is asked?\nslug: q\nanswer: This.\n---\n\nText.\n",
		"content/data/facts.toml", "[n]\nlabel = \"All units\"\nvalue = 5\nunit = \"units\"\nas_of = \"2024\"\nsource = \"src\"\n\n"+
			"[m]\nlabel = \"New units\"\nvalue = 2\nunit = \"units\"\nas_of = \"2024\"\nsource = \"src\"\n",
		"content/data/sources.json", `[{"id": "src", "type": "webpage", "title": "Source", "URL": "https://example.org/s", "accessed": {"date-parts": [[2024, 1, 1]]}}]`))
	b, table, bee, q := s.open("a/"), s.open("facts/"), s.open("b/"), s.open("q/")
	for _, x := range []*liveTab{b, table, bee, q} {
		x.mine()
	}
	b.after(func() { s.edit("content/data/facts.toml", "value = 2", "value = 3") }, `says("There are 5 units, 3 of them new")`)
	table.wait(`P("New units").closest("tr").textContent.includes("3 units")`)
	b.after(func() { s.edit("content/data/facts.toml", "value = 5", "value = 6") }, `document.querySelector("[data-gloss-mark=error]")`)
	b.after(func() { s.edit("content/a.md", "[5]", "[6]") }, `says("There are 6 units")`)
	b.true(`!document.querySelector("[data-gloss-mark]")`)

	bee.after(func() { s.edit("content/b.md", "Bee", "Wasp") }, `document.title.startsWith("Wasp") && P("Wasp").matches("h1")`)
	b.true(`says("see b.")`)
	b.true(`says("What is asked?")`)
	b.after(func() { s.edit("content/sections/10-q.md", "What is asked?", "Who asks?") }, `says("Who asks?") && !says("What is asked?")`)
	q.wait(`document.querySelector("h1").textContent === "Who asks?"`)
	bee.after(func() { s.edit("content/a.md", "# A\n", "# Another title\n") }, `says("Another title")`)
	for _, x := range []*liveTab{b, table, bee, q} {
		x.kept()
	}
}

// liveOffer: a tab offers a way to the page that was saved.
func liveOffer(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "# A\n\nText.\n", "content/b.md", "---\ntitle: The other\n---\n\n"+many(30)))
	b := s.open("a/")
	b.mine()
	b.after(func() { s.edit("content/b.md", "Paragraph 20. It goes", "Paragraph 20. It still goes") }, `shownUI("#toast")`)
	b.kept()
	b.is("\"Changed: The other\u00a0↗\"", `ui("#toast a").textContent`)
	b.click(`ui("#toast a")`)
	b.wait(`location.pathname === "/x/b/" && document.documentElement.dataset.glossBuild && inView(P("Paragraph 20."))`)
	b.is(`true`, `location.hash === "#" + P("Paragraph 20.").id && P("Paragraph 20.").textContent.includes("still goes")`)
	// Its own save is no reason to offer anything.
	b.after(func() { s.edit("content/b.md", "Paragraph 21. It goes", "Paragraph 21. It still goes") }, `P("Paragraph 21. It still")`)
	b.true(`!shownUI("#toast")`)
}

// liveFollow: with --follow the tab goes there by itself, and stays where it is once it is there.
func liveFollow(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "# A\n\nText.\n", "content/b.md", "---\ntitle: The other\n---\n\n"+many(30)), func(o *serve.Options) { o.Follow = true })
	b := s.open("a/")
	s.edit("content/b.md", "Paragraph 20. It goes", "Paragraph 20. It still goes")
	b.wait(`location.pathname === "/x/b/" && document.documentElement.dataset.glossBuild && inView(P("Paragraph 20."))`)
	b.mine()
	b.do(`scrollBy({top: -50, behavior: "instant"}); at = scrollY`)
	b.after(func() { s.edit("content/b.md", "Paragraph 20. It still", "Paragraph 20. It really") }, `says("It really goes")`)
	b.kept()
	b.true(`scrollY === at`)
	s.edit("content/a.md", "Text", "New text")
	b.wait(`location.pathname === "/x/a/" && document.documentElement.dataset.glossBuild && says("New text")`)
}

// liveTabs: all tabs of a browser share one connection, since it allows no more than six.
func liveTabs(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "# A\n\nText of A.\n", "content/b.md", "# B\n\nText of B.\n"))
	to, err := url.Parse(s.url)
	s.must(err)
	var streams atomic.Int64
	between := httptest.NewServer(&httputil.ReverseProxy{ErrorLog: stdlog.New(io.Discard, "", 0), Rewrite: func(r *httputil.ProxyRequest) {
		if r.In.URL.Path == "/_gloss/events" {
			streams.Add(1)
		}
		r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host
	}})
	t.Cleanup(between.CloseClientConnections)
	s.url = between.URL + to.Path
	var tabs []*liveTab
	for i := range 8 {
		b := s.open([]string{"a/", "b/"}[i%2])
		b.mine()
		tabs = append(tabs, b)
	}
	s.edit("content/a.md", "Text", "The new text")
	s.edit("content/b.md", "Text", "The new text")
	for i, b := range tabs {
		b.wait(`says("The new text of ` + "AB"[i%2:i%2+1] + `.")`)
		b.kept()
	}
	if n := streams.Load(); n != 1 {
		t.Errorf("%d tabs have opened %d connections for events", len(tabs), n)
	}
}

// liveMany: pages in frames follow, several times more than the connections that a browser allows. The server is tried with
// hundreds of listeners in its own tests.
func liveMany(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "# A\n\nText of A.\n", "content/b.md", "# B\n\nText of B.\n"))
	b := s.open("a/")
	b.do(`
		for (let i = 0; i < 40; i++) { // beside <body>, which is patched
			const frame = document.createElement("iframe");
			frame.src = i % 2 ? "../b/" : "../a/";
			document.documentElement.append(frame);
		}
		each = f => [...document.querySelectorAll("iframe")].every((frame, i) => frame.contentDocument?.documentElement?.dataset.glossBuild && f(frame.contentDocument, "AB"[i % 2]));
	`)
	b.wait(`each(d => d.documentElement.dataset.glossState === "watching")`)
	s.edit("content/a.md", "Text", "The new text")
	s.edit("content/b.md", "Text", "The new text")
	b.wait(`says("The new text of A.") && each((d, name) => d.body.textContent.includes("The new text of " + name + "."))`)
}

// windowState changes the window that a tab is in.
func (b *liveTab) windowState(state cdpbrowser.WindowState) {
	b.t.Helper()
	w, err := chromedp.Call(b.ctx, cdpbrowser.GetWindowForTarget, cdpbrowser.GetWindowForTargetParams{})
	b.must(err)
	_, err = chromedp.Call(b.ctx, cdpbrowser.SetWindowBounds, cdpbrowser.SetWindowBoundsParams{WindowID: w.WindowID, Bounds: &cdpbrowser.Bounds{WindowState: state}})
	b.must(err)
}

// liveHidden: a tab that nobody looks at leaves the server alone, and has caught up when somebody does.
func liveHidden(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "# A\n\nText of A.\n", "content/b.md", "# B\n\nText of B.\n"))
	b := s.open("a/", chromedp.WithNewWindow(false))
	b.mine()
	front := s.open("b/", chromedp.WithNewWindow(false))
	_, err := chromedp.Call(b.ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: false})
	b.must(err)
	b.windowState(cdpbrowser.WindowStateMinimized)
	_, err = chromedp.Call(front.ctx, page.BringToFront, cdp.Empty{})
	b.must(err)
	b.wait(`document.visibilityState === "hidden"`)
	asked := b.get(`performance.getEntriesByType("resource").length`)
	front.after(func() { s.edit("content/a.md", "Text", "The new text") }, `shownUI("#toast")`)
	front.after(func() { s.edit("content/b.md", "Text", "The new text") }, `says("The new text of B.")`)
	b.is(`["Text of A.","1",`+asked+`]`, `[P("ext of A.").textContent, document.documentElement.dataset.glossBuild, performance.getEntriesByType("resource").length]`)
	b.windowState(cdpbrowser.WindowStateNormal)
	_, err = chromedp.Call(b.ctx, page.BringToFront, cdp.Empty{})
	b.must(err)
	b.wait(`says("The new text of A.") && document.documentElement.dataset.glossBuild === "3"`)
	b.kept()
}

// liveStops: what cannot be shown lies over the last good page, in the terminal's words.
func liveStops(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "---\ntitle: A\n---\n\nText of A.\n", "content/b.md", "# B\n\n[5](fact:n)\n",
		"content/data/facts.toml", "[n]\nlabel = \"N\"\nvalue = 5\nunit = \"units\"\nas_of = \"2024\"\nsource = \"src\"\n"))
	b, late := s.open("a/"), s.open("")
	b.mine()
	for _, c := range []struct{ file, bad, worse, heading string }{
		{"layouts/plain.html", "<p>\n{{.Nope}}\n", "<p>\n\n{{if}}\n", "The site cannot be built"},
		{"site.toml", "title = \n", "\ntitle = \n", "The site cannot be built"},
		{"content/data/facts.toml", "[n\n", "\n[n\n", "This file cannot be read"},
		{"content/a.md", "---\ntitle: [\n---\n\nText of A, not yet to be seen.\n", "---\ntitle: {\n---\n\nText of A, not yet to be seen.\n", "This file cannot be read"},
	} {
		good, was := "", true
		if _, err := os.Stat(s.path(c.file)); err != nil {
			was = false
		} else {
			good = s.read(c.file)
		}
		stopped := func(text string) {
			t.Helper()
			b.after(func() { s.write(c.file, text) }, `shownUI("#overlay")`)
			b.is(mustJSON(s.log.printed()), `ui("#overlay pre").textContent`)
			if !strings.HasPrefix(s.log.printed(), c.file+":") {
				t.Errorf("about %s the terminal says %s", c.file, s.log.printed())
			}
			b.is(mustJSON(c.heading), `ui("#overlay h2").textContent`)
			b.is(`1`, `[...document.querySelectorAll("main p")].filter(p => p.textContent === "Text of A.").length`)
			b.is(`"alertdialog"`, `ui("#overlay").getAttribute("role")`)
			// What waits for the file is counted there and in the status line.
			n, _, waits := strings.Cut(s.log.printed()[strings.LastIndex(strings.TrimSpace(s.log.printed()), "\n")+1:], " finding")
			badge := "1 error"
			if waits {
				badge += " +" + n + " waiting"
			}
			b.is(mustJSON(badge), `ui("#badge").textContent`)
			if waits == strings.HasPrefix(c.file, "layouts/") { // no link leads to a layout
				t.Errorf("of what waits for %s the terminal says %s", c.file, s.log.printed())
			}
		}
		stopped(c.bad)
		b.keys(kb.Escape)
		b.true(`!shownUI("#overlay")`)
		stopped(c.worse)
		// Whoever comes now sees the same.
		late.goTo(s.url + "a/")
		late.is(mustJSON(s.log.printed()), `shownUI("#overlay") && ui("#overlay pre").textContent`)
		late.true(`says("Text of A.")`)
		b.after(func() {
			if was {
				s.write(c.file, good)
			} else {
				s.must(os.Remove(s.path(c.file)))
			}
		}, `!shownUI("#overlay")`)
		b.is(`1`, `[...document.querySelectorAll("main p")].filter(p => p.textContent === "Text of A.").length`)
	}
	b.kept()
	// Several at once are told in one text, in the order of the terminal.
	b.after(func() {
		s.write("layouts/plain.html", "{{.Nope}}\n{{.Nor}}\n")
	}, `shownUI("#overlay")`)
	b.is(mustJSON(s.log.printed()), `ui("#overlay pre").textContent`)
	if n := strings.Count(s.log.printed(), "layouts/plain.html:"); n != 2 {
		t.Errorf("the terminal names %d places: %s", n, s.log.printed())
	}
	// Its places open the file.
	b.click(`[...uis("#overlay pre button")].at(-1)`)
	s.editorHas("layouts/plain.html:2:3")
	b.after(func() { s.must(os.RemoveAll(s.path("layouts"))) }, `!shownUI("#overlay")`)
	// The editor is the one of the last site.toml that could be read.
	b.after(func() { s.write("site.toml", "title = \n") }, `shownUI("#overlay")`)
	b.click(`ui("#overlay pre button")`)
	s.editorHas("site.toml:1:1")
}

// liveNever: where nothing was ever built, every address says why, and becomes the page when it can.
func liveNever(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "# A\n\nText of A.\n", "layouts/plain.html", "<p>\n{{.Nope}}\n", "layouts/page.html", "{{template \"plain.html\" .}}"))
	var tabs []*liveTab
	for _, at := range []string{"", "a/", "no/such/page/"} {
		b := s.open(at)
		b.allow("status of 500")
		b.wait(`shownUI("#overlay")`)
		b.is(mustJSON(s.log.printed()), `ui("#overlay pre").textContent`)
		b.keys(kb.Escape)
		b.true(`shownUI("#overlay")`) // there is nothing below it
		tabs = append(tabs, b)
	}
	s.must(os.RemoveAll(s.path("layouts")))
	for i, want := range []string{"See a.", "Text of A.", "404"} {
		b := tabs[i]
		if want != "404" {
			b.wait(`document.documentElement.dataset.glossBuild && says("` + want + `") && !shownUI("#overlay")`)
			continue
		}
		b.wait(`document.documentElement.dataset.glossBuild && document.querySelector("main h1") && !shownUI("#overlay")`)
		b.allow("status of 404")
	}
}

// counted is a site in which a number of two pages contradicts its record.
func counted() map[string]string {
	return smallSite("content/a.md", "---\ntitle: A\n---\n\n## A heading\n\n"+many(20)+"There are [5](fact:n) units.\n\n![[b]]\n\nSee [[b]] as well.\n",
		"content/b.md", "# B\n\nText of B says [4](fact:n) units.\n",
		"content/data/facts.toml", "[n]\nlabel = \"All units\"\nvalue = 6\nunit = \"units\"\nas_of = \"2024\"\nsource = \"src\"\n\n"+
			"[m]\nlabel = \"New units\"\nvalue = 2\nunit = \"units\"\nas_of = \"2024\"\nsource = \"src\"\n",
		"content/data/sources.json", `[{"id": "src", "type": "webpage", "title": "Source", "URL": "https://example.org/s", "accessed": {"date-parts": [[2024, 1, 1]]}}]`)
}

// line is the line of a file in which words stand.
func (s *liveSite) line(name, words string) int {
	s.t.Helper()
	before, _, ok := strings.Cut(s.read(name), words)
	if !ok {
		s.t.Fatalf("%s does not say %q", name, words)
	}
	return strings.Count(before, "\n") + 1
}

// liveFindings: what a build found is counted, listed, marked in the page, and gone when it is mended.
func liveFindings(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, counted())
	b := s.open("a/")
	b.mine()
	b.is(`"2 errors"`, `ui("#badge").textContent`)
	at := fmt.Sprintf("content/a.md:%d:12", s.line("content/a.md", "There are [5]"))
	b.is(`["There are 5 units."]`, `[...document.querySelectorAll("[data-gloss-mark=error]")].map(el => el.textContent)`)
	b.is(`1`, `uis("#marks button").length`)

	b.do(`ui("#badge").focus(); flashes = []`)
	b.keys(kb.Enter)
	b.true(`shownUI("#list") && focused().matches("li")`)
	b.true(`focused().textContent.includes("` + at + `")`)
	b.is(`["On this page","/b/"]`, `uis("#list h3").map(el => el.textContent)`)
	b.keys(kb.ArrowDown)
	b.true(`focused().textContent.includes("content/b.md:3:17")`)
	b.keys(kb.ArrowUp)
	b.true(`!inView(P("There are 5"))`)
	b.keys(kb.Enter)
	b.true(`inView(P("There are 5"))`)
	b.wait(`String(flashes) === "There are 5 units."`)
	b.click(`uis("#list li button").find(el => el.textContent === "Open file")`)
	s.editorHas(at)
	b.keys(kb.Escape)
	b.is(`[false,"badge"]`, `[shownUI("#list"), focused().id]`)

	// The mark beside the block leads to the entry.
	b.wait(`!ui("#marks button").hidden && inView(ui("#marks button"))`)
	b.true(`Math.abs(ui("#marks button").getBoundingClientRect().top - P("There are 5").getBoundingClientRect().top) < 30`)
	b.click(`ui("#marks button span")`)
	b.true(`shownUI("#list") && focused().textContent.includes("` + at + `")`)

	// The list and the mark follow what is mended.
	b.after(func() { s.edit("content/a.md", "[5]", "[6]") }, `!document.querySelector("[data-gloss-mark]")`)
	b.is(`"1 error"`, `ui("#badge").textContent`)
	b.is(`[0,["/b/"]]`, `[uis("#marks button").length, uis("#list h3").map(el => el.textContent)]`)
	b.after(func() { s.edit("content/b.md", "[4]", "[6]") }, `ui("#badge").textContent === "no findings"`)
	b.is(`0`, `uis("#list li").length`)
	b.kept()
	// A finding of another page is a way to it.
	b.after(func() { s.edit("content/b.md", "[6]", "[7]") }, `ui("#badge").textContent === "1 error"`)
	b.click(`ui("#list li a")`)
	b.wait(`location.pathname === "/x/b/" && document.documentElement.dataset.glossBuild && location.hash === "#" + P("Text of B").id`)
	b.is(`["Text of B says 7 units."]`, `[...document.querySelectorAll("[data-gloss-mark=error]")].map(el => el.textContent)`)
}

// liveEditor: Alt and a click open what is under the pointer, wherever it was written.
func liveEditor(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, counted())
	b := s.open("a/")
	alt := chromedp.ButtonModifiers(chromedp.ModifierAlt)
	in := func(file, words string, column int) string {
		t.Helper()
		return fmt.Sprintf("%s:%d:%d", file, s.line(file, words), column)
	}
	b.click(`P("Paragraph 7.")`, alt)
	s.editorHas(in("content/a.md", "Paragraph 7.", 1))
	b.click(`P("A heading")`, alt)
	s.editorHas(in("content/a.md", "## A heading", 1))
	b.click(`P("Text of B")`, alt)
	s.editorHas(in("content/b.md", "Text of B", 1))
	// A link is not followed then, and with the keyboard it is the letter E.
	b.click(`P("See b").querySelector("a")`, alt)
	s.editorHas(in("content/a.md", "See [[b]]", 1))
	b.true(`clicked.target.matches("a") && clicked.defaultPrevented`) // else the browser would save what it leads to
	b.do(`P("There are").querySelector("a").focus()`)
	b.keys("e")
	s.editorHas(in("content/a.md", "There are", 1))
	b.is(`"/x/a/"`, `location.pathname`)
	// After a save the places are those of the new text.
	b.after(func() { s.edit("content/a.md", "## A heading", "A new paragraph.\n\nAnd another.\n\n## A heading") }, `says("And another.")`)
	b.click(`P("Paragraph 7.")`, alt)
	s.editorHas(in("content/a.md", "Paragraph 7.", 1))

	b.goTo(s.url + "facts/")
	b.click(`P("New units").closest("tr").querySelector("td:nth-of-type(2)")`, alt)
	s.editorHas(in("content/data/facts.toml", "[m]", 2))
}

// liveCode: an editor with an address of its own is started by the browser.
func liveCode(t *testing.T, ctx context.Context) {
	x := counted()
	x["site.toml"] = "editor = \"vscode\"\n" + x["site.toml"]
	s := serveSite(t, ctx, x)
	b := s.open("a/")
	// A browser without a screen takes no more input after an address that it cannot show: hold it back.
	b.do(`
		went = []; answers = [];
		const real = fetch;
		fetch = async (...with_) => { const answer = await real(...with_); if (with_[1]?.method === "POST") answers.push(await answer.clone().json()); return answer; };
		addEventListener("click", event => {
			const link = event.composedPath()[0];
			if (link.protocol === "vscode:") { event.preventDefault(); went.push(link.href); }
		}, true);
	`)
	b.click(`P("Paragraph 7.")`, chromedp.ButtonModifiers(chromedp.ModifierAlt))
	want := mustJSON(fmt.Sprintf("vscode://file%s:%d:1", s.path("content/a.md"), s.line("content/a.md", "Paragraph 7.")))
	b.wait(`went.length`)
	b.is(`[[`+want+`],[{"file":"content/a.md","url":`+want+`}]]`, `[went, answers]`)
}

// liveBroken: a link that leads nowhere says so, and can make its page.
func liveBroken(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "# A\n\nFrom [[Camp Taji]] to [[Camp Two]], by way of [[Camp Victry]] and [[?Camp Nine]].\n",
		"content/terms/victory-base.md", "---\ntitle: Camp Victory\nsummary: A camp.\n---\n"))
	b := s.open("a/")
	b.mine()
	link := func(words string) string {
		return `[...document.querySelectorAll("main p:not(.meta) *")].find(el => el.children.length === 0 && el.textContent === "` + words + `")`
	}
	b.is(`["Camp Taji","Camp Two","Camp Victry"]`, `[...document.querySelectorAll("[data-gloss-broken]")].map(el => el.textContent)`)
	b.is(`["rgb(155, 28, 28)","dashed",0,"button",false]`, `(el => { const style = getComputedStyle(el); return [style.color, style.textDecorationStyle, el.tabIndex, el.getAttribute("role"), el.matches("a[href]")]; })(`+link("Camp Taji")+`)`)
	b.true(`!` + link("Camp Nine") + ` && says("and Camp Nine.")`)

	// What may have been meant.
	b.click(link("Camp Victry"))
	b.true(`shownUI("#menu") && ui("#menu").textContent.startsWith('no page is called "Camp Victry"') && ui("#menu").textContent.includes("Did you mean [[Camp Victory]]?")`)
	b.keys(kb.Escape)
	b.true(`!shownUI("#menu")`)

	// A page, by a click.
	b.click(link("Camp Taji"))
	b.true(`shownUI("#menu") && ui("#menu").textContent.startsWith('no page is called "Camp Taji"')`)
	b.after(func() { b.click(`ui("#menu [data-create='content/camp-taji.md']")`) }, link("Camp Taji")+`.closest("a[href='../camp-taji/']")`)
	s.editorHas("content/camp-taji.md:2:1")
	if got := s.read("content/camp-taji.md"); got != "---\ntitle: \"Camp Taji\"\n---\n\n" {
		t.Errorf("the new page is %q", got)
	}
	b.true(`!shownUI("#menu")`)

	// A term, by keyboard.
	b.do(link("Camp Two") + `.focus()`)
	b.keys(kb.Enter)
	b.true(`shownUI("#menu") && ui("#menu").contains(focused())`)
	b.keys(kb.ArrowDown)
	b.is(`"content/terms/camp-two.md"`, `focused().dataset.create`)
	b.after(func() { b.keys(kb.Enter) }, link("Camp Two")+`.closest("a[href='../terms/camp-two/']")`)
	s.editorHas("content/terms/camp-two.md:2:1")
	if got := s.read("content/terms/camp-two.md"); got != "---\ntitle: \"Camp Two\"\nsummary:\n---\n\n" {
		t.Errorf("the new term is %q", got)
	}
	b.is(`["A","Camp Two"]`, `[document.activeElement.nodeName, document.activeElement.textContent]`)

	// What is only planned, from the list.
	b.click(`ui("#badge")`)
	b.after(func() { b.click(`ui("#list [data-create='content/camp-nine.md']")`) }, link("Camp Nine")+`?.closest("a[href='../camp-nine/']")`)
	s.editorHas("content/camp-nine.md:2:1")
	b.true(`!uis("#list h3").some(el => el.textContent.startsWith("Planned"))`)
	b.kept()
}

// liveNumbers: the numbers of the page that no record checks stand below the findings, each with the record that it may be.
func liveNumbers(t *testing.T, ctx context.Context) {
	x := counted()
	x["content/a.md"] = "# A\n\nThe dam has 83 gates [@src].\n"
	s := serveSite(t, ctx, x)
	b := s.open("a/")
	b.click(`ui("#badge")`)
	number := `uis("#list h3").find(el => el.textContent === "Numbers that nobody checks").nextElementSibling`
	b.is(`["no record checks the number \"83\"","record it in content/data/facts.toml, then link it: [83](fact:id)"]`,
		`[`+number+`.querySelector(".message").textContent, `+number+`.querySelector(".hint").textContent]`)
	b.click(`[...` + number + `.querySelectorAll("button")].find(el => el.textContent === "Open file")`)
	s.editorHas("content/a.md:3:13")
	// Once it is linked, nothing is left to say of it.
	b.after(func() { s.edit("content/a.md", "83 gates", "many gates") }, `!uis("#list h3").some(el => el.textContent.startsWith("Numbers"))`)
}

// liveStatus: the line at the foot says what is going on, and can be folded away.
func liveStatus(t *testing.T, ctx context.Context) {
	x := counted()
	x["content/a.md"] = "# A\n\nOne two three four [@src].\n\nFive six seven [[d]].\n"
	x["content/b.md"] = "# B\n"
	x["content/d.md"] = "---\ntitle: D\ndraft: true\n---\n\n" + strings.Repeat("word ", 500) + "\n"
	s := serveSite(t, ctx, x)
	b := s.open("a/")
	b.must(chromedp.Do(b.ctx, chromedp.EmulateViewport(1200, 700)))
	line := `[...ui("#status").children].filter(el => el.getClientRects().length).map(el => el.innerText.replace(/\s+/g, " ").trim()).filter(Boolean).join(", ").replace(/ [\d.]+ ms/, "")`
	b.is(`"watching, build 1 ·, 8 words · 1 min, 50 % of paragraphs cited, 1 warning, 320 768 1280 full"`, line)
	b.after(func() { s.edit("content/a.md", "Five", "And five") }, line+`.includes("9 words")`)
	b.is(`"watching, build 2 ·, 9 words · 1 min, 50 % of paragraphs cited, 1 warning, 320 768 1280 full"`, line)
	b.goTo(s.url + "d/")
	b.is(`"watching, build 2 ·, 500 words · 2 min, 0 % of paragraphs cited, DRAFT, 1 warning, 320 768 1280 full"`, line)

	// Folded, it stays so on the next page.
	b.true(`getComputedStyle(document.documentElement).paddingBottom === "38px"`)
	b.click(`ui("#fold")`)
	b.is(`[true,false,"false","0px"]`, `[ui("#status").matches(".dot"), shownUI("#badge"), ui("#fold").ariaExpanded, getComputedStyle(document.documentElement).paddingBottom]`)
	b.goTo(s.url + "a/")
	b.is(`[true,false]`, `[ui("#status").matches(".dot"), shownUI("#badge")]`)
	b.click(`ui("#fold")`)
	b.is(`[false,true]`, `[ui("#status").matches(".dot"), shownUI("#badge")]`)
}

// liveWidths: the frame is the page at another width, as live as the page.
func liveWidths(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "# A\n\nText of A, see [[b]].\n\n"+many(20), "content/b.md", "# B\n\nText of B.\n"))
	b := s.open("a/")
	b.mine()
	for _, width := range []string{"320", "768", "1280"} {
		b.click(`ui("button[data-width='` + width + `']")`)
		b.wait(`ui("#frame iframe").contentDocument.documentElement.dataset.glossBuild`)
		b.is(width, `ui("#frame iframe").contentWindow.innerWidth`)
		b.is(`["`+width+`"]`, `uis("[data-width][aria-pressed=true]").map(el => el.dataset.width)`)
		b.true(`ui("#frame").getBoundingClientRect().bottom <= ui("#status").getBoundingClientRect().top + 1`)
	}
	b.do(`inner = ui("#frame iframe").contentWindow; inner.mine = inner.document.mine = true`)
	b.after(func() { s.edit("content/a.md", "Text of A", "New text of A") }, `inner.document.body.textContent.includes("New text of A")`)
	b.wait(`inner.document.documentElement.dataset.glossBuild === "2"`)
	b.true(`inner.mine && inner.document.mine && !inner.document.querySelector("gloss-live").shadowRoot.querySelector("#status")`)
	// From there to another page, and back to the window's width with it.
	b.do(`inner.document.querySelector("main a[href='../b/']").click()`)
	b.wait(`ui("#frame iframe").contentWindow.location.pathname === "/x/b/" && ui("#frame iframe").contentDocument.documentElement.dataset.glossBuild`)
	b.wait(`ui("#status").textContent.includes("3 words")`)
	b.click(`ui("button[data-width=full]")`)
	b.wait(`location.pathname === "/x/b/" && document.documentElement.dataset.glossBuild && !shownUI("#frame")`)
	// The frame of the same page leaves the page as it was.
	b.mine()
	b.click(`ui("button[data-width='768']")`)
	b.wait(`ui("#frame iframe").contentDocument.documentElement.dataset.glossBuild`)
	b.click(`ui("button[data-width=full]")`)
	b.true(`!shownUI("#frame") && !document.body.inert`)
	b.kept()
	b.true(`says("Text of B.")`)
}

// livePrint: on paper there is the page alone.
func livePrint(t *testing.T, ctx context.Context) {
	x := counted()
	x["content/a.md"] += "\nTo [[Camp Taji]].\n"
	s := serveSite(t, ctx, x)
	b := s.open("a/")
	b.click(`ui("#badge")`)
	look := `[document.querySelector("gloss-live").getClientRects().length + uis("*").filter(el => el.getClientRects().length).length > 0, getComputedStyle(document.documentElement).paddingBottom !== "0px",
		getComputedStyle(document.querySelector("[data-gloss-mark]")).backgroundImage !== "none", getComputedStyle(document.querySelector("[data-gloss-broken]")).textDecorationStyle === "dashed"]`
	b.is(`[true,true,true,true]`, look)
	b.prefer("print")
	b.is(`[false,false,false,false]`, look)
	b.prefer("")
	b.is(`[true,true,true,true]`, look)
}

// liveAxe: the parts of the preview have the marks of what they are, and enough contrast.
func liveAxe(t *testing.T, ctx context.Context) {
	axe := axeCore(t)
	x := counted()
	x["content/a.md"] += "\nTo [[Camp Taji]] and [[?Camp Nine]].\n"
	s := serveSite(t, ctx, x)
	b := s.open("a/")
	if _, err := eval[chromedp.Void](b, axe); err != nil {
		t.Fatal(err)
	}
	// axe cannot tell what lies behind our words, since their host has no size; every box of ours has a plain ground.
	b.do(`
		light = colour => {
			const [r, g, b] = colour.match(/[\d.]+/g).map(x => colour.startsWith("color(srgb ") ? +x : x / 255).map(x => x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
			return .2126 * r + .7152 * g + .0722 * b;
		};
		faint = () => {
			const bad = [], words = [];
			for (const el of [...uis("*"), ...document.querySelectorAll("[data-gloss-broken]")]) {
				if (!el.getClientRects().length || ![...el.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
				let ground = el;
				while (ground && !/^rgb\(/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
				const [a, b] = [getComputedStyle(el).color, getComputedStyle(ground ?? document.documentElement).backgroundColor].map(light);
				const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
				if (el.closest("[aria-live]") || el.localName === "i") continue;
				words.push(el);
				if (!ground || !(ratio >= 4.5)) bad.push("contrast " + ratio + " of " + el.outerHTML + ": " + getComputedStyle(el).color + " on " + getComputedStyle(ground ?? document.documentElement).backgroundColor);
			}
			return words.length > 10 ? bad : [...bad, "there are few words"];
		};
	`)
	look := func(what string) {
		t.Helper()
		for _, scheme := range []string{"light", "dark"} {
			b.prefer("", "prefers-color-scheme", scheme)
			found, err := eval[[]string](b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"], rules: {region: {enabled: false}, "color-contrast": {enabled: false}}}).then(r => [
				...r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.html + " " + n.failureSummary).join(" | ")),
				...(r.passes.some(p => p.nodes.some(n => Array.isArray(n.target[0]))) ? [] : ["axe saw nothing of ours"]), ...faint()])`)
			b.must(err)
			for _, f := range found {
				t.Errorf("%s, %s: %s", what, scheme, f)
			}
		}
	}
	b.click(`ui("#badge")`)
	b.true(`shownUI("#list")`)
	look("the list")
	b.keys(kb.Escape)
	b.click(`document.querySelector("[data-gloss-broken]")`)
	b.true(`shownUI("#menu")`)
	look("the menu")
	b.keys(kb.Escape)
	b.after(func() { s.edit("content/b.md", "Text", "New text") }, `shownUI("#toast")`)
	b.do(`ui("#marks button").focus()`)
	b.true(`shownUI("#tip")`)
	look("the note and the tip")
	b.do(`focused().blur()`)
	b.after(func() { s.write("layouts/plain.html", "{{.Nope}}") }, `shownUI("#overlay")`)
	look("the overlay")
}

// liveServer: a tab sees that the preview is gone, and catches up when it is back.
func liveServer(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, counted())
	b, idle := s.open("a/"), s.open("b/")
	b.mine()
	idle.mine()
	alt := chromedp.ButtonModifiers(chromedp.ModifierAlt)
	first := s.url
	s.stop()
	b.wait(`document.documentElement.dataset.glossState === "disconnected" && ui("#status .live.off")?.textContent === "disconnected"`)
	s.edit("content/a.md", "Paragraph 1. It", "Paragraph 1. Meanwhile it")
	b.click(`P("Paragraph 2.")`, alt)
	b.wait(`shownUI("#toast") && ui("#toast").textContent === "The server does not answer. Is gloss serve still running?"`)
	b.allow("net::ERR_CONNECTION_REFUSED")
	b.true(`!says("Meanwhile")`)

	s.start()
	if s.url != first {
		t.Fatalf("the preview is at %s now, it was at %s", s.url, first)
	}
	b.do(`dispatchEvent(new Event("online"))`)
	b.wait(`says("Meanwhile") && document.documentElement.dataset.glossState === "watching"`)
	idle.wait(`document.documentElement.dataset.glossState === "watching"`)
	b.click(`P("Paragraph 2.")`, alt)
	s.editorHas(fmt.Sprintf("content/a.md:%d:1", s.line("content/a.md", "Paragraph 2.")))
	b.after(func() { s.edit("content/a.md", "Paragraph 3. It", "Paragraph 3. Then it") }, `says("Then it")`)
	b.kept()
	// A page that did not change while the preview was away has its new token, too.
	idle.click(`P("Text of B")`, alt)
	s.editorHas("content/b.md:3:1")
	idle.kept()
}

// liveTree: whatever happens to the files, the open tab is right, and nobody starts anything again.
func liveTree(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/notes/n.md", "# N\n\nText of N.\n", "content/notes/m.md", "# M\n\nSee [[n]].\n", "content/a.md", "# A\n\nSee [[m]].\n"))
	b := s.open("notes/n/")
	b.mine()
	missing := `document.querySelector("h1").textContent === "Page not found"`
	b.after(func() { s.must(os.Remove(s.path("content/notes/n.md"))) }, missing)
	b.allow("status of 404")
	b.after(func() { s.write("content/notes/n.md", "# N\n\nIt is back.\n") }, `says("It is back.")`)
	b.after(func() { s.must(os.RemoveAll(s.path("content/notes"))) }, missing)
	b.allow("status of 404")
	b.after(func() { s.write("content/notes/n.md", "# N\n\nThe folder is back.\n") }, `says("The folder is back.")`)
	b.after(func() { s.must(os.Rename(s.path("content/notes"), s.path("content/papers"))) }, missing)
	b.allow("status of 404")
	b.kept()
	b.goTo(s.url + "papers/n/")
	b.mine()
	b.after(func() { s.edit("content/papers/n.md", "is back", "has another name") }, `says("The folder has another name.")`)
	b.after(func() { s.write("layouts/plain.html", "{{.Nope}}") }, `shownUI("#overlay") && says("another name")`)
	b.after(func() { s.must(os.RemoveAll(s.path("layouts"))) }, `!shownUI("#overlay") && says("another name")`)
	b.kept()
	s.edit("site.toml", "/x/", "/y/z/")
	b.wait(`location.pathname === "/y/z/papers/n/" && document.documentElement.dataset.glossBuild && says("another name")`)
	b.mine()
	b.after(func() { s.edit("content/papers/n.md", "another name", "another address") }, `says("another address")`)
	b.kept()
}

// liveSaves: however an editor saves, the page changes once, and to the whole text.
func liveSaves(t *testing.T, ctx context.Context) {
	s := serveSite(t, ctx, smallSite("content/a.md", "# A\n\nThe text number 0 of this page, which is long enough to have a middle.\n\nIts last paragraph is number 0.\n",
		"content/z.md", "# Z\n\nText 0.\n"))
	b := s.open("a/")
	b.mine()
	b.do(`
		seen = new Set();
		texts = () => [...document.querySelectorAll("main > h1, main > p:not(.meta)")].map(el => el.textContent).join("|");
		new MutationObserver(() => seen.add(texts())).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
	`)
	// Between the pieces the preview has time to look at what is there.
	piece := func(flag int, parts ...string) {
		f, err := os.OpenFile(s.path("content/a.md"), flag|os.O_WRONLY, 0o644)
		s.must(err)
		for _, x := range parts {
			r, err := http.Get(s.url)
			s.must(err)
			r.Body.Close()
			_, err = f.WriteString(x)
			s.must(err)
		}
		s.must(f.Close())
	}
	n := 0
	for _, way := range []struct {
		name string
		save func(text string)
	}{
		{"written in place", func(text string) {
			piece(0, text)
			s.must(os.Truncate(s.path("content/a.md"), int64(len(text))))
		}},
		{"cut and written", func(text string) { piece(os.O_TRUNC, text) }},
		{"cut and written in pieces", func(text string) { piece(os.O_TRUNC, text[:20], text[20:40], text[40:]) }},
		{"renamed over", func(text string) {
			s.write("content/.a.md.swp", "swap")
			s.write("content/a.md.tmp", text)
			s.must(os.Rename(s.path("content/a.md.tmp"), s.path("content/a.md")))
			s.must(os.Remove(s.path("content/.a.md.swp")))
		}},
		{"as vim does", func(text string) {
			s.write("content/4913", "")
			s.must(os.Remove(s.path("content/4913")))
			s.must(os.Rename(s.path("content/a.md"), s.path("content/a.md~")))
			piece(os.O_CREATE|os.O_EXCL, text)
			s.must(os.Remove(s.path("content/a.md~")))
		}},
		{"deleted and made again", func(text string) {
			s.must(os.Remove(s.path("content/a.md")))
			s.write("content/a.md", text)
		}},
		{"metadata, then renamed", func(text string) { // iA Writer
			s.must(os.Chmod(s.path("content/a.md"), 0o600))
			s.write("content/.a.md.new", text)
			s.must(os.Chmod(s.path("content/.a.md.new"), 0o600))
			s.must(os.Rename(s.path("content/.a.md.new"), s.path("content/a.md")))
		}},
		{"through a folder beside it", func(text string) { // macOS
			s.write("content/a.md.sb-1234-abcd/a.md", text)
			s.must(os.Rename(s.path("content/a.md.sb-1234-abcd/a.md"), s.path("content/a.md")))
			s.must(os.Remove(s.path("content/a.md.sb-1234-abcd")))
		}},
		{"as JetBrains does", func(text string) {
			s.write("content/a.md___jb_tmp___", text)
			s.must(os.Rename(s.path("content/a.md"), s.path("content/a.md___jb_old___")))
			s.must(os.Rename(s.path("content/a.md___jb_tmp___"), s.path("content/a.md")))
			s.must(os.Remove(s.path("content/a.md___jb_old___")))
		}},
		{"saved twice", func(text string) { piece(os.O_TRUNC, text); piece(os.O_TRUNC, text) }},
	} {
		t.Run(way.name, func(t *testing.T) {
			b.t = t
			for try := 1; ; try++ {
				n++
				b.do(`updates = []; seen = new Set([texts()])`)
				was := b.get(`texts()`)
				// Longer and shorter in turn.
				text := fmt.Sprintf("# A\n\nThe text number %d of this page, which is%s long enough to have a middle.\n\nIts last paragraph is number %d.\n", n, strings.Repeat(" very", n%2*5), n)
				var took time.Duration
				b.after(func() {
					from := time.Now()
					way.save(text)
					took = time.Since(from)
				}, fmt.Sprintf(`says("paragraph is number %d")`, n))
				// Whatever else the save set off is there by the time that another one is.
				b.after(func() { s.write("content/z.md", fmt.Sprintf("# Z\n\nText %d.\n", n)) }, `true`)
				if took > 30*time.Millisecond && try < 20 {
					continue // this machine has other things to do: no editor takes that long, and the preview need not wait for it
				}
				now := strings.ReplaceAll(strings.TrimPrefix(strings.TrimSuffix(text, "\n"), "# "), "\n\n", "|")
				b.is(`[`+was+`,`+mustJSON(now)+`]`, `[...seen]`)
				b.is(`1`, `updates.length`)
				b.kept()
				return
			}
		})
	}
	b.t = t
}

// liveRightToLeft: the page's direction is not that of the preview.
func liveRightToLeft(t *testing.T, ctx context.Context) {
	x := counted()
	x["site.toml"] = "language = \"ar\"\n" + x["site.toml"]
	x["content/a.md"] += "\nTo [[Camp Taji]].\n"
	s := serveSite(t, ctx, x)
	b := s.open("a/")
	b.mine()
	b.is(`["rtl","ltr"]`, `[getComputedStyle(document.body).direction, getComputedStyle(ui("#ui")).direction]`)
	inside := `uis("#status, #badge, #fold, #widths, #list, #menu, #toast, #overlay .panel, #tip, #marks button").filter(el => el.getClientRects().length).filter(el => { const box = el.getBoundingClientRect(); return box.left < 0 || box.right > document.documentElement.clientWidth + 1; }).map(el => el.id || el.outerHTML)`
	for _, width := range []int64{1000, 390} {
		b.must(chromedp.Do(b.ctx, chromedp.EmulateViewport(width, 700)))
		b.click(`document.querySelector("[data-gloss-broken]")`)
		b.true(`shownUI("#menu") && shownUI("#status") && shownUI("#marks button")`)
		b.is(`[]`, inside)
		b.keys(kb.Escape)
		b.click(`ui("#badge")`)
		b.true(`shownUI("#list")`)
		b.is(`[]`, inside)
		b.keys(kb.Escape)
		b.is(`0`, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
	}
	b.must(chromedp.Do(b.ctx, chromedp.EmulateViewport(1000, 700)))
	b.after(func() { s.edit("content/a.md", "Paragraph 15. It", "Paragraph 15. Now it") }, `says("Paragraph 15. Now it")`)
	b.true(`inView(P("Paragraph 15."))`)
	b.after(func() { s.edit("content/b.md", "Text of B", "New text of B") }, `shownUI("#toast")`)
	b.is(`[]`, inside)
	b.kept()
	b.after(func() { s.write("layouts/plain.html", "{{.Nope}}") }, `shownUI("#overlay")`)
	b.is(`[]`, inside)
}

// mustJSON writes a text as the page does.
func mustJSON(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		panic(err) // it is a text
	}
	return strings.TrimSpace(b.String())
}

var _ = []any{cmp.Diff}
