package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/serve"
	"gloss/generator/site"
)

// need ends a test whose tool is missing: as a skip that says so, or as a failure where the test command has promised
// that everything is there.
func need(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("GLOSS_NEEDS_ALL") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// browser starts a headless Chromium with the fonts of a set and returns the context of its first tab.
func browser(t *testing.T, fonts *fontSet) context.Context {
	t.Helper()
	found := ""
	// The shell is Chromium without windows, and needs half the time.
	for _, name := range []string{"chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			found = p
			break
		}
	}
	if found == "" {
		need(t, "there is no Chromium; the test command installs one")
	}
	// Keeping each page that is left, to go back to it, costs a process for every page and doubles the time of the tests.
	opts := []chromedp.ExecAllocatorOption{chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-features", "BackForwardCache"), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.UserDataDir(t.TempDir()), chromedp.ExecPath(found), chromedp.Env(fonts.environment(t))}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", found, err)
	}
	return ctx
}

// npmPack fetches an npm package and calls visit for each of its files, named below the package's folder, until visit
// says that it has seen enough.
func npmPack(t *testing.T, pkg string, visit func(name string, text []byte) (more bool)) {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		need(t, "there is no npm; the test command installs it")
	}
	dir := t.TempDir()
	c := exec.Command(npm, "pack", "--silent", "--pack-destination", dir, pkg)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		need(t, "npm pack %s: %v\n%s", pkg, err, out)
	}
	packs, _ := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if len(packs) != 1 {
		t.Fatalf("npm pack %s left %d files", pkg, len(packs))
	}
	f, err := os.Open(packs[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		name, ok := strings.CutPrefix(path.Clean(h.Name), "package/")
		if !ok || h.Typeflag != tar.TypeReg || !fs.ValidPath(name) {
			continue
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if !visit(name, text) {
			return
		}
	}
}

// axe is the script that looks a page over for readers with disabilities, fetched when the first test needs it.
var axe struct {
	sync.Mutex
	script string
}

func axeCore(t *testing.T) string {
	t.Helper()
	axe.Lock()
	defer axe.Unlock()
	if axe.script == "" {
		npmPack(t, "axe-core@4.14.1", func(name string, text []byte) bool {
			if name == "axe.min.js" {
				axe.script = string(text)
			}
			return axe.script == ""
		})
	}
	if axe.script == "" {
		t.Fatal("axe-core has no axe.min.js")
	}
	return axe.script
}

// Rules of axe for a run: all that the tests require, and those that a dark page can break although the light one does not.
const (
	allRules  = `["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]`
	darkRules = `["color-contrast"]`
)

// axeFinds returns what axe finds in a part of the page that a tab shows, given as an expression of JavaScript.
func axeFinds(t *testing.T, ctx context.Context, part, rules string) []string {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](`void (window.axe || (() => {`+axeCore(t)+`})())`)); err != nil {
		t.Fatal(err)
	}
	// axe takes the links of a closed details for out of reach, also where the stylesheet shows them; whether a keyboard gets
	// into a region that scrolls is asked of the browser.
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`axe.run(`+part+`, {runOnly: `+rules+`, resultTypes: ["violations"]}).then(r => {
		const reached = n => [...document.querySelector(n.target[0]).querySelectorAll("a[href]")].some(a => { a.focus({preventScroll: true}); const yes = document.activeElement === a; a.blur(); return yes });
		return r.violations.map(v => v.id === "scrollable-region-focusable" ? {...v, nodes: v.nodes.filter(n => !reached(n))} : v).filter(v => v.nodes.length)
			.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.html).join(" | ")) })`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// builtSites are the sites of the repository by folder, each built once. Their results are only read.
var builtSites sync.Map

// ownSite builds the site of the repository, or the one in a folder of it.
func ownSite(t *testing.T, dir string) *build.Result {
	t.Helper()
	type built struct {
		r   *build.Result
		err error
	}
	once, _ := builtSites.LoadOrStore(filepath.Clean(dir), sync.OnceValue(func() built {
		tr, err := build.Read(filepath.Join("..", dir), gloss.Theme)
		if err != nil {
			return built{nil, err}
		}
		return built{build.Build(tr, build.Env{}, nil), nil}
	}))
	b := once.(func() built)()
	if b.err != nil {
		t.Fatal(b.err)
	}
	for _, f := range b.r.Findings {
		t.Errorf("%s: %s [%s]", f.Span.File, f.Message, f.Code)
	}
	return b.r
}

// pageTypes are one page of each type of the first site.
var pageTypes = []string{"", "brief/", "summary/", "how-many-us-troops-are-in-iraq/", "what-did-parliament-decide-in-2020/", "what-changed-in-2021/", "terms/", "terms/advisory-role/", "who/",
	"who/mohammed-shia-al-sudani/", "timeline/", "events/parliament-resolution-2020/", "facts/", "disputed/", "sources/", "changes/", "about/", "corrections/", "search/", "all/", "card/us-troops-iraq/", "card/sudani-wants-us-out/", "no/such/page/"}

// TestBrowser looks at every page type as readers see it.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("the browser is left out of short runs")
	}
	t.Parallel()
	r := ownSite(t, "")
	base := "/us-troops-iraq/"
	srv := httptest.NewServer(serve.Files(r.Files, base, nil))
	defer srv.Close()
	ctx := browser(t, noto)

	var mu sync.Mutex
	var console []string
	err := chromedp.Listen(ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case *runtime.EventConsoleAPICalled:
			console = append(console, fmt.Sprint(ev.Type))
		case *runtime.EventExceptionThrown:
			console = append(console, ev.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			if !strings.Contains(ev.Entry.Text, "404") { // the page that is asked for on purpose
				console = append(console, ev.Entry.Text+" "+ev.Entry.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pageTypes {
		name := p
		if name == "" {
			name = "overview"
		}
		t.Run(strings.ReplaceAll(strings.Trim(name, "/"), "/", "_"), func(t *testing.T) {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(320, 900), chromedp.Navigate(srv.URL+base+p)); err != nil {
				t.Fatal(err)
			}
			// Everything in light, and in dark what dark changes: the colours. At 1280 the same elements stand elsewhere, which
			// is looked at on the pages that have most of them beside each other.
			wide := slices.Contains(someTypes(r), p)
			// The page with everything takes as long as ten others. TestReaderPages/100 looks at a short one.
			long := p == "all/"
			for _, look := range []struct {
				scheme string
				width  int64
				rules  string
			}{{"light", 320, ""}, {"light", 1280, allRules}, {"light", 390, allRules}, {"dark", 390, darkRules}} {
				media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: look.scheme}}}
				if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
					t.Fatal(err)
				}
				if err := chromedp.Do(ctx, chromedp.EmulateViewport(look.width, 900)); err != nil {
					t.Fatal(err)
				}
				over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
				if err != nil {
					t.Fatal(err)
				}
				if over > 0 {
					t.Errorf("%d wide, %s: %d px stand out sideways", look.width, look.scheme, over)
				}
				if look.rules == "" || long || look.width == 1280 && !wide {
					continue
				}
				for _, f := range axeFinds(t, ctx, "document", look.rules) {
					t.Errorf("%d wide, %s: %s", look.width, look.scheme, f)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			for _, c := range console {
				t.Errorf("the console says: %s", c)
			}
			console = nil
		})
	}
}

// TestPageTypesExist keeps the list above true.
func TestPageTypesExist(t *testing.T) {
	r := ownSite(t, "")
	for _, p := range pageTypes[:len(pageTypes)-1] {
		if r.Files[site.OutputPath(p)] == nil {
			t.Errorf("there is no page %q", p)
		}
	}
}
