package site

import (
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strconv"

	"gloss/generator/content"
)

// boxName is what makes a box a landmark.
var boxName = regexp.MustCompile(`(<section class="box[^>]*?) aria-labelledby="[^"]*"`)

// all is every section in order, with notes, sources and the timeline, on one page for printing.
func (v *viewer) all(out *View) {
	s := v.s
	out.NoIndex = true
	if s.Base != "" {
		out.Canonical = s.Base
	}
	for i, p := range s.Path {
		it := v.section(p)
		v.prefix, v.shift = fmt.Sprintf("_q%d-", i+1), 1
		it.Answer = v.inline(p, p.Meta.Answer.Body)
		it.Body = v.whole(p)
		for j, part := range it.Body { // each section has boxes of the same names, which would be no landmarks any more
			it.Body[j].HTML = template.HTML(boxName.ReplaceAllString(string(part.HTML), "$1"))
		}
		v.prefix, v.shift = "", 0
		out.Sections = append(out.Sections, it)
		out.Minutes += Minutes(p.Words)
	}
	out.Sources = v.citeList()
	if len(s.Events) > 0 {
		out.Timeline = *v.groups(s.Events)
	}
}

// allLink leads to everything on one page.
func (v *viewer) allLink() NavItem {
	m := v.s.MadeAt("all")
	if m == nil {
		return NavItem{}
	}
	return NavItem{Title: m.Title, URL: v.rel(m.URL)}
}

// card leads to the small page of a fact or claim.
func (v *viewer) card(t *Thing) string {
	if t.card == "" {
		return ""
	}
	return v.rel(t.card)
}

// point is a takeaway by itself: without the numbers of a list of sources, which a card does not have, and with their
// names instead.
func (v *viewer) point(n int) PointView {
	p := v.s.overview
	t := p.Meta.Takeaways[n-1]
	var from []*Thing
	for _, piece := range t.Body {
		if piece.Ref >= 0 && p.Refs[piece.Ref].Kind == content.RefCite {
			if src := p.Targets[piece.Ref].Thing; src != nil && !slices.Contains(from, src) {
				from = append(from, src)
			}
		}
	}
	day := p.updated()
	if day.IsZero() {
		day = p.Meta.Published
	}
	return PointView{Text: v.quoted(p, t), URL: v.rel(p.URL) + "#_t" + strconv.Itoa(n), Date: v.s.date(day), Sources: v.sources(from)}
}
