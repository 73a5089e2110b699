package serve

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/render"
)

// TestLimit: when the system lets us watch no more folders, the writer is told so once, and the site is looked at from
// then on.
func TestLimit(t *testing.T) {
	for err, want := range map[error]string{syscall.ENOSPC: "limit of watched folders", syscall.EMFILE: "limit of watchers", fs.ErrPermission: "permission"} {
		p := start(t, small(), nil, func(s *server) { s.watch.add = func(string) error { return err } })
		p.write("content/deep/er/b.md", "# B\n\nSeen without events.\n")
		p.until("deep/er/b/")
		p.write("content/deep/er/b.md", "# B\n\nSeen without events again.\n")
		p.until("deep/er/b/")
		if log := p.log.String(); strings.Count(log, want) != 1 || strings.Count(log, "looking for changes every 500ms") != 1 {
			t.Errorf("the terminal says %s", log)
		}
		if a := p.about("a/"); a.Watching != "polling" {
			t.Errorf("the page is told %q", a.Watching)
		}
	}
}

// TestLostEvents: what no event tells of is seen all the same.
func TestLostEvents(t *testing.T) {
	p := start(t, small(), nil, func(s *server) {
		s.watch.add = func(string) error { return nil } // as if it were watched
		s.watch.look = time.Millisecond
	})
	p.write("content/a.md", "# A\n\nSeen without events, and long enough.\n\nIts last paragraph.\n")
	p.until("a/")
}

// TestTwoNames: a folder and a symlink to it have one watch, and both their pages follow.
func TestTwoNames(t *testing.T) {
	p := start(t, small(), nil)
	p.write("content/deep/er/d.md", "# D\n\nOne.\n")
	p.settle()
	p.must(os.Symlink("deep", p.path("content/link")))
	p.until("link/er/d/")
	p.write("content/deep/er/d.md", "# D\n\nTwo words.\n")
	p.until("deep/er/d/")
	for _, u := range []string{"deep/er/d/", "link/er/d/"} {
		for p.about(u).Words != 2 {
			p.next()
		}
	}
}

// TestInterval: looking takes no more than its share of the machine.
func TestInterval(t *testing.T) {
	w := &watcher{look: lookEvery}
	if got := w.interval(time.Millisecond); got != lookEvery {
		t.Errorf("a small site is looked at every %s", got)
	}
	if got := w.interval(time.Second); got != 50*time.Second {
		t.Errorf("a huge site is looked at every %s", got)
	}
	w.polling = true
	if got := w.interval(time.Millisecond); got != pollEvery {
		t.Errorf("polling looks every %s", got)
	}
}

// play makes one change to the files of a site, as writers and their tools do. Every choice comes from pick.
func (p *preview) play(pick func(n int) int) string {
	pages := []string{"content/index.md", "content/a.md", "content/z.md", "content/terms/t.md", "content/deep/d.md", "content/deep/er/e.md"}
	others := []string{"content/data/facts.toml", "layouts/plain.html", "layouts/parts/foot.html", "static/style.css", "static/x.txt", "site.toml", "content/img/i.svg"}
	texts := map[string][]string{
		"content/data/facts.toml": {small()["content/data/facts.toml"], "[n]\nlabel=\"M\"\nvalue=7\nas_of=\"2024\"\nsource=\"s\"\n", "[n", ""},
		"layouts/plain.html":      {"<p>{{.Title}}</p>", "{{.Nope}}", "<html><head></head><body>{{range .Body}}{{.HTML}}{{end}}{{range .Mentions}}{{.Title}}{{end}}</body></html>"},
		"layouts/parts/foot.html": {"</main></div></body></html>", "{{"},
		"static/style.css":        {"p{margin:0}", "a{color:red}"},
		"static/x.txt":            {"1", "2"},
		"site.toml":               {small()["site.toml"], "title = \"U\"\nautolink = \"off\"\n", "title = \"T\"\n[checks]\nbroken-link = \"warn\"\n", "nope"},
		"content/img/i.svg":       {"<svg/>", "<svg></svg>"},
	}
	words := []string{"[[a]]", "[[t]]", "T", "A", "[[Deep]]", "[5](fact:n)", "[](fact:n)", "![[z]]", "[[e#Part]]", "plain words", "## Part\n\n", "^x", "![[d]]", "![i](img/i.svg)"}
	write := func(name, text string) string {
		switch pick(3) {
		case 0:
			p.write(name, text)
		case 1:
			p.write(name+".tmp", text)
			p.must(os.Rename(p.path(name+".tmp"), p.path(name)))
		case 2:
			_ = os.Remove(p.path(name)) // or it was not there
			p.write(name, text)
		}
		return "write " + name
	}
	switch pick(8) {
	default:
		name := pages[pick(len(pages))]
		text := fmt.Sprintf("---\ntitle: %s\nsummary: S %d.\n---\n\n", []string{"A", "T", "Deep", "Other"}[pick(4)], pick(2))
		for range 1 + pick(4) {
			text += words[pick(len(words))] + []string{" ", "\n\n", ". "}[pick(3)]
		}
		return write(name, text)
	case 0:
		name := others[pick(len(others))]
		return write(name, texts[name][pick(len(texts[name]))])
	case 1:
		name := slices.Concat(pages, others[:5])[pick(len(pages)+5)]
		_ = os.Remove(p.path(name)) // or it was not there
		return "remove " + name
	case 2:
		from := []string{"content/deep", "content/deep/er", "content/terms", "content/moved"}[pick(4)]
		to := []string{"content/moved", "content/deep", "content/other/place"}[pick(3)]
		if _, err := os.Stat(p.path(to)); err == nil || strings.HasPrefix(to, from) {
			return ""
		}
		p.must(os.MkdirAll(p.path(to[:strings.LastIndexByte(to, '/')]), 0o755))
		_ = os.Rename(p.path(from), p.path(to)) // or it was not there
		return "move " + from + " to " + to
	case 3:
		dir := []string{"content/deep", "content/terms", "layouts", "static"}[pick(4)]
		p.must(os.RemoveAll(p.path(dir)))
		return "remove " + dir
	}
}

// compare holds what is served against a clean build of what lies on the disk.
func (p *preview) compare() string {
	p.settle()
	tree, err := build.Read(p.dir, gloss.Theme)
	p.must(err)
	r := build.Build(tree, build.Env{}, nil)
	var out []string
	if stopOf(r, tree) != nil {
		if a := p.about(""); a.Stopped == nil {
			out = append(out, "what cannot be built is not said")
		}
		return strings.Join(out, "\n")
	}
	e := p.s.now.Load()
	if e.stopped != nil {
		return "mended, and still stopped: " + e.stopped.text
	}
	if !maps.EqualFunc(e.files, r.Files, bytes.Equal) {
		for name := range r.Files {
			if !bytes.Equal(e.files[name], r.Files[name]) {
				out = append(out, fmt.Sprintf("%s: serves\n%s\nwant\n%s", name, e.files[name], r.Files[name]))
			}
		}
		for name := range e.files {
			if _, has := r.Files[name]; !has {
				out = append(out, name+" is served still")
			}
		}
	}
	// And over the wire, but for the preview's own script and the place of the policy.
	for name, want := range r.Files {
		url := strings.TrimSuffix(name, "index.html")
		if _, got := p.fetch(e.base + url); !strings.HasSuffix(name, ".html") && got != string(want) || strings.HasSuffix(name, ".html") && clean(got) != string(policyTag.ReplaceAll(want, nil)) {
			out = append(out, fmt.Sprintf("GET %s%s gives\n%s\nwant\n%s", e.base, url, got, want))
		}
	}
	if !maps.Equal(e.posters, r.Posters) {
		out = append(out, fmt.Sprintf("serves the posters\n%v\nwant\n%v", e.posters, r.Posters))
	}
	for name, p1 := range r.Posters { // one is enough of a picture that has its own tests
		if _, got := p.fetch(e.base + name); got != string(render.DrawPoster(p1)) {
			out = append(out, "GET "+e.base+name+" gives another picture")
		}
		break
	}
	if !slices.EqualFunc(p.s.found, r.Findings, sameFinding) {
		out = append(out, fmt.Sprintf("finds %v, want %v", p.s.found, r.Findings))
	}
	return strings.Join(out, "\n")
}

// TestServedEqualsBuilt: after any edits, what is served is what a clean build gives, byte for byte (T-49), through the
// real server and real files.
func TestServedEqualsBuilt(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 7))
			p := start(t, small(), nil)
			log := ""
			for range 12 {
				for range 1 + r.IntN(4) { // several at once, as a change of branches
					log += p.play(r.IntN) + "; "
				}
				if diff := p.compare(); diff != "" {
					t.Fatalf("after %s\n%s", log, diff)
				}
			}
		})
	}
}

// FuzzServe is the same property with scripts that the fuzzer writes.
func FuzzServe(f *testing.F) {
	f.Add([]byte{4, 0, 1, 2, 3, 2, 1, 0, 0, 3, 2, 1, 5, 4, 3, 2, 1})
	f.Add([]byte{2, 1, 0, 7, 3, 1, 2, 0, 6, 5, 4, 2, 1, 1, 0, 3, 3, 2, 0, 1})
	f.Fuzz(func(t *testing.T, script []byte) {
		at := 0
		pick := func(n int) int {
			if at >= len(script) {
				return 0
			}
			at++
			return int(script[at-1]) % n
		}
		p := start(t, small(), nil)
		log := ""
		for range min(6, 1+len(script)/6) {
			log += p.play(pick) + "; "
			if diff := p.compare(); diff != "" {
				t.Fatalf("after %s\n%s", log, diff)
			}
		}
	})
}
