package site

import (
	"path"
	"slices"
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// findUnused finds the files of content/ that nothing published uses, which are not copied: the picture of a draft, or a
// file that only lies there. A file is used by a reference of a page, of a record or of a redirect, and by being named in
// a layout, a stylesheet, a file of static/ or another file that is used.
func (s *Site) findUnused(assets []Asset, names map[string][]string) {
	used := map[*Asset]bool{}
	var queue []*Asset
	use := func(a *Asset) {
		if a != nil && !used[a] {
			used[a] = true
			queue = append(queue, a)
		}
	}
	named := func(file string) {
		for _, n := range names[file] {
			for _, a := range s.byBase[foldPath(n)] {
				use(a)
			}
		}
	}
	for _, p := range s.Pages {
		for _, t := range p.Targets {
			use(t.Asset)
		}
	}
	for _, d := range s.data {
		for _, t := range s.dataRefs[d] {
			use(t.Asset)
		}
	}
	for _, r := range s.redirects() {
		use(s.assets[foldPath(r.to.page)])
	}
	for file := range names {
		if !strings.HasPrefix(file, "content/") {
			named(file)
		}
	}
	for len(queue) > 0 {
		a := queue[0]
		queue = queue[1:]
		if strings.HasPrefix(a.File, "content/") {
			named(a.File)
		}
	}
	s.unused = map[string]bool{}
	for i := range assets {
		// A file that is not among the addresses has an error.
		if a := &assets[i]; strings.HasPrefix(a.File, "content/") && s.assets[foldPath(a.Path)] == a && !used[a] {
			s.unused[a.File] = true
			s.unusedList = append(s.unusedList, a)
		}
	}
}

// Unused says whether a file is not copied, since nothing published uses it.
func (s *Site) Unused(a Asset) bool { return s.unused[a.File] }

// pageNames are the endings of files that other programs take for pages.
var pageNames = []string{".markdown", ".mdown", ".mkd", ".mkdn", ".mdx", ".qmd", ".rmd"}

func isPageName(a *Asset) bool {
	return slices.Contains(pageNames, strings.ToLower(path.Ext(a.File)))
}

// checkPageNames reports files that the writer takes for pages, and that nothing uses as a file.
func (s *Site) checkPageNames() {
	for _, a := range s.unusedList {
		if isPageName(a) {
			s.add("reserved-name", diag.Span{File: a.File}, "rename it to "+strings.TrimSuffix(a.Path, path.Ext(a.Path))+".md", "the names of pages end in .md, so this file is not read and not published")
		}
	}
}

// checkUnused lists the files that are not copied.
func (s *Site) checkUnused() {
	for _, a := range s.unusedList {
		if isPageName(a) {
			continue
		}
		by := "nothing published uses this file"
		if drafts := s.draftUses[foldPath(path.Base(a.Path))]; len(drafts) > 0 {
			by = "only a draft uses this file, " + strings.Join(drafts, " and ")
		}
		s.add("unused-file", diag.Span{File: a.File}, "it can stay like that; to publish it, link to it or show it, or move it to static/", "%s, so it is not published", by)
	}
}

// noteDraft remembers which files a draft that is left out names.
func (s *Site) noteDraft(d *content.Doc) {
	for _, r := range d.Refs {
		if r.Kind != content.RefImage && r.Kind != content.RefLink && r.Kind != content.RefEmbed {
			continue
		}
		base := foldPath(path.Base(r.Target))
		if !slices.Contains(s.draftUses[base], d.File) {
			s.draftUses[base] = append(s.draftUses[base], d.File)
		}
	}
}

// usesSameFiles says whether a page with another text uses the files that it uses now: else a file may come into the
// output or leave it.
func (s *Site) usesSameFiles(p *Page, now *content.Doc) bool {
	own, next := *s, &Page{Doc: now, URL: p.URL, Thing: p.Thing, Event: p.Event}
	own.into = new([]diag.Finding)
	own.resolvePage(next)
	return slices.Equal(p.files(), next.files())
}

// files are those that a page uses, sorted.
func (p *Page) files() []string {
	var out []string
	for _, t := range p.Targets {
		if t.Asset != nil && strings.HasPrefix(t.Asset.File, "content/") {
			out = append(out, t.Asset.File)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
