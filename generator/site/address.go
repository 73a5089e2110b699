package site

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// made lists the pages that the generator makes itself, in the order of the navigation. has says whether the site has
// something to show on one.
var made = []struct {
	kind, url string
	title     func(content.Words) string
	has       func(*Site) bool
}{
	{"timeline", "timeline/", func(w content.Words) string { return w.Timeline }, func(s *Site) bool { return s.dated }},
	{"people", "who/", func(w content.Words) string { return w.WhosWho }, func(s *Site) bool { return len(s.Of(content.Who)) > 0 }},
	{"terms", "terms/", func(w content.Words) string { return w.Glossary }, func(s *Site) bool { return len(s.Of(content.Term)) > 0 }},
	{"facts", "facts/", func(w content.Words) string { return w.Facts }, func(s *Site) bool { return len(s.Facts) > 0 }},
	{"disputed", "disputed/", func(w content.Words) string { return w.Disputed }, func(s *Site) bool { return len(s.Claims) > 0 }},
	{"sources", "sources/", func(w content.Words) string { return w.Sources }, func(s *Site) bool { return len(s.Sources) > 0 }},
	{"changes", "changes/", func(w content.Words) string { return w.Changes }, func(s *Site) bool { return s.changed }},
	{"corrections", "corrections/", func(w content.Words) string { return w.Corrections }, func(s *Site) bool { return s.corrected && s.foot[1] == nil }}, // a page of that name lists them itself
	{"search", "search/", func(w content.Words) string { return w.AZ }, func(s *Site) bool { return len(s.Pages) > 1 }},
	{"brief", "brief/", func(w content.Words) string { return w.Brief }, func(s *Site) bool { return len(s.Path) > 0 }},
	{"summary", "summary/", func(w content.Words) string { return w.Summary }, func(s *Site) bool { return len(s.Path) > 0 }},
	{"all", "all/", func(w content.Words) string { return w.PrintAll }, func(s *Site) bool { return len(s.Path) > 0 }},
	{"overview", "", func(content.Words) string { return "" }, func(s *Site) bool { return s.overview == nil }},
	{"notfound", "404.html", func(w content.Words) string { return w.NotFound }, func(*Site) bool { return true }},
}

// Reserved file names of the output that no page or asset may take.
var reserved = []string{"404.html", "sitemap.xml", "feed.xml", ".gloss-files", "facts.json", "facts.csv", "claims.json", "sources.bib", AddressFile, "_x"}

// ownFile stands for the generator where the names of files that want one address are kept.
const ownFile = "/"

// TwinName is the file beside a page that holds it as markdown.
const TwinName = "index.md"

// OutputPath is the file in which a page with this address is written.
func OutputPath(u string) string {
	if u != "" && !strings.HasSuffix(u, "/") {
		return u
	}
	return u + "index.html"
}

// addresses finds the assets, the made pages, and everything that would land on the same place.
func (s *Site) addresses(assets []Asset) {
	byURL, cards := map[string]*Page{}, map[string]bool{}
	for _, p := range s.Pages {
		if s.byURL[p.URL] == nil {
			s.byURL[p.URL] = p
		}
		key := strings.ToLower(p.URL)
		if first := byURL[key]; first != nil && strings.EqualFold(first.Name, p.Name) {
			continue // one file on disks that ignore case, which has a finding of its own
		} else if first != nil {
			f := s.add("duplicate-address", p.Thing.Span, "give one of the two another title, slug or file name", "%s and %s would both stand at /%s", first.Name, p.Name, p.URL)
			f.Related = []diag.Related{{Span: first.Thing.Span, Message: "the other one"}}
			continue
		}
		byURL[key] = p
	}
	for _, m := range made {
		if !m.has(s) && !(m.kind == "overview" && s.overview == nil) {
			continue
		}
		mp := &Made{Kind: m.kind, URL: m.url, Title: cmp.Or(m.title(s.Lang.UI), s.Config.Title)}
		if p := byURL[strings.ToLower(m.url)]; p != nil && m.kind != "overview" {
			if p.Type != content.Plain {
				s.add("reserved-name", p.Thing.Span, "give it another title or a slug", "the address /%s belongs to a page that the generator makes", m.url)
				continue
			}
			mp.Page, p.Made = p, mp
			mp.Title = p.Meta.Title
		}
		if mp.Page == nil && m.kind != "notfound" && m.kind != "overview" {
			mp.Thing = &Thing{Kind: "made", ID: strings.TrimSuffix(m.url, "/"), Title: mp.Title, URL: m.url}
		}
		s.Made = append(s.Made, mp)
	}
	s.lists = len(s.Made)
	for _, t := range slices.Concat(s.Facts, s.Claims) {
		u := "card/" + content.Slug(t.ID) + "/"
		if p := byURL[u]; p != nil {
			s.add("reserved-name", p.Thing.Span, "give it another name", "the address /%s belongs to a page that the generator makes", u)
		} else if u != "card//" && !cards[u] { // what another has, or cannot be an address, goes without
			cards[u], t.card = true, u
			s.Made = append(s.Made, &Made{Kind: "card", URL: u, Title: t.Title, Record: t})
		}
	}
	if s.overview != nil {
		for i := range s.overview.Meta.Takeaways {
			n := strconv.Itoa(i + 1) // with a _, which no record's id becomes
			s.Made = append(s.Made, &Made{Kind: "card", URL: "card/_t" + n + "/", Title: s.Lang.UI.KeyPoints + " " + n, Point: i + 1})
		}
	}
	s.withdraw(byURL)
	taken := map[string]string{}
	for i, m := range s.Made {
		m.Order = i
		if m.Page == nil && !(m.Kind == "overview" && s.overview != nil) {
			taken[strings.ToLower(OutputPath(m.URL))] = ownFile
		}
	}
	for _, p := range s.Pages {
		taken[strings.ToLower(OutputPath(p.URL))] = p.File
		if p.Made == nil {
			taken[strings.ToLower(path.Join(path.Dir(OutputPath(p.URL)), TwinName))] = p.File
		}
		first, _, _ := strings.Cut(p.URL, "/")
		if slices.Contains(reserved, first) {
			s.add("reserved-name", p.Thing.Span, "give it another name", "the address /%s is kept for the generator", p.URL)
		}
	}
	for i := range assets {
		a := &assets[i]
		at := diag.Span{File: a.File}
		if slices.Contains(reserved, a.Path) || strings.HasPrefix(a.Path, "_x/") {
			s.add("reserved-name", at, "give it another name", "the file name %q is kept for the generator", a.Path)
			continue
		}
		if other := taken[strings.ToLower(a.Path)]; strings.EqualFold(other, a.File) {
			continue
		} else if other == ownFile {
			s.add("reserved-name", at, "give it another name", "the file name %q is kept for a page that the generator makes", a.Path)
			continue
		} else if other != "" {
			f := s.add("duplicate-address", at, "rename one of the two", "%s and %s would both be written to %s", other, a.File, a.Path)
			f.Related = []diag.Related{{Span: diag.Span{File: other}, Message: "the other one"}}
			continue
		}
		taken[strings.ToLower(a.Path)] = a.File
		s.assets[foldPath(a.Path)] = a
		base := foldPath(path.Base(a.Path))
		s.byBase[base] = append(s.byBase[base], a)
	}
}

// MadeAt returns the made page of one kind, or nil.
func (s *Site) MadeAt(kind string) *Made {
	for _, m := range s.Made[:s.lists] {
		if m.Kind == kind {
			return m
		}
	}
	return nil
}

// relative writes the address of one page or file as seen from another (design decision 6). Both are relative to the
// site's root.
func relative(from, to string) string {
	end := strings.IndexByte(to, '#')
	if end < 0 {
		end = len(to)
	} else if from == to[:end] {
		return to[end:]
	}
	dir := from[:strings.LastIndexByte(from, '/')+1]
	common := 0
	for i := 0; i < len(dir) && i < end && dir[i] == to[i]; i++ {
		if dir[i] == '/' {
			common = i + 1
		}
	}
	up := strings.Repeat("../", strings.Count(dir[common:], "/"))
	switch first, _, _ := strings.Cut(to[common:end], "/"); {
	case up != "":
	case common == end:
		up = "./"
	case strings.Contains(first, ":"): // it would read as a scheme (RFC 3986 section 4.2)
		up = "./"
	}
	return up + to[common:]
}
