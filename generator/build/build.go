// Package build runs the pipeline: it reads the tree of source files, builds the finished site from it, remembers the
// steps, and writes the difference to the output folder.
//
// [Reader] and [Write] are all that touches the disk. [Build] is pure: the same tree and env give the same result,
// whatever the [Memo] remembers. A rebuild is Build with a warm memo, and a check is Build without Write; there is no
// third path.
package build

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/render"
	"gloss/generator/site"
)

// Env is what the command line decides about a build.
type Env struct {
	site.Env
	Workers int // how many steps run at once; 0: one for each processor
}

// Result is a finished site: every file of the output, and everything that was found. It is read only. A file that did
// not change since the last build with the same Memo is the same bytes. Site is valid until the next build with it.
type Result struct {
	Files    map[string][]byte // by path in the output folder, with /, but for those that Posters stand for
	Findings []diag.Finding    // sorted, with their severities in force; those that are off are left out
	Hidden   []diag.Finding    // those that are off
	Waiting  []diag.Finding    // those that may only follow from a file that cannot be read; sorted, with their severities, those that are off among them
	Site     *site.Site
	Sources  map[string]string // for a page of the output, and for its poster, the source file it comes from
	Edited   []string          // the source files that differ from those of the last build with the same Memo, sorted; nil: there was none
	Stopped  bool              // the layouts do not work, so that no page was made, or not every one

	// Posters are the pictures of pages by path in the output folder. None is drawn yet, since that takes as long as
	// everything else: a path tells all that its picture shows, so whoever has a file of it needs no other. The others
	// come from [render.DrawPoster].
	Posters map[string]site.PosterView
}

// Errors says whether a finding is at level error, so that nothing may be written.
func (r *Result) Errors() bool {
	n, _ := diag.Count(r.Findings)
	return n > 0
}

// Unreadable are the findings of files that could not be read, of which the site as it is linked knows nothing. Layouts
// are not among them, as no link leads there.
func (r *Result) Unreadable() []diag.Finding {
	var out []diag.Finding
	for _, f := range r.Findings {
		if f.Unreadable && linkable(f.Span.File) {
			out = append(out, f)
		}
	}
	return out
}

// Build turns a tree of source files into a finished site. It reads nothing but its arguments. m may be nil: then
// nothing is remembered and the result is the same.
//
// After an edit of prose, a build with a warm memo starts from the last one: it reads the edited files, puts them into
// the linked site, and makes the pages that show them. After any other edit it goes the whole way, where the steps that
// see nothing new are remembered.
//
// A stage that panics on a file or page is an internal-error of that file, and the rest is built. The next build with
// the memo does not start from such a one.
func Build(t *Tree, env Env, m *Memo) *Result {
	last := m.begin()
	var w *work
	var r *Result
	var edited []string
	if last != nil {
		var same bool
		if edited, same = t.edited(last.tree); same {
			fault := diag.Catch(func() {
				if w = last.edit(t, env, m, len(edited)); w != nil {
					r = w.result()
				}
			})
			if fault != nil || r != nil && r.Failed() { // which has left the last build half changed
				r, last = nil, nil
			}
		}
	}
	if r == nil {
		w = &work{tree: t, env: env}
		w.whole(last, m)
		r = w.result()
	}
	if m != nil && m.Verify {
		w.verify(r)
	}
	r.Edited = edited
	if !r.Failed() {
		m.end(w)
	}
	return r
}

// whole goes the whole way, with what the last build knows, which may be nil.
func (w *work) whole(last *work, m *Memo) {
	if last != nil {
		w.index = last.index
	}
	w.parse(m)
	m.count("link")
	w.link()
	pages := w.site.Pages
	w.try("site.toml", "comparing the site with that of the last build", func() { pages = w.takeOver(last, m) })
	w.render(m, pages, w.site.Made)
	w.assemble()
	if last != nil {
		w.keep(last.files)
	}
	m.sweep()
}

// work is a build on its way through the stages, and what the next one may start from.
type work struct {
	tree *Tree
	env  Env

	// Each file on its own.
	config  *content.ParsedConfig
	pages   []*content.ParsedDoc  // of tree.Pages
	data    []*content.ParsedData // of tree.Data
	layouts *render.ParsedLayouts
	scripts map[string][]byte   // of the theme, by source file
	named   map[string][]string // by source file, which files its text names; nil: nobody asks

	// The whole site at once.
	assets []site.Asset
	site   *site.Site
	linked []diag.Finding

	// Each page on its own again.
	shown []*render.PageOutput // of site.Pages; nil for the introduction of a made page
	made  []*render.PageOutput // of site.Made

	previews []render.File // what the script loads
	index    *index        // the search's
	names    int           // how many names it knows
	files    map[string][]byte
	posters  map[string]site.PosterView
	sources  map[string]string
	nested   []diag.Finding
	judged   []diag.Finding // of the addresses that stylesheets and layouts hold
	plain    bool           // no two of the outputs claim one file

	faults []diag.Finding // panics of stages that have no file or page of their own
}

// parse reads each file on its own.
func (w *work) parse(m *Memo) {
	w.config = w.readConfig(m)
	set := w.config.Config.Settings()
	w.pages = each(w.env.Workers, w.tree.Pages, func(f content.File) *content.ParsedDoc { return readPage(m, f, set) })
	w.data = each(w.env.Workers, w.tree.Data, func(f content.File) *content.ParsedData { return readData(m, f, set) })
	w.readLayouts(m)
	w.makeScripts(m)
	w.readNames(m)
}

// link takes the whole site at once.
func (w *work) link() {
	in := site.Input{Config: w.config.Config, Assets: slices.Clone(w.tree.Assets), Names: w.named, Env: w.env.Env, Each: w.each}
	for _, p := range w.pages {
		in.Docs = append(in.Docs, &p.Doc)
	}
	for _, d := range w.data {
		in.Data = append(in.Data, &d.Data)
	}
	w.assets = in.Assets
	w.site, w.linked = w.linkWithout(in)
	w.shown, w.made = make([]*render.PageOutput, len(w.site.Pages)), make([]*render.PageOutput, len(w.site.Made))
}

// each calls f with 0 to n-1, a few at a time.
func (w *work) each(n int, f func(i int)) {
	items := make([]int, n)
	for i := range items {
		items[i] = i
	}
	each(w.env.Workers, items, func(i int) struct{} { f(i); return struct{}{} })
}

// edit goes from the last build to that of a tree of the same files, when what differs in them is the prose of a few
// pages. Else it returns nil, and the last build is as it was.
func (last *work) edit(t *Tree, env Env, m *Memo, files int) *work {
	if env != last.env || files > mostEdits || last.stopped() || !reflect.DeepEqual(t.Findings, last.tree.Findings) {
		return nil
	}
	w := *last
	w.tree = t
	w.pages = slices.Clone(last.pages)
	var edits []site.Edit
	set := w.config.Config.Settings()
	for i, f := range t.Pages {
		if f.Equal(last.tree.Pages[i]) {
			continue
		}
		w.pages[i] = readPage(m, f, set)
		edits = append(edits, site.Edit{Old: &last.pages[i].Doc, New: &w.pages[i].Doc})
	}
	if len(edits) < files { // something else than a page
		return nil
	}
	if len(edits) > 0 {
		redo, ok := w.site.Relink(edits)
		if !ok {
			return nil
		}
		w.linked = w.site.Findings()
		w.renderAgain(m, redo)
		w.shardsAgain(edits)
	}
	return &w
}

// mostEdits is how many pages may differ for a build to start from the last one: more than a writer saves at once, and
// few enough that going the whole way would not be quicker.
const mostEdits = 64

// takeOver takes from the last build the pages that are surely as they were, and returns the others.
func (w *work) takeOver(last *work, m *Memo) []*site.Page {
	if last == nil || last.layouts != w.layouts || w.stopped() {
		return w.site.Pages
	}
	alike := w.site.Alike(last.site)
	old := map[string]*render.PageOutput{}
	for _, p := range last.site.Pages {
		old[p.File] = last.shown[p.Order]
	}
	var rest []*site.Page
	for _, p := range w.site.Pages {
		if !alike(p) {
			rest = append(rest, p)
			continue
		}
		w.shown[p.Order] = old[p.File]
		m.touch("render", p.URL)
	}
	return rest
}

// verify panics when a result differs from that of a build that remembers nothing.
func (w *work) verify(got *Result) {
	want := *Build(w.tree, w.env, nil)
	want.Site = got.Site
	if !reflect.DeepEqual(*got, want) {
		panic("build: a build with a memo gives something else than one without")
	}
}

// render makes the pages that some pages of the site, or made ones, are shown on. Each sees only its View.
func (w *work) render(m *Memo, pages []*site.Page, made []*site.Made) {
	if w.stopped() {
		return
	}
	type task struct {
		page *site.Page
		made *site.Made
		out  **render.PageOutput
	}
	var tasks []task
	for _, mp := range made { // first, since those that list everything take long
		tasks = append(tasks, task{made: mp, out: &w.made[mp.Order]})
	}
	for _, p := range pages {
		if p.Made == nil {
			tasks = append(tasks, task{page: p, out: &w.shown[p.Order]})
		}
	}
	outs := each(w.env.Workers, tasks, func(t task) *render.PageOutput {
		m.count("view")
		var out *render.PageOutput
		file, url := "site.toml", ""
		if t.page != nil {
			file, url = t.page.File, t.page.URL
		} else {
			url = t.made.URL
			if t.made.Page != nil {
				file = t.made.Page.File
			}
		}
		if bad := diag.Try(file, "making the page /"+url, func() {
			var v site.View
			if t.page != nil {
				v = w.site.View(t.page)
			} else {
				v = w.site.MadeView(t.made)
			}
			out = Do(m, "render", v.URL, render.PageInput{View: v, Layouts: w.layouts.Layouts}, render.Page)
		}); bad != nil {
			return &render.PageOutput{Findings: []diag.Finding{*bad}}
		}
		return out
	})
	for i, t := range tasks {
		*t.out = outs[i]
	}
}

// stopped says whether the layouts do not work, so that no page can be made.
func (w *work) stopped() bool { return w.layouts.Stopped }

// renderAgain makes the pages that an edit may have changed, and puts their files in the place of the old.
func (w *work) renderAgain(m *Memo, redo site.Relinked) {
	shown, made, files := w.shown, w.made, w.files
	w.shown, w.made = slices.Clone(shown), slices.Clone(made)
	w.render(m, redo.Pages, redo.Made)
	w.files = maps.Clone(files)
	plain := w.plain
	replace := func(old, now *render.PageOutput) {
		plain = plain && slices.EqualFunc(old.Files, now.Files, func(a, b render.File) bool { return a.Path == b.Path })
		for _, f := range now.Files {
			if !bytes.Equal(w.files[f.Path], f.Data) {
				w.files[f.Path] = f.Data
			}
		}
	}
	for _, p := range redo.Pages {
		replace(shown[p.Order], w.shown[p.Order])
	}
	for _, mp := range redo.Made {
		replace(made[mp.Order], w.made[mp.Order])
	}
	if list := w.site.AddressListAgain(w.files[site.AddressFile], redo.Edited); !bytes.Equal(w.files[site.AddressFile], list) {
		w.files[site.AddressFile] = list
	}
	w.judge()
	if !plain { // which file stays where two claim one is not for us to say
		w.assemble()
		w.keep(files)
	}
}

// gatherPosters lists the pictures that the pages have. No edit of prose changes one.
func (w *work) gatherPosters() {
	w.posters = map[string]site.PosterView{}
	for i, p := range w.shown {
		if p != nil && p.PosterPath != "" {
			w.posters[p.PosterPath] = p.Poster
			w.sources[p.PosterPath] = w.site.Pages[i].File
		}
	}
	for _, p := range w.made {
		if p != nil && p.PosterPath != "" {
			w.posters[p.PosterPath] = p.Poster
		}
	}
}

// keep puts the bytes of the last build in the place of equal ones.
func (w *work) keep(files map[string][]byte) {
	for name, old := range files {
		if now, ok := w.files[name]; ok && bytes.Equal(old, now) {
			w.files[name] = old
		}
	}
}

// assemble gathers the files of the output: the pages, what belongs to no page, and what is copied.
func (w *work) assemble() {
	w.files, w.sources = map[string][]byte{}, map[string]string{}
	claims := 0
	for _, p := range slices.Concat(w.shown, w.made) {
		if p == nil {
			continue
		}
		for _, f := range p.Files {
			w.files[f.Path] = f.Data
			claims++
		}
	}
	w.gatherPosters()
	s := w.site
	var files []render.File
	w.try("site.toml", "making the feed, the sitemap and the files of records", func() {
		files = render.Site(render.SiteInput{Base: s.Base, Domain: w.config.Config.Domain, Addresses: addresses(s), Feed: s.Feed(), Redirects: s.Redirects(), Records: append(s.RecordFiles(), site.RecordFile{Path: site.AddressFile, Text: s.AddressList()}), Language: s.Lang})
	})
	for _, f := range files {
		if _, own := w.files[f.Path]; !own {
			w.files[f.Path] = f.Data
		}
		claims++
	}
	for _, a := range w.assets {
		if text, ok := w.tree.Bytes[a.File]; ok && !s.Unused(a) {
			if made, ok := w.scripts[a.File]; ok {
				text = made
			}
			w.files[a.Path] = text
			claims++
		}
	}
	w.try("site.toml", "making what the search and the previews load", func() { claims += w.shards() })
	for _, p := range s.Pages {
		w.sources[site.OutputPath(p.URL)] = p.File
	}
	w.nest()
	w.judge()
	w.plain = claims == len(w.files)
}

// addresses are those of the sitemap.
func addresses(s *site.Site) [][2]string {
	out := s.Addresses()
	for i := range out {
		out[i][0] = s.Absolute(out[i][0])
	}
	return out
}

// nest takes out, and reports, every file that would lie in a folder whose name another file of the output has.
func (w *work) nest() {
	w.nested = nil
	var from map[string]string
	for _, name := range slices.Sorted(maps.Keys(w.files)) {
		for dir := path.Dir(name); dir != "." && dir != "/"; dir = path.Dir(dir) {
			if _, file := w.files[dir]; !file {
				continue
			}
			delete(w.files, name)
			if from == nil {
				from = maps.Clone(w.sources)
				for _, a := range w.assets {
					from[a.Path] = a.File
				}
			}
			at := cmp.Or(from[name], from[dir], "site.toml")
			w.nested = append(w.nested, diag.Finding{Code: "duplicate-address", Span: diag.Span{File: at}, Message: fmt.Sprintf("%s would be a file and the folder of %s", dir, name), Hint: "rename one of the two"})
			break
		}
	}
}

// result is what the work has come to.
func (w *work) result() *Result {
	r := &Result{Files: w.files, Posters: w.posters, Sources: w.sources, Site: w.site, Stopped: w.stopped()}
	alone := slices.Concat(w.tree.Findings, w.config.Findings, w.layouts.Findings, w.faults)
	for _, p := range w.pages {
		alone = append(alone, p.Findings...)
	}
	for _, d := range w.data {
		alone = append(alone, d.Findings...)
	}
	var rendered []diag.Finding
	for _, list := range [][]*render.PageOutput{w.shown, w.made} {
		for _, p := range list {
			if p != nil {
				rendered = append(rendered, p.Findings...)
				r.Stopped = r.Stopped || p.Failed
			}
		}
	}
	found, waiting := wait(alone, w.linked, slices.Concat(onePlace(rendered), w.nested, w.judged))
	levels := w.config.Config.Levels
	r.level(found, levels)
	for _, f := range waiting {
		f.Severity = levelOf(f, levels)
		r.Waiting = append(r.Waiting, f)
	}
	r.Waiting = diag.Sort(r.Waiting)
	return r
}

// Waits says how many findings wait; all counts those that are off, too.
func (r *Result) Waits(all bool) int {
	n := 0
	for _, f := range r.Waiting {
		if all || f.Severity != diag.Off {
			n++
		}
	}
	return n
}

// Add adds findings that only the command can make, at the levels of site.toml.
func (r *Result) Add(found []diag.Finding) {
	r.level(found, r.Site.Config.Levels)
}

// levelOf is the severity of a finding: that of site.toml, else its own, else that of its code. A page that cannot be
// made and a file that cannot be read stay errors whatever site.toml says, since the build would leave out what they
// hold without a word.
func levelOf(f diag.Finding, levels []content.Level) diag.Severity {
	if f.Unreadable || f.Code == "layout-error" || f.Code == "unknown-field" || f.Code == diag.InternalError {
		return diag.Error
	}
	if i := slices.IndexFunc(levels, func(l content.Level) bool { return l.Code == f.Code }); i >= 0 {
		return levels[i].Severity
	}
	if f.Severity == diag.Default {
		return diag.Level(f.Code)
	}
	return f.Severity
}

// level gives every finding its severity and sorts it in.
func (r *Result) level(found []diag.Finding, levels []content.Level) {
	for _, f := range found {
		if f.Severity = levelOf(f, levels); f.Severity == diag.Off {
			r.Hidden = append(r.Hidden, f)
			continue
		}
		r.Findings = append(r.Findings, f)
	}
	r.Findings, r.Hidden = diag.Sort(r.Findings), diag.Sort(r.Hidden)
}

// isMarkdown says whether a file below content/ is a page.
func isMarkdown(name string) bool {
	return strings.HasSuffix(strings.ToLower(name), ".md")
}
