package site

import (
	"cmp"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// shortName is how a source is called in a line: who published it, else who wrote it.
func shortName(s *content.Source) string {
	if n := cmp.Or(s.Container.Text, s.Publisher); n != "" {
		return n
	}
	for _, a := range s.Authors {
		if n := a.Surname(); n != "" {
			return n
		}
	}
	return cmp.Or(s.Title.Text, s.ID)
}

// titleOf is what a source is called where one line says it, without markup.
func titleOf(s *content.Source) string { return cmp.Or(s.Title.Text, shortName(s)) }

// addNames enters the other names of sources, after all ids, which come first.
func (s *Site) addNames(taken map[string]*Thing) {
	for _, t := range s.Sources {
		for _, n := range t.Source.Names {
			key := content.Fold(n.Text)
			switch first := taken[key]; {
			case first == nil, first == t:
				taken[key] = t
				s.Records[n.Text] = t
			default:
				f := s.add("duplicate-id", n.Span, "pages, facts, claims, events and sources share one list of names; give one of the two another citation key", "%q is the name of two sources", n.Text)
				if first.Kind != "source" {
					f.Message = fmt.Sprintf("the name %q is taken", n.Text)
				}
				f.Related = []diag.Related{{Span: first.Span, Message: fmt.Sprintf("a %s has it", first.Kind)}}
			}
		}
	}
}

func (v *viewer) source(t *Thing) SourceView {
	s, src := v.s, t.Source
	out := SourceView{ID: t.ID, URL: v.rel(t.URL), Title: t.Title, Publisher: shortName(src), Kind: cmp.Or(src.Genre, s.Lang.SourceKinds[src.Type], src.Type),
		Date: DateView{ISO: src.Issued.Plain().ISO, Text: s.Lang.FormatSourceDate(src.Issued)}, Link: src.URL, Archive: src.Archive, Seen: src.Seen, Unseen: src.Unseen, Note: src.Note}
	if src.DOI != "" {
		out.DOI, out.DOILink = src.DOI, content.DOIAddress(src.DOI)
	}
	if gone := s.dead[withoutFragment(src.URL)]; gone != nil {
		out.Gone = s.date(gone.Since)
		if out.Archive != "" {
			out.Link = ""
		}
	}
	out.Text = v.sourceText(src)
	for _, via := range s.vias(t) {
		out.Via = append(out.Via, SourceLink{Title: shortName(via.Source), URL: v.rel(via.URL)})
	}
	// "A, via B, via C" follows the first link of each, as docs/content/sections/sources-and-citations.md says.
	chain := shortName(src)
	for at, seen := t, map[*Thing]bool{t: true}; ; {
		next := s.vias(at)
		if len(next) == 0 || seen[next[0]] {
			break
		}
		at = next[0]
		seen[at] = true
		chain += s.Lang.UI.Comma + " " + s.Lang.UI.Via + " " + shortName(at.Source)
	}
	if chain != shortName(src) {
		out.Chain = chain
	}
	return out
}

// sourceText is a source as lists name it: who, title, where and when, each if the record says it.
func (v *viewer) sourceText(src *content.Source) template.HTML {
	s := v.s
	// Names in another script stand by themselves, or the day of a date would go to the wrong side of them.
	isolated := func(text string) string { return string(v.isolated(text)) }
	var b strings.Builder
	var authors []string
	for _, a := range src.Authors {
		authors = append(authors, a.Name())
	}
	if len(authors) > 0 {
		who := isolated(strings.Join(authors, s.Lang.UI.Comma+" "))
		if word := s.Lang.Role(src.Role, len(authors)); word != "" {
			who += " (" + esc(word) + ")"
		}
		b.WriteString(who)
		if !strings.HasSuffix(who, ".") {
			b.WriteByte('.')
		}
		b.WriteByte(' ')
	}
	if title := src.Title.Text; title != "" {
		lang := ""
		if src.Lang != "" && src.Lang != s.Lang.Tag {
			lang = ` lang="` + esc(src.Lang) + `"`
		}
		b.WriteString("<cite" + lang + ">" + v.rich(src.Title) + "</cite>")
		if !strings.ContainsAny(title[len(title)-1:], ".?!") {
			b.WriteString(".")
		}
		b.WriteString(" ")
	}
	var rest []string
	w := s.Lang.UI
	volume := src.Volume
	switch {
	case src.Container.Text == "" && volume != "":
		volume = fmt.Sprintf(w.Volume, volume)
	case volume != "" && src.Issue != "":
		volume += "(" + src.Issue + ")"
	}
	if src.Container.Text != "" && !slices.Contains(authors, src.Container.Text) {
		c := v.rich(src.Container)
		if volume != "" {
			c += " " + isolated(volume)
		}
		rest, volume = append(rest, c), ""
	}
	if volume != "" {
		rest = append(rest, isolated(volume))
	}
	if src.Issue != "" && (src.Volume == "" || src.Container.Text == "") {
		rest = append(rest, isolated(fmt.Sprintf(w.Issue, src.Issue)))
	}
	if src.Publisher != "" && !slices.Contains(authors, src.Publisher) {
		rest = append(rest, isolated(src.Publisher))
	}
	if d := s.Lang.FormatSourceDate(src.Issued); d != "" {
		rest = append(rest, isolated(d))
	}
	if src.Page != "" {
		word := w.Pages
		if onePage.MatchString(src.Page) {
			word = w.OnPage
		}
		rest = append(rest, isolated(fmt.Sprintf(word, src.Page)))
	}
	if len(rest) > 0 {
		last := strings.Join(rest, w.Comma+" ")
		b.WriteString(last)
		if !strings.HasSuffix(last, ".") { // n.d.
			b.WriteByte('.')
		}
	}
	if src.ISBN != "" {
		b.WriteString(" ISBN " + esc(src.ISBN) + ".")
	}
	return template.HTML(strings.TrimSpace(b.String()))
}

// onePage is a page of a newspaper or book, such as 7, A1 or xii.
var onePage = regexp.MustCompile(`^[A-Za-z]?\d+[A-Za-z]?$|^[ivxlc]+$`)

// rich is a title as HTML, with its markup and with names in another script in elements of their own.
func (v *viewer) rich(t content.RichText) string {
	if t.HTML == "" {
		return string(v.isolated(t.Text))
	}
	var b strings.Builder
	for rest := t.HTML; rest != ""; {
		open, shut := strings.IndexByte(rest, '<'), strings.IndexByte(rest, '>')
		if open < 0 {
			open, shut = len(rest), len(rest)-1
		}
		b.WriteString(string(v.isolated(unmarked(rest[:open]))))
		b.WriteString(rest[open : shut+1])
		rest = rest[shut+1:]
	}
	return b.String()
}

func (v *viewer) sources(ts []*Thing) []SourceView {
	var out []SourceView
	for _, t := range ts {
		if t.Source != nil {
			out = append(out, v.source(t))
		}
	}
	return out
}
