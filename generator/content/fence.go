package content

import (
	"strings"

	"github.com/yuin/goldmark/ast"

	"gloss/generator/diag"
)

// openFence starts the block of a chart or timeline and reads the TOML in it, with positions in the file even inside
// quotes and lists. spans holds the place of each value. ok is false when the TOML cannot be read; the caller closes the
// block either way.
func (b *builder) openFence(n *ast.FencedCodeBlock, code, name, what string, span diag.Span) (block int, f *fields, spans map[string]diag.Span, ok bool) {
	block = b.open("figure", n, name, code)
	b.doc.Blocks[block].Span = span
	src := &source{text: []byte(code)}
	pos := 0
	for i := range n.Lines().Len() {
		l := n.Lines().At(i)
		src.starts, src.files = append(src.starts, pos), append(src.files, b.src.at(l.Start))
		pos += l.Len() + l.Padding
	}
	v, bad := readTOML(b.file.Name, src.text, src.at, "bad-chart")
	b.out = append(b.out, bad...)
	spans = map[string]diag.Span{}
	for _, e := range v.keys {
		spans[e.key] = e.val.span
	}
	return block, &fields{src: b.file.Text, v: v, what: what, code: "bad-chart", out: &b.out}, spans, len(bad) == 0
}

func (b *builder) chart(n *ast.FencedCodeBlock, code, name string, span diag.Span) {
	i, f, spans, ok := b.openFence(n, code, name, "this chart", span)
	defer b.close(i)
	if !ok {
		return
	}
	c := Chart{ID: b.doc.Blocks[i].ID, Span: span, Spans: spans}
	c.Type = f.oneOf("type", "bar", "line", "step", "range", "dot")
	old := b.block
	b.block = i
	c.Title = b.field(f, "title")
	c.Subtitle = b.field(f, "subtitle")
	c.Alt = f.str("alt").Text
	b.plainOnly(f, "alt")
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
			hint, _ := DateHint(br.Text, b.lang, english)
			f.add("bad-date", br.Span, hint, "break is not a date: %s", why)
			continue
		}
		c.Breaks = append(c.Breaks, d.ISO)
	}
	if d := f.oneOf("decimal", ".", ","); d != "" {
		c.Decimal = d[0]
	}
	c.Events = b.named(RefEvent, f.strs("events"))
	c.Sources = b.named(RefCite, f.strs("source"))
	b.block = old
	f.done(diag.Error)
	if c.Type == "" {
		if _, has := f.v.get("type"); !has {
			b.add("bad-chart", span, `add type = "bar", "line", "step", "range" or "dot"`, "this chart has no type")
		}
		return
	}
	if len(c.Title.Body) == 0 {
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
	i, f, spans, ok := b.openFence(n, code, name, "this timeline", span)
	defer b.close(i)
	if !ok {
		return
	}
	t := Timeline{Span: span, Spans: spans}
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
