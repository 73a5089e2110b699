package serve

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/diag"
)

// preview is a running server over real files, and one browser that listens to it.
type preview struct {
	t       *testing.T
	s       *server
	dir     string
	origin  string
	heard   chan notice
	turns   chan bool
	log     *lockedBuffer
	stop    func()
	stopped chan error
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// long is how long a test waits for what has to happen. Nothing is proved by how soon it does.
const long = 30 * time.Second

// small is a site with a page that another mentions.
func small() map[string]string {
	return map[string]string{
		"site.toml":               "title = \"T\"\nbase_url = \"https://example.org/x/\"\n",
		"content/index.md":        "---\ntitle: Start\n---\n\nSee [[a]].\n",
		"content/a.md":            "# A\n\nThe first text of this page, which is long enough.\n\nIts last paragraph.\n",
		"content/z.md":            "# Z\n\nNothing.\n",
		"content/data/facts.toml": "[n]\nlabel=\"N\"\nvalue=5\nunit=\"units\"\nas_of=\"2024\"\nsource=\"src\"\n",
	}
}

// start serves files from a new folder. change may set up the server before it starts, started before it runs.
func start(t *testing.T, files map[string]string, change func(s *server), started ...func(s *server)) *preview {
	t.Helper()
	p := &preview{t: t, dir: t.TempDir(), heard: make(chan notice, 10000), turns: make(chan bool, 100000), log: &lockedBuffer{}}
	for name, text := range files {
		p.write(name, text)
	}
	p.s = newServer(Options{Dir: p.dir, Theme: gloss.Theme, Bind: "127.0.0.1", Out: io.Discard, Log: p.log,
		Env:    func() build.Env { return build.Env{} },
		Report: func(found []diag.Finding, _ int, tr *build.Tree) { diag.Print(p.log, found, tr.Source, diag.Paint{}) }})
	p.s.looked = func(settled bool) { p.turns <- settled }
	if change != nil {
		change(p.s)
	}
	l, err := p.s.start()
	if err != nil {
		t.Fatal(err)
	}
	p.s.watch.look = time.Hour // what has to be heard of by events must not be found by looking
	for _, f := range started {
		f(p.s)
	}
	p.origin = "http://" + l.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	p.stop, p.stopped = stop, make(chan error, 1)
	go func() { p.stopped <- p.s.run(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-p.stopped; err != nil {
			t.Error(err)
		}
		p.s.watch.close()
	})
	p.listen()
	<-p.turns // the first turn has looked at everything, and watches it
	return p
}

// listen hears the events as a browser does.
func (p *preview) listen() {
	p.t.Helper()
	r, err := http.Get(p.origin + "/_gloss/events")
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { r.Body.Close() })
	lines := bufio.NewScanner(r.Body)
	lines.Buffer(nil, 1<<20)
	next := func() (notice, bool) {
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var n notice
				if err := json.Unmarshal([]byte(text), &n); err != nil {
					p.t.Errorf("an event is no JSON: %v", err)
				}
				return n, true
			}
		}
		return notice{}, false
	}
	if n, _ := next(); n.Type != "hello" || n.Session != p.s.session {
		p.t.Fatalf("the first event is %+v, want a hello", n)
	}
	go func() {
		for {
			n, ok := next()
			if !ok {
				close(p.heard)
				return
			}
			p.heard <- n
		}
	}()
}

// next is the next event.
func (p *preview) next() notice {
	p.t.Helper()
	select {
	case n, ok := <-p.heard:
		if !ok {
			p.t.Fatal("the events have ended")
		}
		return n
	case <-time.After(long):
		p.t.Fatalf("no event came; the log says:\n%s", p.log)
	}
	panic("unreachable")
}

// until gathers the events up to the one that a page's change brings.
func (p *preview) until(url string) []notice {
	p.t.Helper()
	for out := []notice{}; ; {
		n := p.next()
		out = append(out, n)
		for _, c := range n.Changed {
			if c == url {
				return out
			}
		}
	}
}

func (p *preview) path(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

func (p *preview) write(name, text string) {
	p.t.Helper()
	if err := os.MkdirAll(filepath.Dir(p.path(name)), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(p.path(name), []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p *preview) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// get fetches an address below the base path.
func (p *preview) get(url string) (int, string) {
	p.t.Helper()
	return p.fetch(p.s.now.Load().base + url)
}

func (p *preview) fetch(path string) (int, string) {
	p.t.Helper()
	r, err := http.Get(p.origin + path)
	p.must(err)
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	p.must(err)
	return r.StatusCode, string(b)
}

// about asks what the client asks of a page.
func (p *preview) about(url string) about {
	p.t.Helper()
	_, text := p.fetch("/_gloss/page?path=" + p.s.now.Load().base + url)
	var a about
	p.must(json.Unmarshal([]byte(text), &a))
	return a
}

// settle waits until the server has read what lies on the disk, and has published it.
func (p *preview) settle() {
	p.t.Helper()
	deadline := time.After(long)
	for {
		p.s.mu.Lock()
		tree := p.s.tree
		p.s.mu.Unlock()
		if p.current(tree) {
			return
		}
		select {
		case <-p.turns:
		case <-deadline:
			p.t.Fatalf("the server does not see what is on the disk; its log says:\n%s", p.log)
		}
	}
}

// current says whether a tree holds just what lies on the disk.
func (p *preview) current(tree *build.Tree) bool {
	seen := 0
	same := true
	err := filepath.WalkDir(p.dir, func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(p.dir, at)
		name := filepath.ToSlash(rel)
		if build.Hidden(name) || d.Type()&fs.ModeSymlink != 0 {
			return nil
		}
		b, err := os.ReadFile(at)
		seen++
		same = same && err == nil && tree.Bytes[name] != nil && bytes.Equal(b, tree.Bytes[name])
		return nil
	})
	p.must(err)
	own := 0
	for name := range tree.Bytes {
		if _, err := os.Stat(p.path(name)); err == nil {
			own++
		} else if theme, err := fs.ReadFile(gloss.Theme, name); err != nil || !bytes.Equal(theme, tree.Bytes[name]) {
			same = false // gone from the disk
		}
	}
	return same && own == seen
}

// TestSaves is every way in which editors save (T-47): each brings one update, with the final text, and nothing else is
// ever served in between.
func TestSaves(t *testing.T) {
	const text = "# A\n\nThe new text of this page, which is long enough too.\n\nIts last paragraph.\n"
	piece := func(p *preview, flag int, parts ...string) {
		f, err := os.OpenFile(p.path("content/a.md"), flag|os.O_WRONLY, 0o644)
		p.must(err)
		for _, x := range parts {
			_, err = f.WriteString(x)
			p.must(err)
		}
		p.must(f.Close())
	}
	for name, save := range map[string]func(p *preview){
		"written in place": func(p *preview) {
			piece(p, 0, text)
			p.must(os.Truncate(p.path("content/a.md"), int64(len(text))))
		},
		"cut and written":           func(p *preview) { piece(p, os.O_TRUNC, text) },
		"cut and written in pieces": func(p *preview) { piece(p, os.O_TRUNC, text[:20], text[20:40], text[40:]) },
		"renamed over": func(p *preview) {
			p.write("content/.a.md.swp", "swap")
			p.write("content/a.md.tmp", text)
			p.must(os.Rename(p.path("content/a.md.tmp"), p.path("content/a.md")))
			p.must(os.Remove(p.path("content/.a.md.swp")))
		},
		"as vim does": func(p *preview) {
			p.write("content/4913", "")
			p.must(os.Remove(p.path("content/4913")))
			p.must(os.Rename(p.path("content/a.md"), p.path("content/a.md~")))
			piece(p, os.O_CREATE|os.O_EXCL, text)
			p.must(os.Remove(p.path("content/a.md~")))
		},
		"deleted and made again": func(p *preview) {
			p.must(os.Remove(p.path("content/a.md")))
			p.write("content/a.md", text)
		},
		"metadata, then renamed": func(p *preview) { // iA Writer
			p.must(os.Chmod(p.path("content/a.md"), 0o600))
			p.write("content/.a.md.new", text)
			p.must(os.Chmod(p.path("content/.a.md.new"), 0o600))
			p.must(os.Rename(p.path("content/.a.md.new"), p.path("content/a.md")))
		},
		"through a folder beside it": func(p *preview) { // macOS
			p.write("content/a.md.sb-1234-abcd/a.md", text)
			p.must(os.Rename(p.path("content/a.md.sb-1234-abcd/a.md"), p.path("content/a.md")))
			p.must(os.Remove(p.path("content/a.md.sb-1234-abcd")))
		},
		"as JetBrains does": func(p *preview) {
			p.write("content/a.md___jb_tmp___", text)
			p.must(os.Rename(p.path("content/a.md"), p.path("content/a.md___jb_old___")))
			p.must(os.Rename(p.path("content/a.md___jb_tmp___"), p.path("content/a.md")))
			p.must(os.Remove(p.path("content/a.md___jb_old___")))
		},
		"saved twice": func(p *preview) { piece(p, os.O_TRUNC, text); piece(p, os.O_TRUNC, text) },
	} {
		for _, poll := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/poll=%v", name, poll), func(t *testing.T) {
				t.Parallel()
				// A save that takes its time is held back for as long as it takes.
				p := start(t, small(), func(s *server) { s.Poll, s.hold = poll, long })
				_, before := p.get("a/")
				save(p)
				seen := p.until("a/")
				if n := len(seen); n != 1 {
					t.Errorf("got %d updates, want one: %+v", n, seen)
				}
				if _, now := p.get("a/"); !strings.Contains(now, "The new text") || !strings.Contains(now, "Its last paragraph") || now == before {
					t.Errorf("the page says %s", now)
				}
				// Whatever else the save set off has been heard of by the time that another one is seen.
				p.write("content/z.md", "# Z\n\nSomething.\n")
				if seen := p.until("z/"); len(seen) != 1 {
					t.Errorf("a second update came: %+v", seen)
				}
			})
		}
	}
}

// TestHalfASaveIsHeldBack stops in the middle of a save until the server has seen it: nothing of that is published.
func TestHalfASaveIsHeldBack(t *testing.T) {
	whole := small()["content/a.md"]
	for name, half := range map[string]func(p *preview){
		"empty":                  func(p *preview) { p.write("content/a.md", "") },
		"gone":                   func(p *preview) { p.must(os.Remove(p.path("content/a.md"))) },
		"a part of the old text": func(p *preview) { p.write("content/a.md", whole[:30]) },
		"a part of the new text": func(p *preview) { p.write("content/a.md", "# A\n\nNew text whose") },
		"no configuration":       func(p *preview) { p.must(os.Remove(p.path("site.toml"))) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, small(), func(s *server) { s.hold = long })
			_, before := p.get("a/")
			half(p)
			for settled := range p.turns {
				if !settled {
					break // it has been seen, and waits
				}
			}
			if _, now := p.get("a/"); now != before {
				t.Errorf("half a save is shown: %s", now)
			}
			p.write("site.toml", small()["site.toml"])
			p.write("content/a.md", "# A\n\nNew text whose end is here.\n\nIts last paragraph.\n")
			if seen := p.until("a/"); len(seen) != 1 {
				t.Errorf("got %+v, want one update", seen)
			}
		})
	}
	// What stays so is what was meant.
	p := start(t, small(), nil)
	p.must(os.Remove(p.path("content/a.md")))
	p.until("a/")
	if status, _ := p.get("a/"); status != http.StatusNotFound {
		t.Errorf("a page that is gone answers %d", status)
	}
}

// TestNothingNew: a save of the same text, or of what nobody sees, is no update.
func TestNothingNew(t *testing.T) {
	p := start(t, small(), func(s *server) { s.hold = long }) // so that a slow machine shows no half of a save
	p.write("content/a.md", small()["content/a.md"])
	p.write("content/data/notes.txt", "the writer's own")
	p.write("public/index.html", "an old build")
	p.write("content/a.md", small()["content/a.md"]+"%%a remark%%\n")
	p.write("content/z.md", "# Z\n\nSomething.\n")
	if seen := p.until("z/"); len(seen) != 1 || seen[0].Build != 2 {
		t.Errorf("got %+v, want the build of z alone", seen)
	}
}

// TestNoRestart changes everything that there is (T-48).
func TestNoRestart(t *testing.T) {
	p := start(t, small(), nil)
	shows := func(url string, status int, want string) {
		t.Helper()
		p.settle()
		if got, text := p.get(url); got != status || !strings.Contains(text, want) {
			t.Errorf("%s: got status %d, want %d and %q in %.2000s", url, got, status, want, text)
		}
	}
	p.write("content/new/deep/er/page.md", "# Deep\n\nA new folder in a new folder.\n")
	shows("new/deep/er/page/", 200, "A new folder in a new folder.")
	p.write("content/new/deep/er/page.md", "# Deep\n\nThe new folder is watched.\n")
	shows("new/deep/er/page/", 200, "The new folder is watched.")
	p.must(os.Rename(p.path("content/new"), p.path("content/old")))
	shows("old/deep/er/page/", 200, "The new folder is watched.")
	shows("new/deep/er/page/", 404, "")
	p.write("content/old/deep/er/page.md", "# Deep\n\nThe renamed folder is watched.\n")
	shows("old/deep/er/page/", 200, "The renamed folder is watched.")
	p.must(os.RemoveAll(p.path("content/old")))
	shows("old/deep/er/page/", 404, "")
	p.write("content/old/deep/er/page.md", "# Deep\n\nIt is there again.\n")
	shows("old/deep/er/page/", 200, "It is there again.")

	p.write("layouts/plain.html", "<!doctype html><html><head><title>x</title></head><body><p>My layout: {{.Title}}</p></body></html>")
	shows("a/", 200, "My layout: A")
	p.write("layouts/plain.html", "<!doctype html><p>My layout: {{.Nope}}</p>")
	shows("a/", 200, "My layout: A") // the last good page
	if a := p.about("a/"); a.Stopped == nil || !strings.Contains(a.Stopped.Text, "layouts/plain.html:1:") || !strings.Contains(p.log.String(), a.Stopped.Text) {
		t.Errorf("a broken layout says %+v, the terminal %s", a.Stopped, p.log)
	}
	p.must(os.RemoveAll(p.path("layouts")))
	shows("a/", 200, "The first text")
	if a := p.about("a/"); a.Stopped != nil {
		t.Errorf("the mended layout still says %+v", a.Stopped)
	}
	p.write("static/hello.txt", "hello")
	shows("hello.txt", 200, "hello")
	p.write("static/style.css", "p{color:rebeccapurple}")
	shows("a/", 200, "rebeccapurple")
	p.write("content/data/facts.toml", "[n]\nlabel=\"Another label\"\nvalue=6\nas_of=\"2024\"\nsource=\"src\"\n")
	shows("facts/", 200, "Another label")
	p.write("site.toml", "title = \"Another title\"\nbase_url = \"https://example.org/y/\"\n")
	shows("a/", 200, "Another title")
	if base := p.s.now.Load().base; base != "/y/" {
		t.Errorf("the site is served under %s", base)
	}
	if _, text := p.fetch("/x/a/"); !strings.Contains(text, "Another title") {
		t.Error("the old base path does not lead to the new one")
	}
	if strings.Contains(p.log.String(), "panic") {
		t.Error(p.log)
	}
}

// TestStopsAndMends: what cannot be rendered leaves the last good pages, with the reason; before there was a good one,
// every address says why.
func TestStopsAndMends(t *testing.T) {
	for file, bad := range map[string]string{
		"site.toml":               "title = \n",
		"layouts/page.html":       "{{if}}",
		"layouts/plain.html":      "{{.Nope}}",
		"content/data/facts.toml": "[n\n",
		"content/a.md":            "---\ntitle: [\n---\n\nNew.\n",
	} {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			p := start(t, small(), func(s *server) { s.hold = time.Second }) // a slow machine must not show half of a save
			_, good := p.get("a/")
			p.write(file, bad)
			n := p.next()
			if !n.Stopped || len(n.Changed) > 0 {
				t.Errorf("the event is %+v", n)
			}
			if _, now := p.fetch("/x/a/"); clean(now) != clean(good) {
				t.Error("the last good page is gone")
			}
			a := p.about("a/")
			if a.Stopped == nil || len(a.Stopped.Findings) == 0 || !strings.Contains(a.Stopped.Text, file+":") {
				t.Fatalf("stopped: %+v", a.Stopped)
			}
			for _, id := range a.Stopped.Findings {
				if !strings.Contains(a.Stopped.Text, a.Findings[id].Text) {
					t.Errorf("%q is not in the text", a.Findings[id].Text)
				}
			}
			if text, ok := small()[file]; ok {
				p.write(file, text)
			} else {
				p.must(os.Remove(p.path(file)))
			}
			p.settle()
			if a := p.about("a/"); a.Stopped != nil {
				t.Errorf("mended, and still stopped: %s", a.Stopped.Text)
			}
		})
	}
	t.Run("from the start", func(t *testing.T) {
		files := small()
		files["layouts/plain.html"] = "{{.Nope}}"
		p := start(t, files, nil)
		for _, u := range []string{"", "a/", "no/such/page/"} {
			status, text := p.get(u)
			if status != http.StatusInternalServerError || !strings.Contains(text, "layouts/plain.html:1:") || !strings.Contains(text, `client.js`) {
				t.Errorf("%q: %d %s", u, status, text)
			}
		}
		if a := p.about("a/"); a.Exists || a.Stopped == nil {
			t.Errorf("%+v", a)
		}
		p.must(os.Remove(p.path("layouts/plain.html")))
		p.until("a/")
		if status, text := p.get("a/"); status != 200 || !strings.Contains(text, "The first text") {
			t.Errorf("%d %s", status, text)
		}
	})
}

// clean takes the preview's own script out of a page.
func clean(page string) string {
	i := strings.Index(page, `<script src="/_gloss/`)
	if i < 0 {
		return page
	}
	return page[:i] + page[i+strings.Index(page[i:], "</script>")+len("</script>"):]
}

// TestNumbersThatNobodyChecks: the writer is told of the numbers of the page at hand that no record checks, though that
// check is off.
func TestNumbersThatNobodyChecks(t *testing.T) {
	p := start(t, small(), nil)
	if a := p.about("a/"); len(a.Unchecked) != 0 {
		t.Errorf("unchecked: %+v", a.Unchecked)
	}
	p.write("content/a.md", "# A\n\nThere are 5 units and 83 dogs.\n")
	p.settle()
	a := p.about("a/")
	var got []string
	for _, u := range a.Unchecked {
		got = append(got, fmt.Sprintf("%d:%d %s; %s (%v)", u.Line, u.Column, u.Message, u.Hint, u.Block != ""))
	}
	want := []string{`3:11 no record checks the number "5"; if it is "N", link it: [5](fact:n) (true)`,
		`3:23 no record checks the number "83"; record it in content/data/facts.toml, then link it: [83](fact:id) (true)`}
	if !slices.Equal(got, want) {
		t.Errorf("told of %q", got)
	}
	if strings.Contains(fmt.Sprint(a.Findings), "unlinked-number") {
		t.Error("they are no findings of the build")
	}
}
