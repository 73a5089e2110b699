// Package build runs the pipeline: it reads the tree of source files, builds the finished site from it, remembers the
// steps, and writes the difference to the output folder.
//
// [Read] and [Write] are the only functions that touch the disk. [Build] is pure: the same tree and env give the same
// result, whatever the [Memo] remembers. A rebuild is Build with a warm memo, and a check is Build without Write; there
// is no third path.
package build

import (
	"cmp"
	"fmt"
	"maps"
	"path"
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

// Result is a finished site: every file of the output, and everything that was found.
type Result struct {
	Files    map[string][]byte // by path in the output folder, with /
	Findings []diag.Finding    // sorted, with their severities in force; those that are off are left out
	Hidden   []diag.Finding    // those that are off
	Site     *site.Site
	Sources  map[string]string // for a page of the output, the source file it comes from
}

// Errors says whether a finding is at level error, so that nothing may be written.
func (r *Result) Errors() bool {
	n, _ := diag.Count(r.Findings)
	return n > 0
}

// Build turns a tree of source files into a finished site. It reads nothing but its arguments. m may be nil: then
// nothing is remembered and the result is the same.
func Build(t *Tree, env Env, m *Memo) *Result {
	m.begin()
	var found []diag.Finding

	// Each file on its own.
	cfg := Do(m, "config", t.Config, content.ParseConfig)
	found = append(found, t.Findings...)
	found = append(found, cfg.Findings...)
	set := cfg.Config.Settings()
	pages := each(env.Workers, t.Pages, func(f content.File) content.ParsedDoc {
		return Do(m, "page", content.DocInput{File: f, Settings: set}, content.ParseDoc)
	})
	data := each(env.Workers, t.Data, func(f content.File) content.ParsedData {
		return Do(m, "data", content.DataInput{File: f, Settings: set}, content.ParseData)
	})
	layouts := Do(m, "layouts", render.LayoutInput{Files: t.Layouts}, render.ParseLayouts)
	found = append(found, layouts.Findings...)

	// The whole site at once. Cheap, so never remembered.
	in := site.Input{Config: cfg.Config, Assets: slices.Clone(t.Assets), Env: env.Env}
	plain := map[string]bool{}
	for i := range pages {
		in.Docs = append(in.Docs, &pages[i].Doc)
		plain[pages[i].Doc.File] = pages[i].Doc.Type == content.Plain
		found = append(found, pages[i].Findings...)
	}
	for i := range data {
		in.Data = append(in.Data, &data[i].Data)
		found = append(found, data[i].Findings...)
	}
	s, linked := site.Link(in)
	found = append(found, linked...)

	// Each page on its own again, seeing only its View.
	r := &Result{Files: map[string][]byte{}, Site: s, Sources: map[string]string{}}
	if len(layouts.Findings) == 0 {
		made := each(env.Workers, views(s), func(view func() site.View) render.PageOutput {
			return Do(m, "render", render.PageInput{View: view(), Layouts: layouts.Layouts}, render.Page)
		})
		for _, p := range made {
			found = append(found, p.Findings...)
			for _, f := range p.Files {
				r.Files[f.Path] = f.Data
			}
		}
	}
	for _, f := range render.Site(render.SiteInput{Base: s.Base, Domain: cfg.Config.Domain, Addresses: s.Addresses(), Redirects: s.Redirects(), Language: s.Lang}) {
		if _, own := r.Files[f.Path]; !own {
			r.Files[f.Path] = f.Data
		}
	}
	for _, a := range in.Assets {
		if text, ok := t.Bytes[a.File]; ok {
			r.Files[a.Path] = text
		}
	}
	for _, p := range s.Pages {
		r.Sources[site.OutputPath(p.URL)] = p.File
	}
	found = append(found, r.nested(in.Assets)...)
	r.level(found, cfg.Config.Levels)
	m.end()
	return r
}

// views lists the pages to make. The views themselves are made on the workers.
func views(s *site.Site) []func() site.View {
	var out []func() site.View
	for _, p := range s.Pages {
		if p.Made == nil {
			out = append(out, func() site.View { return s.View(p) })
		}
	}
	for _, mp := range s.Made {
		out = append(out, func() site.View { return s.MadeView(mp) })
	}
	return out
}

// nested takes out, and reports, every file that would lie in a folder whose name another file of the output has.
func (r *Result) nested(assets []site.Asset) []diag.Finding {
	from := maps.Clone(r.Sources)
	for _, a := range assets {
		from[a.Path] = a.File
	}
	var out []diag.Finding
	for _, name := range slices.Sorted(maps.Keys(r.Files)) {
		for dir := path.Dir(name); dir != "." && dir != "/"; dir = path.Dir(dir) {
			if _, file := r.Files[dir]; !file {
				continue
			}
			delete(r.Files, name)
			at := cmp.Or(from[name], from[dir], "site.toml")
			out = append(out, diag.Finding{Code: "duplicate-address", Span: diag.Span{File: at}, Message: fmt.Sprintf("%s would be a file and the folder of %s", dir, name), Hint: "rename one of the two"})
			break
		}
	}
	return out
}

// level gives every finding its severity: that of site.toml, else its own, else that of its code. A page that cannot be
// made stays an error whatever site.toml says, since the build would remove it.
func (r *Result) level(found []diag.Finding, levels []content.Level) {
	set := map[string]diag.Severity{}
	for _, l := range levels {
		set[l.Code] = l.Severity
	}
	for _, f := range found {
		if f.Code == "layout-error" || f.Code == "unknown-field" {
			f.Severity = diag.Error
		} else if sev, ok := set[f.Code]; ok {
			f.Severity = sev
		} else if f.Severity == diag.Default {
			f.Severity = diag.Level(f.Code)
		}
		if f.Severity == diag.Off {
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
