package site

import (
	"cmp"
	"fmt"

	"gloss/generator/content"
)

// Text is what the search knows of the prose of one page.
type Text struct {
	URL    string // relative to the site's root
	Title  string
	Blocks []TextBlock
}

// TextBlock is one paragraph, item or the like.
type TextBlock struct {
	ID   string // "" for the page itself
	Text string
}

// TextOf is the prose of a page, as readers see it. What stands in front matter has a Name.
func (s *Site) TextOf(p *Page) Text {
	t := Text{URL: p.URL, Title: p.Thing.Title}
	for i := range p.Blocks {
		if b := &p.Blocks[i]; b.Kind != "front" && b.Text != "" {
			text := b.Text
			if len(p.inserts[i]) > 0 {
				text, _, _ = s.shown(Mention{In: p, Block: i, Ref: -1})
			}
			t.Blocks = append(t.Blocks, TextBlock{b.ID, text})
		}
	}
	return t
}

// Inserts says whether the prose of a page holds words that records or other pages lend.
func (p *Page) Inserts() bool { return len(p.inserts) > 0 }

// Name is something that can be found by what it is called.
type Name struct {
	URL     string // relative to the site's root
	Title   string
	Kind    string // the language's word
	Rank    int    // what comes first among equals: 0 answers, then facts, names, events, sources, lists
	Text    string // the answer, the value, the definition
	Aliases []string
}

// Names are everything that has a name, in a fixed order: pages in reading order, records, and the pages that the
// generator makes. They depend on front matter and records alone.
func (s *Site) Names() []Name {
	var out []Name
	v := s.viewer(nil, "")
	for _, p := range s.Pages {
		n := Name{URL: p.URL, Title: p.Thing.Title, Kind: s.kindWord(string(p.Type)), Rank: 5}
		switch p.Type {
		case content.Section:
			n.Rank, n.Text, n.Kind = 0, plainText(string(v.quoted(p, p.Meta.Answer))), fmt.Sprintf("%s %d", s.Lang.UI.Question, p.Number)
		case content.Term:
			n.Rank, n.Text = 2, plainText(string(v.quoted(p, p.Meta.Summary)))
		case content.Who:
			n.Rank, n.Text, n.Kind = 2, plainText(string(v.quoted(p, p.Meta.Summary))), cmp.Or(s.kindWord(p.Meta.Kind), n.Kind)
		case content.Event:
			n.Rank, n.Text = 3, plainText(string(v.quoted(p, p.Meta.Summary)))
			if p.Event != nil {
				n.Kind += " · " + cmp.Or(s.when(p.Event), s.Lang.UI.DateNotGiven)
			}
		case content.Overview:
			n.Text = plainText(string(v.quoted(p, p.Meta.Standfirst)))
		}
		for _, a := range p.Meta.Aliases {
			n.Aliases = append(n.Aliases, a.Text)
		}
		out = append(out, n)
	}
	w := s.Lang.UI
	for _, t := range s.Facts {
		out = append(out, Name{URL: t.URL, Title: t.Title, Kind: w.Fact, Rank: 1, Text: s.full(t.Fact, -1) + " (" + w.AsOf + " " + s.Lang.FormatDate(t.Fact.AsOf) + ")"})
	}
	for _, t := range s.Claims {
		out = append(out, Name{URL: t.URL, Title: s.plainOf(t, t.Claim.Claim), Kind: w.Claim, Rank: 3})
	}
	for _, e := range s.Events {
		if e.Page == nil {
			out = append(out, Name{URL: e.Thing.URL, Title: e.Title, Kind: w.Event + " · " + cmp.Or(s.when(e), w.DateNotGiven), Rank: 3})
		}
	}
	for _, t := range s.Sources {
		out = append(out, Name{URL: t.URL, Title: t.Title, Kind: w.Source + " · " + shortName(t.Source), Rank: 4})
	}
	for _, m := range s.Made {
		if m.Page == nil && m.Kind != "notfound" && m.Kind != "overview" && m.Kind != "search" && m.Kind != "withdrawn" {
			out = append(out, Name{URL: m.URL, Title: m.Title, Kind: w.Page, Rank: 5})
		}
	}
	return out
}

// PageOf returns the page of a source file, or nil.
func (s *Site) PageOf(file string) *Page { return s.byFile[file] }
