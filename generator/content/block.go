package content

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"gloss/generator/diag"
)

var (
	nameAlone = regexp.MustCompile(`^\^([A-Za-z0-9-]+)$`)
	nameAtEnd = regexp.MustCompile(`(?:^|[ \t])\^([A-Za-z0-9-]+)[ \t]*$`)
	calloutRE = regexp.MustCompile(`^\[!([A-Za-z][\w-]*)(?:\|[^\]\n]*)?\]([+-]?)[ \t]*`) // after | stand words for Obsidian's stylesheets
	moreRE    = regexp.MustCompile(`^\s*<!--\s*more\s*-->\s*$`)
	refsRE    = regexp.MustCompile(`^:::+\s*\{#refs\}\s*(:::+)?$`)
)

// blocks writes the children of a node that holds blocks.
func (b *builder) blocks(parent ast.Node) {
	b.inFoldScope(func() { b.eachBlock(parent) })
}

func (b *builder) eachBlock(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; {
		after := n.NextSibling()
		name := ""
		// A ^name alone on a line belongs to the block before it (T-6).
		if p, ok := after.(*ast.Paragraph); ok && b.mayStart(p, '^') {
			if m := nameAlone.FindStringSubmatch(strings.TrimSpace(b.raw(p))); m != nil && nameable(n) {
				name, after = m[1], p.NextSibling()
				b.cut(p.Pos(), b.stop(p), "")
			}
		}
		if p, ok := n.(*ast.Paragraph); ok && b.mayStart(p, ':') && refsRE.MatchString(clean([]byte(b.raw(p)))) {
			b.doc.HasRefs = true
			b.hole(b.ref(Ref{Kind: RefSources, Span: b.span(p.Pos(), b.stop(p)), Block: -1, Hidden: true}), false)
			if q, ok := after.(*ast.Paragraph); ok && strings.Trim(b.raw(q), ": \n") == "" {
				b.cut(q.Pos(), b.stop(q), "")
				after = q.NextSibling()
			}
			n = after
			continue
		}
		b.node(n, name)
		n = after
	}
}

// mayStart says whether a paragraph may start with a sign, so that the many that do not need no closer look.
func (b *builder) mayStart(p *ast.Paragraph, sign byte) bool {
	if p.Lines().Len() == 0 {
		return true
	}
	first := p.Lines().At(0)
	line := bytes.TrimSpace(first.Value(b.src.text))
	return len(line) == 0 || line[0] == sign
}

// nameable says whether a ^name on its own line can belong to the block: not to a paragraph, which takes its own.
func nameable(n ast.Node) bool {
	switch n.(type) {
	case *ast.List, *ast.Blockquote, *east.Table, *ast.FencedCodeBlock, *ast.CodeBlock, *east.DefinitionList, *ast.Paragraph:
		return true
	}
	return false
}

func (b *builder) node(n ast.Node, name string) {
	switch n := n.(type) {
	case *ast.Paragraph:
		b.paragraph(n, name)
	case *ast.TextBlock:
		// A tight list item or a definition: its block is the parent's.
		b.inlines(n)
		if n.NextSibling() != nil && n.FirstChild() != nil {
			b.html("\n")
		}
	case *ast.Heading:
		b.headingNode(n)
	case *ast.ThematicBreak:
		b.html("<hr>\n")
	case *ast.Blockquote:
		b.quote(n, name)
	case *ast.List:
		b.listNode(n, name)
	case *ast.FencedCodeBlock:
		b.fence(n, name)
	case *ast.CodeBlock:
		i := b.open("code", n, name, b.lines(n))
		b.html("<pre id=\"", b.doc.Blocks[i].ID, "\" class=\"code\" tabindex=\"0\"><code>")
		b.escape(b.lines(n))
		b.html("</code></pre>\n")
		b.close(i)
	case *ast.HTMLBlock:
		b.htmlBlock(n)
	case *east.Table:
		b.table(n, name)
	case *east.DefinitionList:
		b.definitions(n, name)
	case *ast.LinkReferenceDefinition:
		b.cut(n.Pos(), b.stop(n), "") // links by it have their address in place
	case *east.FootnoteList:
	default:
		b.blocks(n)
	}
}

// open starts a block and gives it its id; [builder.close] ends it. text is its plain text, for the id.
func (b *builder) open(kind string, n ast.Node, name, text string) int {
	bl := Block{Kind: kind, Head: len(b.doc.Heads) - 1, Section: b.sect, Top: b.nested == 0, Callout: b.callout > 0}
	bl.Span = b.span(n.Pos(), b.stop(n))
	if name != "" {
		bl.ID, bl.Named, bl.Name = b.id(name), true, name
		if b.names[name] {
			b.add("duplicate-id", bl.Span, "give one of the two blocks another name", "the block name ^%s stands on this page twice", name)
		}
	} else {
		bl.ID = b.id(blockID(text))
	}
	if name != "" {
		b.names[name] = true
	}
	b.doc.Blocks = append(b.doc.Blocks, bl)
	i := len(b.doc.Blocks) - 1
	if b.body == &b.doc.Body { // a block inside a note has no place in the body
		b.doc.Blocks[i].From = b.pos()
	}
	return i
}

func (b *builder) close(i int) {
	if b.body == &b.doc.Body {
		b.doc.Blocks[i].To = b.pos()
	}
}

// leaf writes a block that holds text: its inlines become the block's text.
func (b *builder) leaf(i int, write func()) {
	oldBlock, oldTxt := b.block, b.txt
	b.block, b.txt = i, nil
	if t := b.doc.Blocks[i].Text; t != "" { // a list item goes on after a list or quote inside it
		b.txt = []byte(t + " ")
	}
	start, count := len(b.txt), b.counting()
	write()
	bl := &b.doc.Blocks[i]
	bl.Text = strings.TrimRight(string(b.txt), " ")
	count(bl.Text, start)
	bl.Words = CountWords(bl.Text)
	b.block, b.txt = oldBlock, oldTxt
}

func (b *builder) paragraph(p *ast.Paragraph, name string) {
	if own := b.takeName(p); own != "" {
		name = own
	}
	if embeds := b.onlyEmbeds(p); embeds != nil {
		for _, w := range embeds {
			i := b.open("embed", p, name, string(w.inner))
			b.block = i
			r := b.wiki(w)
			b.doc.Blocks[i].Span = b.doc.Refs[r].Span
			b.html("<div id=\"", b.doc.Blocks[i].ID, "\">")
			b.hole(r, false)
			b.html("</div>\n")
			b.block = -1
			b.close(i)
			name = ""
		}
		return
	}
	i := b.open("paragraph", p, name, b.words(p))
	b.html("<p id=\"", b.doc.Blocks[i].ID, "\">")
	b.leaf(i, func() { b.inlines(p) })
	b.html("</p>\n")
	b.close(i)
	b.asides(i)
}

// onlyEmbeds returns the embeds of a paragraph that holds nothing else.
func (b *builder) onlyEmbeds(p ast.Node) []*wikiNode {
	var out []*wikiNode
	for c := p.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *wikiNode:
			if !c.embed || embeddedMedia(string(c.inner)) != FileMedia {
				return nil
			}
			out = append(out, c)
		case *ast.Text:
			if len(bytes.TrimSpace(c.Segment.Value(b.src.text))) > 0 {
				return nil
			}
		default:
			return nil
		}
	}
	return out
}

// takeName cuts a ^name off the end of a block's last line.
func (b *builder) takeName(n ast.Node) string {
	t, ok := n.LastChild().(*ast.Text)
	if !ok {
		return ""
	}
	v := t.Segment.Value(b.src.text)
	m := nameAtEnd.FindSubmatchIndex(v)
	if m == nil || m[0] == 0 && n.FirstChild() == n.LastChild() {
		return ""
	}
	// The parser cuts the text before ^, so the blank before it may be outside: 2^10 ends in no name.
	if at := t.Segment.Start; v[m[0]] == '^' && (at == 0 || !util.IsSpace(b.src.text[at-1])) && !isEmbed(t.PreviousSibling()) {
		return ""
	}
	name := string(v[m[2]:m[3]])
	from := t.Segment.Start + m[0]
	for from > 0 && (b.src.text[from-1] == ' ' || b.src.text[from-1] == '\t') {
		from--
	}
	b.cut(from, t.Segment.Start+m[1], "")
	t.Segment.Stop = t.Segment.Start + m[0]
	if m[0] == 0 {
		n.RemoveChild(n, t)
		if t, ok = n.LastChild().(*ast.Text); !ok {
			return name
		}
	}
	t.Segment = t.Segment.TrimRightSpace(b.src.text)
	t.SetSoftLineBreak(false)
	t.SetHardLineBreak(false)
	return name
}

// isEmbed says whether a node is a picture or an embed, right behind which a ^name may stand.
func isEmbed(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Image:
		return true
	case *wikiNode:
		return n.embed
	}
	return false
}

func (b *builder) headingNode(h *ast.Heading) {
	if b.below && h.Level == 1 && b.nested == 0 {
		b.shift = 1
	}
	level := min(6, h.Level+b.shift)
	if b.below {
		level = max(2, level)
	}
	id := ""
	if v, ok := h.AttributeString("id"); ok {
		if s, ok := v.([]byte); ok {
			id = string(s)
		}
	}
	if own := b.takeName(h); own != "" && id == "" {
		id = own
	}
	txt := strings.TrimSpace(b.plain(h))
	if id == "" {
		id = HeadingID(b.words(h)) // an address stays when words are struck out
	}
	id = b.id(id)
	start := h.Pos()
	for start > 0 && start < len(b.src.text) && b.src.text[start] == '#' && b.src.text[start-1] == '#' {
		start-- // goldmark's place is off by a tab's width after > and a tab
	}
	span := b.span(start, b.stop(h))
	if level > b.level+1 {
		b.lenient("heading-skipped", span, "use "+strings.Repeat("#", b.level+1-b.shift)+" here, or add the level between", "this heading has level %d after level %d", level-b.shift, b.level-b.shift)
	}
	b.level = level
	if level == 2 && b.nested == 0 {
		b.sect++
	}
	tag := "h" + strconv.Itoa(level)
	b.doc.Heads = append(b.doc.Heads, Heading{ID: id, Text: txt, Level: level, Block: len(b.doc.Blocks), Nested: b.nested > 0, Span: span})
	i := len(b.doc.Blocks)
	b.doc.Blocks = append(b.doc.Blocks, Block{ID: id, Kind: "heading", Head: len(b.doc.Heads) - 1, Section: b.sect, Top: b.nested == 0, Span: span})
	if b.body == &b.doc.Body {
		b.doc.Blocks[i].From = b.pos()
	}
	b.html("<", tag, " id=\"")
	b.escape(id)
	b.html("\"")
	for _, a := range h.Attributes() {
		v, ok := a.Value.([]byte)
		if name := string(a.Name); ok && (name == "class" || name == "lang" || name == "dir" || name == "title") {
			b.html(" ", name, "=\"")
			b.escape(string(shown(v)))
			b.html("\"")
		}
	}
	b.html(">")
	b.heading++
	b.leaf(i, func() { b.inlines(h) })
	b.heading--
	// The link to the heading itself, for readers who pass it on: as layouts/parts/h2.html has it (checklist 6).
	if txt != "" {
		b.html(` <a class="anchor" href="#`)
		b.escape(id)
		b.html(`" aria-label="`)
		b.escape(b.lang.UI.LinkTo + " " + txt)
		b.html(`">#</a>`)
	}
	b.html("</", tag, ">\n")
	b.close(i)
	b.asides(i)
}

func (b *builder) quote(q *ast.Blockquote, name string) {
	p, _ := q.FirstChild().(*ast.Paragraph)
	var m []string
	if p != nil && p.Lines().Len() > 0 {
		l := p.Lines().At(0)
		m = calloutRE.FindStringSubmatch(string(l.Value(b.src.text)))
	}
	if m != nil {
		b.calloutNode(q, p, name, m)
		return
	}
	i := b.open("quote", q, name, "> "+b.plainAll(q)) // not the id of its only paragraph
	id := ""
	if name != "" {
		id = " id=\"" + b.doc.Blocks[i].ID + "\""
	}
	b.html("<blockquote", id, ">\n")
	b.nested++
	b.quiet++
	b.quotes++
	b.blocks(q)
	b.quotes--
	b.quiet--
	b.nested--
	b.html("</blockquote>\n")
	b.close(i)
}

// Types of callout: ours, GitHub's and Obsidian's, with Obsidian's other names for them (T-17, T-18).
var calloutTypes = map[string]string{
	"takeaways": "takeaways", "known": "known", "disputed": "disputed", "unknown": "unknown", "note": "note", "correction": "correction",
	"quote": "quote", "cite": "quote", "tip": "tip", "hint": "tip", "important": "important", "warning": "warning", "attention": "warning",
	"caution": "caution", "abstract": "abstract", "summary": "abstract", "tldr": "abstract", "info": "info", "todo": "todo",
	"success": "success", "check": "success", "done": "success", "question": "question", "help": "question", "faq": "question",
	"failure": "failure", "fail": "failure", "missing": "failure", "danger": "danger", "error": "danger", "bug": "bug", "example": "example",
}

func (b *builder) calloutNode(q *ast.Blockquote, p *ast.Paragraph, name string, m []string) {
	typ, ok := calloutTypes[strings.ToLower(m[1])]
	line := p.Lines().At(0)
	if !ok {
		typ = "note"
		if near := nearestCallout(m[1]); near != "" {
			b.add("left-over-markup", b.span(line.Start, line.Start+len(m[1])+3), "write [!"+near+"]", "there is no box %q; did you mean %q?", m[1], near)
		}
	}
	line = line.TrimRightSpace(b.src.text)
	mark := min(line.Start+len(m[0]), line.Stop) // where the title starts, if there is one
	span, words := b.span(q.Pos(), b.stop(q)), b.plainAll(q)
	// Drop the marker from the paragraph, and take the title: the rest of its line, or else the first bold run.
	var title []ast.Node
	for c := p.FirstChild(); c != nil; {
		n := c.NextSibling()
		t, isText := c.(*ast.Text)
		p.RemoveChild(p, c)
		switch {
		case isText && t.Segment.Stop <= mark || !isText && c.Pos() >= 0 && c.Pos() < mark:
		case isText && t.Segment.Start < mark:
			t.Segment.Start = mark
			fallthrough
		default:
			title = append(title, c)
		}
		if isText && (t.SoftLineBreak() || t.HardLineBreak()) {
			break
		}
		c = n
	}
	if len(title) > 0 {
		if t, ok := title[len(title)-1].(*ast.Text); ok {
			t.SetSoftLineBreak(false)
			t.SetHardLineBreak(false)
		}
	}
	if mark == line.Stop {
		title = nil
		if e, ok := p.FirstChild().(*ast.Emphasis); ok && e.Level == 2 {
			for c := e.FirstChild(); c != nil; c = c.NextSibling() {
				title = append(title, c)
			}
			p.RemoveChild(p, e)
			if t, ok := p.FirstChild().(*ast.Text); ok { // the blank after it
				v := t.Segment.Value(b.src.text)
				t.Segment.Start += len(v) - len(bytes.TrimLeft(v, " \t"))
				if t.Segment.Start == t.Segment.Stop {
					p.RemoveChild(p, t)
				}
			}
		}
	}
	if p.FirstChild() == nil {
		q.RemoveChild(q, p)
	} else if l := p.Lines(); l.Len() > 1 {
		l.SetSliced(1, l.Len())
		p.SetPos(l.At(0).Start)
	}
	before := len(b.doc.Blocks)
	refs := len(b.doc.Refs)
	i := b.open("callout", q, name, m[0]+words)
	b.doc.Blocks[i].Span = span
	id := b.doc.Blocks[i].ID
	titleID := b.id(id + "-t")
	tag, head := "section", "p"
	folds := m[2] != "" && typ != "known" && typ != "disputed" && typ != "unknown" // those never fold (contract section 10)
	if folds {
		tag, head = "details", "summary"
	}
	b.html("<", tag, " class=\"box ", typ, "\" id=\"", id, "\"")
	if folds && m[2] == "+" {
		b.html(" open")
	}
	if !folds {
		b.html(" aria-labelledby=\"", titleID, "\"")
	}
	b.html("><", head, " class=\"box-title\" id=\"", titleID, "\">")
	b.nested++
	b.callout++
	if typ == "quote" {
		b.quiet++
		b.quotes++
	}
	if title != nil {
		b.heading++
		b.leaf(i, func() {
			b.htmlScope(func() {
				for _, t := range title {
					b.one(t)
				}
			})
		})
		b.heading--
	} else {
		b.escape(b.lang.Callouts[typ])
	}
	b.html("</", head, ">\n")
	b.asides(i)
	b.blocks(q)
	if typ == "quote" {
		b.quiet--
		b.quotes--
	}
	b.callout--
	b.nested--
	b.html("</", tag, ">\n")
	b.close(i)
	c := Callout{Type: typ, Block: i, Span: b.span(q.Pos(), line.Stop)}
	for _, bl := range b.doc.Blocks[before:] {
		c.Text += bl.Text + " "
	}
	for _, r := range b.doc.Refs[refs:] {
		switch r.Kind {
		case RefCite, RefFact, RefClaim, RefLink, RefEmbed, RefExternal:
			c.Cites = true
		}
	}
	b.doc.Callouts = append(b.doc.Callouts, c)
}

func (b *builder) listNode(l *ast.List, name string) {
	tag := "ul"
	if l.IsOrdered() {
		tag = "ol"
	}
	i := -1
	b.html("<", tag)
	if name != "" {
		i = b.open("list", l, name, "")
		b.html(" id=\"", b.doc.Blocks[i].ID, "\"")
	}
	if l.IsOrdered() && l.Start != 1 {
		b.html(" start=\"", strconv.Itoa(l.Start), "\"")
	}
	b.html(">\n")
	b.nested++
	for c := l.FirstChild(); c != nil; c = c.NextSibling() {
		b.item(c)
	}
	b.nested--
	b.html("</", tag, ">\n")
	if i >= 0 {
		b.close(i)
	}
}

func (b *builder) item(li ast.Node) {
	t, tight := li.FirstChild().(*ast.TextBlock)
	if li.FirstChild() == nil {
		b.html("<li></li>\n")
		return
	}
	if !tight {
		b.html("<li>\n")
		b.blocks(li)
		b.html("</li>\n")
		return
	}
	i := b.open("item", li, b.takeName(t), b.words(t))
	b.html("<li id=\"", b.doc.Blocks[i].ID, "\">")
	b.leaf(i, func() { b.node(t, "") })
	b.asides(i)
	for c := t.NextSibling(); c != nil; c = c.NextSibling() {
		if nt, ok := c.(*ast.TextBlock); ok {
			b.leaf(i, func() { b.node(nt, "") })
			continue
		}
		b.node(c, "")
	}
	b.html("</li>\n")
	b.close(i)
}

func (b *builder) definitions(l *east.DefinitionList, name string) {
	b.html("<dl>\n")
	b.nested++
	for c := l.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *east.DefinitionTerm:
			i := b.open("definition", c, name, b.words(c))
			name = ""
			b.html("<dt id=\"", b.doc.Blocks[i].ID, "\">")
			b.heading++
			b.leaf(i, func() { b.inlines(c) })
			b.heading--
			b.html("</dt>\n")
			b.close(i)
		case *east.DefinitionDescription:
			t, tight := c.FirstChild().(*ast.TextBlock)
			if !tight {
				b.html("<dd>\n")
				b.blocks(c)
				b.html("</dd>\n")
				continue
			}
			i := b.open("definition", c, b.takeName(t), b.words(t))
			b.html("<dd id=\"", b.doc.Blocks[i].ID, "\">")
			b.leaf(i, func() { b.inlines(t) })
			b.asides(i)
			for n := t.NextSibling(); n != nil; n = n.NextSibling() {
				b.node(n, "")
			}
			b.html("</dd>\n")
			b.close(i)
		}
	}
	b.nested--
	b.html("</dl>\n")
}

func (b *builder) htmlBlock(n *ast.HTMLBlock) {
	raw := b.lines(n)
	if n.HasClosure() {
		c := n.ClosureLine
		raw += string(c.Value(b.src.text))
	}
	if moreRE.MatchString(raw) {
		b.cut(n.Pos(), n.Pos()+len(strings.TrimRight(raw, "\n")), "")
		if b.nested == 0 {
			p := b.pos()
			b.doc.More = &p
		}
		return
	}
	if b.set.RawHTML {
		b.passBlock(n)
		return
	}
	trimmed := strings.TrimSpace(raw)
	if strings.HasPrefix(trimmed, "<!--") && strings.Index(trimmed, "-->") == len(trimmed)-3 {
		b.cut(n.Pos(), n.Pos()+len(strings.TrimRight(raw, "\n")), "")
		return // a comment says nothing to readers
	}
	if b.details(n) {
		return
	}
	b.foreignTag(n.Pos(), n.Pos()+len(strings.TrimRight(raw, "\n")))
	b.html("<p>")
	b.escape(strings.TrimSpace(raw))
	b.html("</p>\n")
}

// firstLine is the span of a stretch of the source up to the end of its first line.
func (b *builder) firstLine(start, end int) diag.Span {
	if i := bytes.IndexByte(b.src.text[min(start, len(b.src.text)):min(end, len(b.src.text))], '\n'); i >= 0 {
		end = start + i
	}
	return b.span(start, end)
}

// raw is the source text of a block.
func (b *builder) raw(n ast.Node) string {
	var s strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && n.Type() == ast.TypeBlock && n.Lines() != nil {
			s.WriteString(b.lines(n))
			if n.Lines().Len() > 0 {
				return ast.WalkSkipChildren, nil
			}
		}
		return ast.WalkContinue, nil
	})
	return s.String()
}

func (b *builder) lines(n ast.Node) string {
	var s strings.Builder
	for i := range n.Lines().Len() {
		l := n.Lines().At(i)
		s.Write(l.Value(b.src.text))
	}
	return s.String()
}

// stop is the offset after the last line of a block, its line end not counted.
func (b *builder) stop(n ast.Node) int {
	end := n.Pos()
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && c.Type() == ast.TypeBlock && c.Lines() != nil && c.Lines().Len() > 0 {
			end = max(end, c.Lines().At(c.Lines().Len()-1).Stop)
		}
		return ast.WalkContinue, nil
	})
	for end > 0 && end <= len(b.src.text) && (b.src.text[end-1] == '\n' || b.src.text[end-1] == '\r') {
		end--
	}
	return max(end, 0)
}
