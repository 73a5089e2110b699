package content

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

func (b *builder) table(t *east.Table, name string) {
	i := b.open("table", t, name, b.plainAll(t))
	b.doc.Blocks[i].Span = b.span(t.Pos(), lineEnd(b.src.text, b.stop(t))) // cells do not hold the last |
	b.html("<div class=\"scroll\" role=\"region\" tabindex=\"0\" id=\"", b.doc.Blocks[i].ID, "\" aria-label=\"")
	b.escape(b.lang.UI.Table)
	b.html("\"><table>\n")
	b.leaf(i, func() {
		body := false
		for r := t.FirstChild(); r != nil; r = r.NextSibling() {
			cell := "td"
			if _, ok := r.(*east.TableHeader); ok {
				cell = "th"
				b.html("<thead>\n<tr>\n")
				b.quiet++
			} else {
				if !body {
					b.html("<tbody>\n")
					body = true
				}
				b.html("<tr>\n")
				b.lostCells(r, len(t.Alignments))
			}
			for c := r.FirstChild(); c != nil; c = c.NextSibling() {
				b.html("<", cell)
				if cell == "th" {
					b.html(" scope=\"col\"")
				}
				switch c.(*east.TableCell).Alignment {
				case east.AlignRight:
					b.html(" class=\"al-e\"")
				case east.AlignCenter:
					b.html(" class=\"al-c\"")
				}
				b.html(">")
				b.inlines(c)
				b.html("</", cell, ">\n")
				b.txt = append(b.txt, ". "...)
			}
			b.html("</tr>\n")
			if cell == "th" {
				b.quiet--
				b.html("</thead>\n")
			}
		}
		if body {
			b.html("</tbody>\n")
		}
	})
	b.html("</table></div>\n")
	b.close(i)
	b.asides(i)
}

// lostCells reports the cells of a row for which the table has no column: tables leave them out (GFM 0.29, "Tables").
func (b *builder) lostCells(row ast.Node, columns int) {
	start := max(0, row.Pos())
	line := b.src.parse[start:max(start, lineEnd(b.src.parse, start))]
	n := cells(line)
	if n <= columns {
		return
	}
	at := bytes.IndexByte(line, '|') + 1
	if len(bytes.TrimSpace(line[:max(0, at-1)])) > 0 { // the row starts without a |
		at = 0
	}
	for range columns {
		for at < len(line) && (line[at] != '|' || escaped(line, at)) {
			at++
		}
		at++
	}
	lost := bytes.Trim(line[min(at, len(line)):], " \t|")
	if len(lost) == 0 {
		return
	}
	from := start + at + bytes.Index(line[at:], lost)
	hint := `write \| for a | that belongs to a text, or add a heading`
	if bytes.Count(line[:at], []byte("`"))%2 == 1 {
		hint = "write \\| for the | inside the code: a table is cut at each |, in code as well"
	}
	b.add("bad-table", b.span(from, from+len(lost)), hint, "this row has %d cells, and the table %d columns: what is too much is not shown", n, columns)
}

var (
	rowOfDashes = regexp.MustCompile(`^[\s|:+=_\-–—]+$`)
	twoDashes   = regexp.MustCompile(`[-–—=_]{2}|[–—]`)
)

// table looks at the lines of a paragraph for a table that is none.
func (s *scan) table(n ast.Node) {
	switch n.(type) {
	case *ast.Paragraph, *ast.Heading, *ast.TextBlock:
	default:
		return
	}
	if bytes.IndexByte(s.text, '|') < 0 {
		return
	}
	lines := bytes.Split(s.text, []byte("\n"))
	at, piped := 0, 0
	for i, l := range lines {
		start := at
		at += len(l) + 1
		l = bytes.TrimSpace(l)
		if len(l) > 1 && l[0] == '|' && l[len(l)-1] == '|' {
			piped++
		} else {
			piped = 0
		}
		columns := 0
		if i > 0 {
			columns = cells(bytes.TrimSpace(lines[i-1]))
		}
		if i > 0 && bytes.IndexByte(l, '|') >= 0 && rowOfDashes.Match(l) && twoDashes.Match(l) && bytes.IndexByte(lines[i-1], '|') >= 0 && !rowOfDashes.Match(lines[i-1]) {
			row := "|" + strings.Repeat("---|", columns)
			if bytes.ContainsAny(l, "+=_–—") {
				s.tableAt(start, start+len(lines[i]), "write "+row, "the row below the headings of a table is made of hyphens and |; this is no table, and readers would see its signs")
			} else {
				s.tableAt(start, start+len(lines[i]), "write "+row, "the table has %d headings, and this row has %d parts; so it is no table, and readers would see its signs", columns, cells(l))
			}
			return
		}
		if piped == 2 {
			from := start - len(lines[i-1]) - 1
			if rowOfDashes.Match(lines[i-1]) {
				s.tableAt(from, from+len(lines[i-1]), "put a row with the headings above it: "+"|"+strings.Repeat(" heading |", columns), "a table starts with its headings, not with the row of hyphens")
			} else {
				s.tableAt(from, from+len(lines[i-1]), "put a row of hyphens below the headings: |"+strings.Repeat("---|", columns), "a table has a row of hyphens below its headings; without it, readers see the signs")
			}
			return
		}
	}
	if _, ok := n.(*ast.Heading); ok && piped == 1 && len(lines) == 1 {
		s.tableAt(0, len(s.text), "write |"+strings.Repeat("---|", cells(bytes.TrimSpace(s.text)))+" as the row below", "the row of hyphens of a table has a | for each heading; this became a heading of the page")
	}
}

func (s *scan) tableAt(from, to int, hint, format string, args ...any) {
	s.b.addLeftOver("bad-table", s.span(from, to), hint, format, args...)
}

// cells counts the cells of a row, as tables do: a | ends one, unless a backslash stands before it.
func cells(row []byte) int {
	row = bytes.TrimSpace(row)
	if len(row) > 0 && row[0] == '|' {
		row = row[1:]
	}
	if n := len(row); n > 0 && row[n-1] == '|' && !escaped(row, n-1) {
		row = row[:n-1]
	}
	n := 1
	for i, c := range row {
		if c == '|' && !escaped(row, i) {
			n++
		}
	}
	return n
}
