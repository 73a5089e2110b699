package content

import (
	"bytes"
	"fmt"
	"strings"

	"gloss/generator/diag"
)

// MaxBytes is the most that one markdown or data file may hold: 16 MiB (contract section 8).
const MaxBytes = 16 << 20

// checkText refuses what is not UTF-8 text of a sensible size, and what a merge left as two texts in one.
func checkText(f File) *diag.Finding {
	if len(f.Text) > MaxBytes {
		return &diag.Finding{Code: "too-large", Span: diag.Span{File: f.Name}, Message: fmt.Sprintf("this file has %d bytes; the most is %d", len(f.Text), MaxBytes), Hint: "split it into several files", Unreadable: true}
	}
	if bytes.HasPrefix(f.Text, []byte("\xFF\xFE")) || bytes.HasPrefix(f.Text, []byte("\xFE\xFF")) {
		return &diag.Finding{Code: "bad-encoding", Span: diag.Span{File: f.Name}, Message: "this file is UTF-16 text", Hint: encodingHint(f.Name), Unreadable: true}
	}
	if i := bytes.IndexByte(f.Text, 0); i >= 0 {
		return &diag.Finding{Code: "bad-encoding", Span: diag.Span{File: f.Name, Start: i, End: i + 1}, Message: "this file holds a NUL byte, so it is not text", Hint: "save it again as UTF-8 text", Unreadable: true}
	}
	if i := invalidUTF8(f.Text); i >= 0 {
		return &diag.Finding{Code: "bad-encoding", Span: diag.Span{File: f.Name, Start: i, End: i + 1}, Message: "this file is not UTF-8: the text goes wrong here", Hint: encodingHint(f.Name), Unreadable: true}
	}
	if i := conflict(f.Text); i >= 0 {
		return &diag.Finding{Code: "left-over-markup", Span: diag.Span{File: f.Name, Start: i, End: lineEnd(f.Text, i)}, Unreadable: true,
			Message: "a merge of git was not finished: two texts stand here, between <<<<<<<, ======= and >>>>>>>", Hint: "keep the text that is right, and remove the other one and these three lines"}
	}
	return nil
}

// encodingHint says how to save a file as UTF-8, in the words of the program that most likely wrote it.
func encodingHint(name string) string {
	if strings.HasSuffix(name, ".csv") {
		return "save it again from your spreadsheet with the encoding UTF-8; in Excel the file type is “CSV UTF-8”"
	}
	return "open it in your editor and save it again with the encoding UTF-8"
}

// next is the offset of the line after the one that holds at.
func next(text []byte, at int) int {
	if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(text)
}

// obsidian lists the keys of Obsidian and its Publish, known everywhere and not used (contract section 2), beside
// those that have a meaning here.
var obsidian = []string{"cssclass", "cssclasses", "publish", "permalink", "cover", "tag", "alias"}

// frontMatter reads the fields of one page into doc.Meta.
func (b *builder) frontMatter(v value) {
	m := &b.doc.Meta
	t := b.doc.Type
	if v.span.File == "" { // there is none: what it lacks is a matter of the whole page
		v.span = b.head
	}
	f := &fields{src: b.file.Text, v: v, what: "this page", code: "bad-front-matter", out: &b.out}
	if v.kind != kTable && v.kind != kNull {
		f.add("bad-front-matter", v.span, "write each field as key: value on a line of its own", "front matter is a list of fields, not %s", v.kind)
		return
	}
	b.plainOnly(f, "title", "description", "dateline", "date_text", "image_alt")
	title := f.str("title")
	m.Title, m.TitleSpan = title.Text, title.Span
	before := len(b.doc.Refs)
	m.Answer = b.field(f, "answer")
	for i := before; i < len(b.doc.Refs); i++ {
		b.doc.Refs[i].Answer = true
	}
	m.Summary = b.field(f, "summary")
	m.Standfirst = b.field(f, "standfirst")
	if tv, ok := f.get("takeaways"); ok {
		if tv.kind != kList {
			f.wrong("takeaways", tv, "a list")
		}
		for _, e := range tv.list {
			if e = f.unquoted(e); e.kind == kList || e.kind == kTable {
				f.wrong("a takeaway", e, `a text; put quotes around one that starts with [ or holds ": "`)
				continue
			}
			m.Takeaways = append(m.Takeaways, b.inline(e))
			if t == Overview {
				b.place(fmt.Sprintf("_t%d", len(m.Takeaways)))
			}
		}
	}
	m.Tiles = b.named(RefFact, f.strs("tiles"))
	if len(m.Tiles) > 0 { // a tile shows its fact, so the fact is used here
		for _, i := range m.Tiles {
			b.doc.Refs[i].Block = len(b.doc.Blocks)
		}
		b.doc.Blocks = append(b.doc.Blocks, Block{Kind: "front", Head: -1, Section: -1, Span: b.head})
		if t == Overview {
			b.place("_tiles")
		}
	}
	kinds := []string{"explainer", "analysis", "opinion"}
	switch t {
	case Who:
		kinds = []string{"person", "organisation"}
		m.Kind = f.oneOf("kind", kinds...)
	case Section, Overview:
		m.Kind = f.oneOf("kind", kinds...)
	default:
		m.Kind = f.str("kind").Text
	}
	m.Style = f.oneOf("style", "question", "statement")
	layout := f.str("layout")
	m.Layout, m.LayoutSpan = strings.TrimSuffix(layout.Text, ".html"), layout.Span
	m.Order, m.HasOrder = f.num("order")
	slug := f.str("slug")
	m.Slug, m.SlugSpan = slug.Text, slug.Span
	m.Aliases = f.strs("aliases")
	for _, r := range f.strs("redirect_from") {
		if hint, why := badOldAddress(r.Text); why != "" {
			f.add("bad-front-matter", r.Span, hint, "redirect_from: %s", why)
			continue
		}
		m.Redirects = append(m.Redirects, r)
	}
	m.Published = f.published()
	m.Updated = f.date("updated")
	m.UpdatedSpan = m.Updated.Span
	m.Authors = b.named(RefAuthor, f.strs("authors"))
	m.ReviewedBy = b.named(RefAuthor, f.strs("reviewed_by"))
	m.Dateline = f.str("dateline").Text
	m.About = b.named(RefLink, f.strs("about"))
	for _, s := range f.strs("tags") {
		m.Tags = append(m.Tags, strings.TrimPrefix(s.Text, "#"))
	}
	m.Role = b.field(f, "role")
	m.RoleAsOf = f.date("role_as_of")
	m.Side = f.str("side").Text
	for _, s := range f.strs("same_as") {
		if sch := schemeOf(s.Text); t != Plain && sch != "http" && sch != "https" {
			f.add("unsafe-url", s.Span, "write the whole address, with https://", "same_as is the address of a page on the web")
			continue
		}
		m.SameAs = append(m.SameAs, s.Text)
	}
	m.Image = -1
	if t == Plain { // Obsidian's notes use the key in ways of their own
		f.get("image")
	} else if s := f.str("image"); s.Text != "" {
		m.ImageAlt = f.str("image_alt").Text
		m.Image = b.ref(wikiName(Ref{Kind: RefImage, Target: s.Text, Span: s.Span, Block: -1, Hidden: true, Image: Image{Alt: m.ImageAlt}}))
		if m.ImageAlt == "" && t == Who {
			f.add("missing-alt", s.Span, "add image_alt: what the picture shows", "the image %q has no description", s.Text)
		}
	}
	f.get("image_alt")
	m.ReviewAfter = f.date("review_after")
	m.ReviewSpan = m.ReviewAfter.Span
	m.Certainty = f.oneOf("certainty", "established", "likely", "contested", "unclear")
	if t == Event || t == Plain {
		// Obsidian notes may carry a date with a time, or in another form; only an event's date must be one.
		if t == Event {
			m.Date, m.DateEnd = f.date("date"), f.date("date_end")
		}
		f.known = append(f.known, "date", "date_end")
		m.DateText = f.str("date_text").Text
		m.Planned, m.Disputed = f.flag("planned"), f.flag("disputed")
		f.get("who")
		f.get("source")
		if t == Event {
			m.Whos = b.named(RefLink, f.strs("who"))
			m.Sources = b.named(RefCite, f.strs("source"))
		}
	}
	m.Description = f.str("description").Text
	m.NoCite = b.named(RefCite, f.strs("nocite"))

	unknown := diag.Error
	if t == Plain {
		unknown = diag.Warning
	}
	m.Draft = f.draft(unknown)
	f.done(unknown, obsidian...)

	switch t {
	case Section:
		if m.Answer.Text == "" {
			f.add("missing-answer", b.head, "add answer: the short answer, at most 60 words", "this section has no answer")
		}
		f.need("published", "authors")
	case Term, Who, Event:
		if m.Summary.Text == "" {
			f.add("missing-answer", b.head, "add summary: one sentence that says what this is", "this page has no summary")
		}
		if t == Who {
			f.need("role", "role_as_of")
		}
		if t == Event {
			f.need("date")
		}
	}
	if t != Plain && t != Overview && m.Title == "" {
		f.add("missing-title", b.head, "add title: …", "this page has no title")
	}
	if t == Section && m.Title != "" && !strings.HasSuffix(m.Title, "?") && !strings.HasSuffix(m.Title, "؟") && m.Style != "statement" {
		f.add("question-title", title.Span, "end it with ?, or write style: statement", "a section’s title is a question")
	}
	b.length("the title", m.Title, title.Span, 70, false)
	b.length("the answer", m.Answer.Text, m.Answer.Span, 60, true)
	b.length("the summary", m.Summary.Text, m.Summary.Span, 60, true)
	b.length("the standfirst", m.Standfirst.Text, m.Standfirst.Span, 40, true)
	for _, k := range m.Takeaways {
		b.length("a takeaway", k.Text, k.Span, 25, true)
	}
	if t == Event && !m.DateEnd.IsZero() && !m.Date.IsZero() && m.DateEnd.Last() < m.Date.First() {
		f.add("bad-date", m.DateEnd.Span, "swap date and date_end", "the event ends before it starts")
	}
}

func (b *builder) length(what, text string, span diag.Span, most int, words bool) {
	n, unit := len([]rune(text)), "characters"
	if words {
		n, unit = CountWords(text), "words"
	}
	if n > most && b.doc.Type != Plain {
		b.add("long-answer", span, "shorten it; the details belong into the text below", "%s has %d %s; the most is %d", what, n, unit, most)
	}
}

// field reads a field that holds inline markdown.
func (b *builder) field(f *fields, key string) Inline {
	v, ok := f.get(key)
	if !ok {
		return Inline{}
	}
	if v = f.unquoted(v); v.kind == kList || v.kind == kTable {
		f.wrong(key, v, `a text; put quotes around one that starts with [ or holds ": "`)
		return Inline{}
	}
	in := b.inline(v)
	shows := map[string]bool{"answer": b.doc.Type == Section, "standfirst": b.doc.Type == Overview, "role": b.doc.Type == Who,
		"summary": b.doc.Type == Term || b.doc.Type == Who || b.doc.Type == Event || b.doc.Type == Plain}
	if shows[key] {
		b.place("_" + key)
	}
	return in
}

// place gives the text of front matter that was just read the id at which the layouts show it. No heading's id starts
// with a _.
func (b *builder) place(id string) {
	if n := len(b.doc.Blocks); b.front && !b.records && n > 0 {
		b.doc.Blocks[n-1].ID = id
	}
}

// ids turns a list of names into references that show nothing in the text.
func (b *builder) named(kind RefKind, names []Named) []int {
	var out []int
	for _, n := range names {
		block := b.block // of the chart or timeline that names it
		if b.front {
			block = -1
		}
		out = append(out, b.ref(wikiName(Ref{Kind: kind, Target: n.Text, Span: n.Span, Block: block, Hidden: true})))
	}
	return out
}

// wikiName strips [[ ]] and a label from a name that a writer took for a link.
func wikiName(r Ref) Ref {
	r.Target = strings.TrimSuffix(strings.TrimPrefix(r.Target, "[["), "]]")
	r.Target, _, _ = strings.Cut(r.Target, "|")
	if r.Kind == RefFact || r.Kind == RefCite {
		r.Target = strings.TrimPrefix(strings.TrimPrefix(r.Target, "fact:"), "@")
	}
	if r.Kind == RefFact {
		r.Target, r.At, _ = strings.Cut(r.Target, "@")
	}
	return r
}

func (in Inline) refs() []int {
	var out []int
	for _, p := range in.Body {
		if p.Ref >= 0 && !p.Close {
			out = append(out, p.Ref)
		}
	}
	return out
}
