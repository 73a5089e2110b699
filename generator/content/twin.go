package content

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"gloss/generator/diag"
)

// Stretch is a piece of the markdown of a body: text as it was written, or (Ref ≥ 0) a place for what only the whole
// site knows. A link with words of its own has two places, around its words.
type Stretch struct {
	Text   string
	Ref    int    // index into Refs; -1 for text
	Part   Part   // of the reference
	Indent string // before further lines, where the place stands in a list or quote
}

// Part says which part of a reference a place stands for.
type Part uint8

// The parts of a reference, and the marks around a note that was written in the text.
const (
	WholeRef Part = iota
	OpenRef
	CloseRef
	OpenNote
	CloseNote
)

// cut is a stretch of the file that does not stand in the twin as it is.
type cut struct {
	from, to int // byte offsets in the file
	as       Stretch
}

// cutOf leaves out a stretch of the file.
func cutOf(at [2]int) cut { return cut{at[0], at[1], Stretch{Ref: -1}} }

// cut leaves out a stretch of the text at hand, or puts something else in its place.
func (b *builder) cut(from, to int, text string) {
	b.cutSpan(b.span(from, to), text)
}

func (b *builder) cutSpan(s diag.Span, text string) {
	if s.End > s.Start {
		b.cuts = append(b.cuts, cut{s.Start, s.End, Stretch{Text: text, Ref: -1}})
	}
}

// twin is the markdown of the body, from byte start of the file on. It is the writer's own text with places where
// references stand, so that whatever markdown can say stays as it was said.
func (b *builder) twin(start int) []Stretch {
	file := b.file.Text
	for _, c := range comments(file[start:]) {
		b.cuts = append(b.cuts, cutOf([2]int{start + c[0], start + c[1]}))
	}
	for i, r := range b.doc.Refs {
		if r.Span.Start < start || r.Span.End <= r.Span.Start {
			continue // of the front matter
		}
		one := func(from, to int, part Part) {
			if to < from {
				return
			}
			b.cuts = append(b.cuts, cut{from, to, Stretch{Ref: i, Part: part, Indent: b.indent(from)}})
		}
		switch r.Kind {
		case RefAside, RefAuthor:
		case RefNote:
			if b.doc.Notes[r.Index].Label == "" && bytes.HasPrefix(file[r.Span.Start:], []byte("^[")) {
				one(r.Span.Start, r.Span.Start+2, OpenNote)
				one(r.Span.End-1, r.Span.End, CloseNote)
			}
		case RefCite:
			from := r.Span.Start
			if r.Cite.NoAuthor && from > start && file[from-1] == '-' {
				from--
			}
			one(from, r.Span.End, WholeRef)
		case RefExternal:
			if r.Words.File != "" {
				one(r.Span.Start, r.Words.Start, OpenRef)
				one(r.Words.End, r.Span.End, CloseRef)
			}
		case RefLink, RefFact, RefEvent, RefClaim:
			if r.Words.File != "" && !r.Wiki {
				one(r.Span.Start, r.Words.Start, OpenRef)
				one(r.Words.End, r.Span.End, CloseRef)
				continue
			}
			one(r.Span.Start, r.Span.End, WholeRef)
		default:
			one(r.Span.Start, r.Span.End, WholeRef)
		}
	}
	// What lies inside another cut goes with it.
	slices.SortStableFunc(b.cuts, func(a, c cut) int { return cmp.Or(cmp.Compare(a.from, c.from), cmp.Compare(c.to, a.to)) })
	var out []Stretch
	text := func(from, to int) {
		if to > from {
			out = append(out, Stretch{Text: strings.ReplaceAll(string(file[from:to]), "\r\n", "\n"), Ref: -1})
		}
	}
	at := start
	for _, c := range b.cuts {
		if c.from < at {
			continue
		}
		text(at, c.from)
		if c.as.Ref >= 0 || c.as.Text != "" {
			out = append(out, c.as)
		}
		at = c.to
	}
	text(at, len(file))
	return out
}

// indent is what stands before a place on its line, as the lines below it need it: the marks of quotes, and blanks.
func (b *builder) indent(at int) string {
	from := at
	for from > 0 && b.file.Text[from-1] != '\n' {
		if from--; strings.IndexByte(" \t>-*+0123456789.)", b.file.Text[from]) < 0 {
			return ""
		}
	}
	line := b.file.Text[from:at]
	return strings.Map(func(r rune) rune {
		if r == '>' || r == '\t' {
			return r
		}
		return ' '
	}, string(line))
}

// cutHeading leaves out the heading that is the page's title.
func (b *builder) cutHeading(h *ast.Heading) {
	from := bytes.LastIndexByte(b.src.text[:min(max(h.Pos(), 0), len(b.src.text))], '\n') + 1
	to := lineEnd(b.src.text, max(from, b.stop(h)))
	if rest := bytes.TrimLeft(b.src.text[from:to], " "); len(rest) > 0 && rest[0] != '#' { // underlined
		to = lineEnd(b.src.text, next(b.src.text, to))
	}
	b.cut(from, to, "")
}

// cutHTML shows a tag as text, since whoever renders the twin may let HTML through.
func (b *builder) cutHTML(from, to int) {
	from, to = min(from, len(b.src.text)), min(to, len(b.src.text))
	b.cut(from, to, strings.ReplaceAll(string(b.src.text[from:to]), "<", "&lt;"))
}

// NoteName is the name of a note that was written in the text, in the twin. No label of the writer is taken.
func (d *Doc) NoteName(i int) string {
	name := "n" + strconv.Itoa(i+1)
	for slices.ContainsFunc(d.Notes, func(n Note) bool { return n.Label == name }) {
		name += "-"
	}
	return name
}
