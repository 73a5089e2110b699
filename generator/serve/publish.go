package serve

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"gloss/generator/build"
	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// edition is one published build. It is never changed, but for remembering the pages that were asked for.
type edition struct {
	number  int
	took    time.Duration // from the wake-up to the finished pages
	base    string        // the path under which the site is served: "/repo/"
	bases   []string      // those of earlier configurations
	files   map[string][]byte
	posters map[string]site.PosterView // drawn when they are asked for
	stopped *stop                      // why the newest files are not what is shown; nil: they are
	ready   sync.Map                   // pages with the client in them, by name
}

// empty says whether no page could be made yet: every site has a 404 page.
func (e *edition) empty() bool { return e.files["404.html"] == nil }

// stop is what keeps the newest files from being shown.
type stop struct {
	text    string         // as the terminal prints it
	found   []diag.Finding // none when the machine is the reason
	waiting int            // findings more that may show when the unreadable files can be read
}

// stoppers are the codes of what cannot be rendered (contract section 10): the configuration, layouts, and files that
// cannot be read. Anything else is shown in the page, where it stands.
var stoppers = []string{"bad-config", "layout-error", "unknown-field", "bad-front-matter", "bad-record", "bad-encoding", "too-large", diag.InternalError}

// publish builds what was read and makes it what is served. from is when the change was noticed.
func (s *server) publish(got reading, from time.Time) {
	old := cmp.Or(s.now.Load(), &edition{base: "/"})
	e := &edition{number: old.number + 1, base: old.base, bases: old.bases, files: old.files, posters: old.posters}
	n := notice{Type: "build", Session: s.session, Build: e.number}

	s.mu.Lock()
	found, was := s.found, s.tree
	if s.failed = got.err; got.err != nil {
		e.stopped = &stop{text: "gloss: " + got.err.Error() + "\n"}
	} else if bad := diag.Try("site.toml", "publishing what was read", func() {
		s.build(e, got.tree)
		n.Edited = s.edits(was)
	}); bad != nil {
		e.files, e.posters = old.files, old.posters
		s.tree, s.found = got.tree, []diag.Finding{*bad}
		e.stopped = &stop{text: report(s.found, got.tree), found: s.found}
	}
	n.Changed, n.Assets = compare(old.files, e.files)
	n.Stopped = e.stopped != nil
	e.took = time.Since(from)
	news := s.now.Load() == nil || len(n.Changed)+len(n.Assets) > 0 || e.base != old.base || !sameStop(old.stopped, e.stopped) || !slices.EqualFunc(found, s.found, sameFinding)
	if news {
		s.now.Store(e)
	}
	s.mu.Unlock()
	if news { // otherwise there is nothing that anybody could see
		s.news.tell(n)
		s.print(e, n, got)
	}
}

// build makes an edition of a tree. The caller holds mu.
func (s *server) build(e *edition, t *build.Tree) {
	r := build.Build(t, s.Env(), s.memo)
	s.last, s.tree, s.found = r, t, r.Findings
	if e.stopped = stopOf(r, t); e.stopped != nil {
		s.found = e.stopped.found // the rest may be no more than what follows from these
		if !e.empty() {
			return // and so may what a configuration says that cannot be read
		}
	}
	s.editor = r.Site.Config.Editor
	// Before the first good build, half a site is better than none.
	if !r.Stopped {
		e.files, e.posters = r.Files, r.Posters
	}
	if base := pathOf(r.Site.Base); base != e.base {
		if !slices.Contains(e.bases, e.base) {
			e.bases = append(slices.Clone(e.bases), e.base)
		}
		e.base = base
	}
}

// stopOf returns what of a build's findings keeps it from being shown, or nil.
func stopOf(r *build.Result, t *build.Tree) *stop {
	var due []diag.Finding
	for _, f := range r.Findings {
		if f.Severity == diag.Error && slices.Contains(stoppers, f.Code) {
			due = append(due, f)
		}
	}
	if due == nil {
		return nil
	}
	text := report(due, t)
	if line := diag.Waiting(r.Waits(false), due); line != "" {
		text += line + "\n"
	}
	return &stop{text: text, found: due, waiting: r.Waits(false)}
}

// report is what the terminal prints about findings, without its colours.
func report(found []diag.Finding, t *build.Tree) string {
	var b strings.Builder
	diag.Print(&b, found, t.Source, diag.Paint{Most: diag.Most})
	return b.String()
}

func sameStop(a, b *stop) bool {
	return a == b || a != nil && b != nil && a.text == b.text
}

// sameFinding compares what people see of findings.
func sameFinding(a, b diag.Finding) bool {
	return a.Span == b.Span && a.Code == b.Code && a.Severity == b.Severity && a.Message == b.Message && a.Hint == b.Hint
}

// compare lists the addresses of pages, and the other files, whose bytes differ between two outputs. Outputs that did
// not change are the same slices, as a rule.
func compare(old, now map[string][]byte) (pages, assets []string) {
	note := func(name string) {
		switch {
		case name == "index.html":
			pages = append(pages, "")
		case strings.HasSuffix(name, "/index.html"):
			pages = append(pages, strings.TrimSuffix(name, "index.html"))
		case strings.HasSuffix(name, ".html"):
			pages = append(pages, name)
		default:
			assets = append(assets, name)
		}
	}
	kept := 0
	for name, b := range now {
		a, had := old[name]
		if had {
			kept++
		}
		if !had || !same(a, b) {
			note(name)
		}
	}
	if kept < len(old) {
		for name := range old {
			if _, has := now[name]; !has {
				note(name)
			}
		}
	}
	slices.Sort(pages)
	slices.Sort(assets)
	return pages, assets
}

// edit is a page whose own source was saved, and where.
type edit struct {
	URL   string `json:"url"`
	Title string `json:"title"`
	Block string `json:"block"` // id of the first element that changed; "" when unknown
	File  string `json:"file"`
}

// edits says where in the site the files are to be seen that differ from an earlier tree. The caller holds mu.
func (s *server) edits(was *build.Tree) []edit {
	var out []edit
	if was == nil || len(s.last.Edited) > 100 { // a change of branches, and no writing
		return nil
	}
	for _, file := range s.last.Edited {
		now, has := s.tree.Bytes[file]
		if !has {
			continue
		}
		at := firstChange(was.Bytes[file], now)
		if p := pageOf(s.last.Site, file); p != nil {
			out = append(out, edit{URL: p.URL, Title: p.Thing.Title, Block: blockAt(p.Doc, at), File: file})
		} else if t := recordAt(s.last.Site, file, at); t != nil {
			u, id, _ := strings.Cut(t.URL, "#")
			out = append(out, edit{URL: u, Title: t.Title, Block: id, File: file})
		}
	}
	return out
}

// firstChange is the offset in now of the first text that old does not have there.
func firstChange(old, now []byte) int {
	at := 0
	for at < len(old) && at < len(now) && old[at] == now[at] {
		at++
	}
	for at < len(now) && bytes.IndexByte([]byte(" \t\r\n"), now[at]) >= 0 {
		at++
	}
	return at
}

// pageOf returns the page that a file holds, or nil.
func pageOf(s *site.Site, file string) *site.Page {
	i := slices.IndexFunc(s.Pages, func(p *site.Page) bool { return p.File == file })
	if i < 0 {
		return nil
	}
	return s.Pages[i]
}

// blockAt returns the id of the innermost block at an offset of the page's file, or else of the last one before it; ""
// when there is none.
func blockAt(d *content.Doc, at int) string {
	best, size, before := "", -1, ""
	for _, b := range d.Blocks {
		switch n := b.Span.End - b.Span.Start; {
		case b.ID == "" || b.Kind == "note" || b.Span.File != d.File:
		case at >= b.Span.Start && at <= b.Span.End && (size < 0 || n <= size):
			best, size = b.ID, n
		case b.Span.End < at && b.Kind != "front":
			before = b.ID
		}
	}
	return cmp.Or(best, before)
}

// recordAt returns the record of a data file that an offset belongs to: the last that starts before it.
func recordAt(s *site.Site, file string, at int) *site.Thing {
	var best *site.Thing
	for _, t := range s.Records {
		if t.Span.File == file && t.Span.Start <= at && (best == nil || t.Span.Start > best.Span.Start) {
			best = t
		}
	}
	return best
}

// pathOf is the path of the site's address: where the preview serves it.
func pathOf(base string) string {
	if u, err := url.Parse(base); err == nil && u.Path != "" {
		return u.Path
	}
	return "/"
}

// print tells the terminal what a build has brought: the findings that were not there before, and one line.
func (s *server) print(e *edition, n notice, got reading) {
	if got.err != nil {
		fmt.Fprint(s.Log, e.stopped.text)
		return
	}
	if e.stopped != nil {
		s.Report(e.stopped.found, e.stopped.waiting, got.tree)
		return
	}
	stands := map[string]int{}
	var fresh []diag.Finding
	for _, f := range s.found {
		key := f.Span.File + "\x00" + f.Code + "\x00" + f.Message // without its place, which moves as text is written above it
		if stands[key]++; stands[key] > s.printed[key] {
			fresh = append(fresh, f)
		}
	}
	s.printed = stands
	s.Report(fresh, 0, got.tree)
	if e.number == 1 {
		return
	}
	errs, warns := diag.Count(s.found)
	fmt.Fprintf(s.Log, "build %d: %s in %s; %s, %s\n", e.number, count(len(n.Changed), "page"), e.took.Round(100*time.Microsecond), count(errs, "error"), count(warns, "warning"))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
