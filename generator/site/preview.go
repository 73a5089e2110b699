package site

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gloss/generator/content"
)

// Preview is what the card over a link shows of its target. Meta, Text and From are HTML of b, i, p, bdi and time, and of del, sub, sup and ruby.
type Preview struct {
	Key    string // the address that the link leads to, relative to the site's root: "terms/x/", "facts/#x"
	Title  string // plain
	Meta   string // kind, date or role
	Text   string // at most 60 words and 350 characters, ending with a sentence
	From   string // where a fact is from
	Review string // ISO day after which a fact is past its review date
}

// What a preview shows at most (reader.md 1.3 and checklist 34).
const (
	previewWords = 60
	previewRunes = 350
)

// Previews are those of everything that a link in prose can lead to beside sections, in a fixed order.
func (s *Site) Previews() []Preview {
	var out []Preview
	for _, p := range s.Pages {
		switch p.Type {
		case content.Term, content.Who, content.Event:
			out = append(out, s.pagePreview(p))
		}
	}
	for _, t := range s.Facts {
		out = append(out, s.factPreview(t))
	}
	for _, t := range s.Claims {
		out = append(out, s.claimPreview(t))
	}
	for _, t := range s.Sources {
		out = append(out, s.sourcePreview(t))
	}
	for _, e := range s.Events {
		if e.Page == nil {
			out = append(out, s.eventPreview(e))
		}
	}
	return out
}

// ProseInPreview says whether an edit of a file's prose may change a preview: that of a page whose summary shows nothing.
func (s *Site) ProseInPreview(file string) bool {
	p := s.byFile[file]
	if p == nil {
		return false
	}
	switch p.Type {
	case content.Term, content.Who, content.Event:
		return s.summaryOf(p) == ""
	}
	return false
}

// summaryOf is what a preview shows of a page's summary; "" when there is none, or nothing but citations.
func (s *Site) summaryOf(p *Page) string {
	return brief(string(s.viewer(nil, "").quoted(p, p.Meta.Summary)))
}

func (s *Site) pagePreview(p *Page) Preview {
	v := s.viewer(nil, "")
	out := Preview{Key: p.URL, Title: p.Meta.Title, Text: s.summaryOf(p)}
	if out.Text == "" {
		for i, b := range p.Blocks {
			if b.Kind == "paragraph" && b.Text != "" {
				text, _, _ := s.shown(Mention{In: p, Block: i, Ref: -1})
				out.Text = brief(esc(text))
				break
			}
		}
	}
	switch p.Type {
	case content.Who:
		out.Meta = esc(cmp.Or(s.kindWord(p.Meta.Kind), s.kindWord("who")))
		if role := plainer(string(v.quoted(p, p.Meta.Role))); role != "" {
			out.Meta += " · " + role
			if !p.Meta.RoleAsOf.IsZero() {
				out.Meta += ", " + s.asOf(p.Meta.RoleAsOf)
			}
		}
	case content.Event:
		out.Meta = esc(s.kindWord("event"))
		if p.Event != nil {
			out.Meta = s.eventMeta(p.Event)
		}
	default:
		out.Meta = esc(s.kindWord(string(p.Type)))
	}
	return out
}

func (s *Site) eventMeta(e *Event) string {
	w := s.Lang.UI
	meta := esc(w.Event)
	when := esc(s.when(e))
	switch {
	case when == "":
		return meta + " · " + esc(w.DateNotGiven)
	case !e.Date.IsZero():
		when = `<time datetime="` + e.Date.ISO + `">` + when + "</time>"
	}
	if e.Planned {
		when = esc(w.Due) + " " + when
	}
	if e.Disputed {
		when += " · " + esc(w.DateDisputed)
	}
	return meta + " · " + when
}

func (s *Site) eventPreview(e *Event) Preview {
	out := Preview{Key: e.Thing.URL, Title: e.Title, Meta: s.eventMeta(e), From: s.from(e.Sources)}
	var names []string
	for _, t := range e.Who {
		names = append(names, esc(t.Title))
	}
	if len(names) > 0 {
		out.Text = "<p>" + strings.Join(names, s.Lang.UI.Comma+" ") + "</p>"
	}
	return out
}

func (s *Site) factPreview(t *Thing) Preview {
	f, w := t.Fact, s.Lang.UI
	out := Preview{Key: t.URL, Title: f.Label, Meta: esc(w.Fact) + " · " + s.asOf(f.AsOf), From: s.from(s.dataThings(t.Data, f.Sources)), Review: f.Review.ISO}
	if word := map[string]string{"disputed": w.DisputedStatus, "superseded": w.Superseded, "withdrawn": w.Withdrawn}[f.Status]; word != "" {
		out.Meta += " · <b>" + esc(word) + "</b>"
	}
	out.Text = "<p><b><bdi>" + esc(s.insert(f, -1)) + "</bdi></b>"
	if unit := unitAfter(f); unit != "" {
		out.Text += " " + esc(unit)
	}
	out.Text += "</p>"
	if len(f.History) > 0 {
		var past []string
		for i, h := range f.History[:min(2, len(f.History))] {
			past = append(past, "<bdi>"+esc(s.valueOf(f, i))+"</bdi> ("+s.time(h.AsOf)+")")
		}
		out.Text += "<p>" + esc(w.History) + ": " + strings.Join(past, "; ") + "</p>"
	}
	return out
}

func (s *Site) claimPreview(t *Thing) Preview {
	c, w := t.Claim, s.Lang.UI
	out := Preview{Key: t.URL, Title: s.plainOf(t, c.Claim), Meta: esc(w.Claim)}
	status := map[string]string{"established": w.Established, "single-source": w.SingleSource, "disputed": w.DisputedStatus, "unresolved": w.Unresolved, "refuted": w.Refuted, "withdrawn": w.Withdrawn}[c.Status]
	if status != "" {
		out.Meta += " · <b>" + esc(status) + "</b>"
	}
	if !c.AsOf.IsZero() {
		out.Meta += " · " + s.asOf(c.AsOf)
	}
	v := s.viewer(nil, "")
	words, runes := 0, 0
	for _, p := range v.claim(t).Positions {
		says := brief(string(p.Says))
		text := plainText(says)
		words, runes = words+len(strings.Fields(p.Who+" "+text)), runes+utf8.RuneCountInString(p.Who+": "+text)
		if words > previewWords || runes > previewRunes {
			break
		}
		out.Text += "<p><b>" + esc(p.Who) + ":</b> " + strings.TrimPrefix(says, "<p>")
	}
	return out
}

func (s *Site) sourcePreview(t *Thing) Preview {
	v, w := s.viewer(nil, ""), s.Lang.UI
	src := v.source(t)
	out := Preview{Key: t.URL, Title: src.Title, Meta: esc(cmp.Or(src.Kind, w.Source))}
	if src.Date.Text != "" {
		out.Meta += " · " + cmp.Or(s.time(t.Source.Issued.Plain()), esc(src.Date.Text))
	}
	seen := ""
	switch {
	case src.Seen:
		seen = esc(w.SeenByUs)
	case src.Unseen && src.Chain != "":
		seen = esc(src.Chain)
	}
	out.Text, out.From = brief(string(src.Text)), seen
	return out
}

func (s *Site) time(d content.Date) string {
	if d.IsZero() {
		return ""
	}
	return `<time datetime="` + d.ISO + `">` + esc(s.Lang.FormatDate(d)) + "</time>"
}

func (s *Site) asOf(d content.Date) string { return esc(s.Lang.UI.AsOf) + " " + s.time(d) }

// from names some sources in a line: "Source: A, via B; C".
func (s *Site) from(sources []*Thing) string {
	v := s.viewer(nil, "")
	var names []string
	for _, src := range v.sources(sources) {
		name := src.Publisher
		if src.Chain != "" && src.Unseen {
			name = src.Chain
		}
		if name = esc(name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return esc(s.Lang.UI.Source) + ": " + names[0]
	}
	return esc(s.Lang.UI.Sources) + ": " + strings.Join(names, "; ")
}

// plainOf is a text of a record in plain words, with what the site puts in.
func (s *Site) plainOf(t *Thing, in content.Inline) string {
	return plainText(string(s.viewer(nil, "").dataInline(t.Data, in.Body)))
}

var (
	tag        = regexp.MustCompile(`</?([a-z][a-z0-9]*)[^>]*>`)
	plainSpace = regexp.MustCompile(`\s+`)
)

// plainText takes the tags and citation marks out of filled HTML.
func plainText(h string) string {
	return strings.TrimSpace(plainSpace.ReplaceAllString(unmarked(h), " "))
}

// plainer leaves of filled HTML only what a preview may hold.
func plainer(h string) string {
	h = tag.ReplaceAllStringFunc(stripCites(h), func(t string) string {
		name := tag.FindStringSubmatch(t)[1]
		closes := t[1] == '/'
		switch name {
		case "strong", "b":
			name = "b"
		case "em", "i", "cite":
			name = "i"
		case "bdi", "del", "s", "sub", "sup", "ruby", "rt", "rp":
		default:
			return ""
		}
		if closes {
			return "</" + name + ">"
		}
		return "<" + name + ">"
	})
	return strings.TrimSpace(plainSpace.ReplaceAllString(h, " "))
}

// brief cuts filled HTML to what a preview shows, as a paragraph. A text that is too long ends with the last sentence
// that fits and loses its markup.
func brief(h string) string {
	text := plainText(h)
	if text == "" {
		return ""
	}
	if fits(text) {
		return "<p>" + plainer(h) + "</p>"
	}
	at := 0
	for at < len(text) {
		_, end := content.Sentence(text, at+1, at+1)
		if end <= at || !fits(text[:end]) {
			break
		}
		at = end
		for at < len(text) && text[at] == ' ' {
			at++
		}
	}
	cut := strings.TrimSpace(text[:at])
	if at == 0 { // one long sentence
		words := strings.Fields(text)
		cut = cutEnd(strings.Join(words[:min(len(words), previewWords-1)], " "), previewRunes-2) // room for the sign of the cut
		if !strings.HasSuffix(cut, "…") {
			cut += " …"
		}
	}
	return "<p>" + esc(cut) + "</p>"
}

func fits(text string) bool {
	return len(strings.Fields(text)) <= previewWords && utf8.RuneCountInString(text) <= previewRunes
}
