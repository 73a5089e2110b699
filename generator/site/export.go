package site

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"

	"gloss/generator/content"
)

// The JSON of `graph` (contract section 9).
type graphJSON struct {
	Pages    []graphPage    `json:"pages"`
	Records  []graphRecord  `json:"records"`
	Links    []graphLink    `json:"links"`
	Mentions []graphMention `json:"mentions"`
}

type graphPage struct {
	Path    string   `json:"path"`
	URL     string   `json:"url"`
	Title   string   `json:"title"`
	Type    string   `json:"type"`
	Aliases []string `json:"aliases"`
}

type graphRecord struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	URL  string `json:"url"`
}

type graphLink struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Target   string `json:"target"`
	Fragment string `json:"fragment"`
	Kind     string `json:"kind"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Resolved bool   `json:"resolved"`
}

type graphMention struct {
	Of       string `json:"of"`
	In       string `json:"in"`
	Sentence string `json:"sentence"`
	Block    string `json:"block"`
}

// WriteGraph prints everything that is known of the site's links. place turns a byte offset of a file into a line and
// a column.
func (s *Site) WriteGraph(w io.Writer, place func(file string, offset int) (line, column int)) error {
	g := graphJSON{Pages: []graphPage{}, Records: []graphRecord{}, Links: []graphLink{}, Mentions: []graphMention{}}
	link := func(from, file string, r *content.Ref, t Target) {
		kind := string(r.Kind)
		switch r.Kind {
		case content.RefLink, content.RefEmbed:
			if t.Thing != nil && t.Thing.Kind == "claim" {
				kind = "claim"
			}
		case content.RefImage:
			kind = "embed"
			if !r.Wiki {
				kind = "link"
			}
		case content.RefCite, content.RefFact, content.RefEvent, content.RefClaim:
		default:
			return
		}
		if r.Kind == content.RefCite && !t.OK() && r.Target == "*" {
			return
		}
		target := r.Target
		if r.At != "" && r.Kind == content.RefFact {
			target += "@" + r.At
		}
		l := graphLink{From: from, Target: target, Fragment: r.Fragment, Kind: kind, Resolved: t.OK()}
		if t.Thing != nil {
			l.To = t.Thing.Key()
		} else if t.Asset != nil {
			l.To = t.Asset.Path
		}
		if r.Fragment != "" && r.Fragment != "top" && t.Thing != nil && t.Fragment == "" {
			l.Resolved = false
		}
		l.Line, l.Column = place(file, r.Span.Start)
		g.Links = append(g.Links, l)
	}
	for _, p := range s.Pages {
		aliases := []string{}
		for _, a := range p.Meta.Aliases {
			aliases = append(aliases, a.Text)
		}
		g.Pages = append(g.Pages, graphPage{p.Name, p.URL, p.Thing.Title, string(p.Type), aliases})
		for i := range p.Refs {
			link(p.Name, p.File, &p.Refs[i], p.Targets[i])
		}
		for _, a := range p.Autos {
			text := p.Blocks[a.Block].Text
			l := graphLink{From: p.Name, To: a.Thing.Key(), Target: text[a.TextFrom:min(a.TextTo, len(text))], Kind: "auto", Resolved: true}
			l.Line, l.Column = place(p.File, p.Blocks[a.Block].Span.Start)
			g.Links = append(g.Links, l)
		}
	}
	data := slices.Clone(s.data)
	slices.SortFunc(data, func(a, b *content.Data) int { return cmp.Compare(a.Name, b.Name) })
	for _, d := range data {
		for i := range d.Refs {
			link(d.Name, d.File, &d.Refs[i], s.dataRefs[d][i])
		}
	}
	var things []*Thing
	for _, t := range s.Records {
		things = append(things, t)
	}
	slices.SortFunc(things, func(a, b *Thing) int { return cmp.Compare(a.ID, b.ID) })
	things = slices.Compact(things) // a source may have two names
	for _, t := range things {
		g.Records = append(g.Records, graphRecord{t.ID, t.Kind, t.URL})
	}
	for _, p := range s.Pages {
		if p.Event == nil {
			things = append(things, p.Thing)
		}
	}
	slices.SortFunc(things, func(a, b *Thing) int { return cmp.Compare(a.Key(), b.Key()) })
	for _, t := range things {
		for _, m := range t.Used {
			before, words, after := s.sentenceOf(m, mentionRunes)
			g.Mentions = append(g.Mentions, graphMention{t.Key(), m.In.Name, before + words + after, m.In.Blocks[m.Block].ID})
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(g)
}

// Addresses are the pages that a sitemap lists: their addresses and the dates of their newest change, as ISO dates.
func (s *Site) Addresses() [][2]string {
	var out [][2]string
	for _, p := range s.Pages {
		if p.Made == nil && !p.Meta.Draft {
			out = append(out, [2]string{p.URL, cmp.Or(p.updated().ISO, p.Meta.Published.ISO)})
		}
	}
	for _, m := range s.Made {
		if !m.promised() || m.Page != nil && m.Page.Meta.Draft {
			continue
		}
		changed := ""
		if m.Kind == "changes" || m.Kind == "corrections" {
			for _, c := range s.Changes {
				if m.Kind == "changes" || c.Kind == "correction" {
					changed = max(changed, c.Date.ISO)
				}
			}
		}
		out = append(out, [2]string{m.URL, changed})
	}
	slices.SortFunc(out, func(a, b [2]string) int { return cmp.Compare(a[0], b[0]) })
	return out
}
