package site

import (
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// Outside is a link that leads out of the site.
type Outside struct {
	URL  string // without a fragment
	Span diag.Span
	Dead *content.Dead // the record that it is gone, or nil
}

// Outside lists the links that lead out of the site: those of the pages and records, and the addresses of the sources.
// Whether they lead anywhere is not for a build to know, which must be the same tomorrow and without a network: check
// --external asks, and records in content/data/dead.toml what is gone.
func (s *Site) Outside() []Outside {
	var out []Outside
	add := func(u string, span diag.Span) {
		if isWeb(u) {
			u = withoutFragment(u)
			out = append(out, Outside{u, span, s.dead[u]})
		}
	}
	refs := func(refs []content.Ref) {
		for i := range refs {
			if refs[i].Kind == content.RefExternal {
				add(refs[i].Target, refs[i].Span)
			}
		}
	}
	for _, p := range s.Pages {
		refs(p.Refs)
	}
	for _, d := range s.data {
		refs(d.Refs)
		for i := range d.Sources {
			add(d.Sources[i].URL, d.Sources[i].URLSpan)
		}
	}
	return out
}

// Dead lists the records of addresses that are gone.
func (s *Site) Dead() []content.Dead {
	var out []content.Dead
	for _, d := range s.data {
		out = append(out, d.Dead...)
	}
	return out
}

// withoutFragment is what a server is asked for.
func withoutFragment(u string) string {
	u, _, _ = strings.Cut(u, "#")
	return u
}

// checkDead reports the links of a page that are gone.
func (s *Site) checkDead(p *Page) {
	for i := range p.Refs {
		s.deadRef(&p.Refs[i])
	}
}

// checkDeadRecords does the same for records. A source that is gone and has an archived copy is in order: readers are
// led to the copy.
func (s *Site) checkDeadRecords() {
	for _, d := range s.data {
		for i := range d.Refs {
			s.deadRef(&d.Refs[i])
		}
		for i := range d.Sources {
			src := &d.Sources[i]
			if gone := s.dead[withoutFragment(src.URL)]; gone != nil && src.Archive == "" {
				s.add("dead-link", src.URLSpan, `find a copy at web.archive.org and add it as "archive_location"`, "%s is gone since %s", src.URL, s.Lang.FormatDate(gone.Since))
			}
		}
	}
}

func (s *Site) deadRef(r *content.Ref) {
	if r.Kind != content.RefExternal {
		return
	}
	if gone := s.dead[withoutFragment(r.Target)]; gone != nil {
		s.add("dead-link", r.Span, s.DeadHint(r.Target), "%s is gone since %s", r.Target, s.Lang.FormatDate(gone.Since))
	}
}

// DeadHint says what a writer may do about a link that is gone.
func (s *Site) DeadHint(u string) string {
	if copied := s.archives[withoutFragment(u)]; copied != "" {
		return "link to the archived copy: " + copied
	}
	return "link to a copy, which web.archive.org may have, or cite a source that has one"
}
