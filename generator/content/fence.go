package content

import (
	"strings"

	"github.com/yuin/goldmark/ast"

	"gloss/generator/diag"
)

// fenceValue reads the TOML of a fence, with positions in the file even inside quotes and lists.
func (b *builder) fenceValue(n *ast.FencedCodeBlock, code string) (value, []diag.Finding, *source) {
	var starts, files []int
	pos := 0
	for i := range n.Lines().Len() {
		l := n.Lines().At(i)
		starts, files = append(starts, pos), append(files, b.src.at(l.Start))
		pos += l.Len() + l.Padding
	}
	src := &source{text: []byte(code), parse: []byte(code), starts: starts, files: files}
	v, bad := readTOML(b.file.Name, src.text, src.at, "bad-chart")
	return v, bad, src
}

// fenceFields asks a fence for its fields. Positions of the values are in the file already, so the file's own bytes
// serve for those inside a text.
func (b *builder) fenceFields(v value, what string) *fields {
	return &fields{src: b.file.Text, v: v, what: what, code: "bad-chart", out: &b.out}
}

func (b *builder) chart(n *ast.FencedCodeBlock, code, name string, span diag.Span) {
	i := b.open("figure", n, name, code)
	b.doc.Blocks[i].Span = span
	defer b.close(i)
	v, bad, _ := b.fenceValue(n, code)
	b.out = append(b.out, bad...)
	if len(bad) > 0 {
		return
	}
	c := Chart{ID: b.doc.Blocks[i].ID, Span: span, Spans: map[string]diag.Span{}}
	for _, e := range v.keys {
		c.Spans[e.key] = e.val.span
	}
	f := b.fenceFields(v, "this chart")
	c.Type = f.oneOf("type", "bar", "line", "step", "range", "dot")
	old := b.block
	b.block = i
	c.Title = b.field(f, "title")
	c.Subtitle = b.field(f, "subtitle")
	c.Alt = f.str("alt").Text
	c.Facts = b.named(RefFact, f.strs("facts"))
	c.Data = f.str("data").Text
	c.X, c.Y, c.Series = f.str("x").Text, f.str("y").Text, f.str("series").Text
	c.Low, c.High = f.str("low").Text, f.str("high").Text
	c.Qualifier, c.Unit = f.str("qualifier").Text, f.str("unit").Text
	if w := f.str("where"); w.Text != "" {
		col, val, ok := strings.Cut(w.Text, "=")
		if !ok {
			f.add("bad-chart", w.Span, `write where = "place = Iraq"`, "where names a column and a value")
		} else {
			c.WhereCol, c.WhereV = strings.TrimSpace(col), strings.Trim(strings.TrimSpace(val), `"'`)
		}
	}
	c.From, c.To = f.date("from").ISO, f.date("to").ISO
	for _, br := range f.strs("break") {
		d, why := ParseDate(br.Text)
		if why != "" {
			f.add("bad-date", br.Span, `write "2020", "2020-01" or "2020-01-05"`, "break is not a date: %s", why)
			continue
		}
		c.Breaks = append(c.Breaks, d.ISO)
	}
	c.Events = b.named(RefEvent, f.strs("events"))
	c.Sources = b.named(RefCite, f.strs("source"))
	b.block = old
	f.done(diag.Error)
	if c.Type == "" {
		if _, has := v.get("type"); !has {
			b.add("bad-chart", span, `add type = "bar", "line", "step", "range" or "dot"`, "this chart has no type")
		}
		return
	}
	if c.Title.Text == "" {
		b.add("bad-chart", span, `add title = "what the chart shows", as a finding`, "this chart has no title")
	}
	if len(c.Facts) == 0 && c.Data == "" {
		b.add("bad-chart", span, `add facts = ["id", …] or data = "numbers.csv"`, "this chart has no numbers")
		return
	}
	if len(c.Facts) > 0 && c.Data != "" {
		b.add("bad-chart", c.Spans["data"], "keep one of the two", "a chart takes its numbers from facts or from data, not both")
		return
	}
	if c.Data != "" && (c.X == "" || c.Type != "range" && c.Y == "" || c.Type == "range" && (c.Low == "" || c.High == "")) {
		b.add("bad-chart", span, `name the columns: x = "date", y = "troops" (for a range: low and high)`, "this chart does not say which columns to draw")
		return
	}
	b.doc.Charts = append(b.doc.Charts, c)
	b.doc.Blocks[i].Text = c.Title.Text
	b.doc.Blocks[i].Cites = true
	b.hole(b.ref(Ref{Kind: RefChart, Index: len(b.doc.Charts) - 1, Span: span, Block: i, Hidden: true}), false)
}

func (b *builder) timeline(n *ast.FencedCodeBlock, code, name string, span diag.Span) {
	i := b.open("figure", n, name, code)
	b.doc.Blocks[i].Span = span
	defer b.close(i)
	v, bad, _ := b.fenceValue(n, code)
	b.out = append(b.out, bad...)
	if len(bad) > 0 {
		return
	}
	t := Timeline{Span: span, Spans: map[string]diag.Span{}}
	for _, e := range v.keys {
		t.Spans[e.key] = e.val.span
	}
	f := b.fenceFields(v, "this timeline")
	t.From, t.To = f.date("from").ISO, f.date("to").ISO
	t.About = f.str("about").Text
	old := b.block
	b.block = i
	t.IDs = b.named(RefEvent, f.strs("ids"))
	b.block = old
	f.done(diag.Error)
	b.doc.Lines = append(b.doc.Lines, t)
	b.hole(b.ref(Ref{Kind: RefTimeline, Index: len(b.doc.Lines) - 1, Span: span, Block: i, Hidden: true}), false)
}
