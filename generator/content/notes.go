package content

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"gloss/generator/diag"
)

func (b *builder) noteMark(n *noteNode) {
	if b.link > 0 {
		b.late = append(b.late, n)
		return
	}
	span := b.span(n.Pos(), n.stop)
	i, seen := b.note[n.label]
	if n.label == "" {
		seen = false
	}
	if !seen {
		var def *east.Footnote
		if n.label != "" {
			d, ok := b.defs[n.label]
			if !ok {
				hint := "add a line [^" + n.label + "]: with the note"
				if len(b.defs) < 1000 { // a page with more has other troubles, and each guess looks at all
					if near := diag.Suggest(n.label, slices.Sorted(maps.Keys(b.defs))); near != "" {
						hint = "did you mean [^" + near + "]?"
					}
				}
				b.add("undefined-note", span, hint, "there is no note [^%s]", n.label)
				b.plainText(string(b.src.text[n.Pos():n.stop]))
				return
			}
			def = d.(*east.Footnote)
			b.used[n.label] = true
		}
		i = len(b.doc.Notes)
		if n.label != "" {
			b.note[n.label] = i
		}
		b.doc.Notes = append(b.doc.Notes, Note{Label: n.label, Block: b.block, Span: span})
		b.due = append(b.due, i)
		b.noteBody(i, def, n)
	}
	b.doc.Notes[i].Uses++
	b.hole(b.ref(Ref{Kind: RefNote, Index: i, At: strconv.Itoa(b.doc.Notes[i].Uses), Span: span, Block: b.block, From: len(b.txt), To: len(b.txt)}), false)
}

// noteBody writes the text of a note into pieces of its own. Its references belong to a block whose id is that of the
// block with the mark, as that is where a reader has to look.
func (b *builder) noteBody(i int, def *east.Footnote, n *noteNode) {
	var body []Piece
	oldBody, oldBuf, oldTxt, oldBlock := b.body, b.buf, b.txt, b.block
	bl := Block{Kind: "note", Head: len(b.doc.Heads) - 1, Section: b.sect, Span: b.doc.Notes[i].Span}
	if oldBlock >= 0 {
		bl.ID = b.doc.Blocks[oldBlock].ID
	}
	b.doc.Blocks = append(b.doc.Blocks, bl)
	b.body, b.buf, b.txt, b.block = &body, nil, nil, len(b.doc.Blocks)-1
	note := b.block
	b.quiet++
	b.nested++
	if def != nil {
		count := b.counting()
		b.doc.Notes[i].Span = b.span(def.Pos(), b.stop(def))
		b.passScope(false, func() {
			for c := def.FirstChild(); c != nil; c = c.NextSibling() {
				if p, ok := c.(*ast.Paragraph); ok {
					b.html("<p>")
					b.inlines(p)
					b.html("</p>")
					b.txt = append(b.txt, ' ')
					continue
				}
				b.node(c, "")
			}
		})
		count(string(b.txt), 0)
	} else {
		var at []int
		var text []byte
		for _, s := range n.body {
			for k := s.Start; k < s.Stop; k++ {
				at = append(at, b.src.at(k))
				text = append(text, b.src.text[k])
			}
		}
		at = append(at, b.src.at(n.stop))
		inner, txt := b.oneLine(mapped(text, at))
		body = append(body, Piece{HTML: "<p>", Ref: -1})
		body = append(body, inner...)
		b.html("</p>")
		b.txt = []byte(txt)
	}
	b.nested--
	b.quiet--
	b.flush()
	txt := strings.TrimSpace(string(b.txt))
	b.doc.Blocks[note].Text, b.doc.Blocks[note].Words = txt, CountWords(txt)
	b.body, b.buf, b.txt, b.block = oldBody, oldBuf, oldTxt, oldBlock
	if oldBlock >= 0 && b.doc.Blocks[note].Cites {
		b.doc.Blocks[oldBlock].Cites = true
	}
	b.doc.Notes[i].Body, b.doc.Notes[i].Text, b.doc.Notes[i].Words = body, txt, CountWords(txt)
}

// collectNotes finds the definitions of footnotes, which goldmark gathers in one list.
func (b *builder) collectNotes(root ast.Node) {
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if l, ok := n.(*east.FootnoteList); ok {
			for d := l.FirstChild(); d != nil; d = d.NextSibling() {
				f := d.(*east.Footnote)
				label := string(f.Ref)
				if _, twice := b.defs[label]; twice {
					b.add("duplicate-id", b.span(d.Pos(), d.Pos()+len(label)+3), "give one of the two another name", "the note [^%s] is written twice", label)
					continue
				}
				b.defs[label] = d
			}
		} else if n.HasChildren() && n.Type() == ast.TypeBlock {
			b.collectNotes(n)
		}
	}
}

// asides writes the notes that the block just written refers to first, right after it: on wide screens they stand in
// the margin (reader.md decision 7).
func (b *builder) asides(i int) {
	if b.body != &b.doc.Body {
		return // a note does not hold the notes that it names
	}
	if b.block >= 0 && b.doc.Blocks[i].Kind != "item" && b.doc.Blocks[i].Kind != "definition" {
		return // inside another leaf block: later
	}
	due := b.due
	b.due = nil
	for _, n := range due {
		b.hole(b.ref(Ref{Kind: RefAside, Index: n, Span: b.doc.Notes[n].Span, Block: i, Hidden: true}), false)
	}
	if len(due) > 0 {
		b.html("\n")
	}
	for _, n := range due {
		note := &b.doc.Notes[n]
		if note.Words > 80 {
			b.add("long-note", note.Span, "shorten it, or move it into the text", "this note has %d words; the most is 80", note.Words)
		} else if w := b.doc.Blocks[i].Words; note.Words > w && note.Words > 20 && (b.doc.Blocks[i].Kind == "paragraph") && b.doc.Type == Section {
			b.add("long-note", note.Span, "shorten it, or move it into the text", "this note is longer (%d words) than its paragraph (%d)", note.Words, w)
		}
	}
}
