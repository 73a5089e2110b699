package content

import (
	"bytes"
	"regexp"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/text/width"
)

// The constructs that CommonMark does not know are inline nodes which only remember where they stand; the builder
// reads them again from the source.

// wikiNode is [[…]] or ![[…]].
type wikiNode struct {
	ast.BaseInline
	inner []byte // between the brackets, line ends included
	embed bool
	stop  int
}

// citeNode is [@a; see @b, p. 3] or a bare @a.
type citeNode struct {
	ast.BaseInline
	items     []citeItem
	narrative bool
	stop      int
}

type citeItem struct {
	key        string
	cite       Cite
	start, end int // of @key in the source
}

// noteNode is [^label] or ^[text].
type noteNode struct {
	ast.BaseInline
	label string
	body  []text.Segment // of ^[text]
	stop  int
}

// mathNode is $…$ or $$…$$, kept as it is written (T-11).
type mathNode struct {
	ast.BaseInline
	stop int
}

var (
	kindWiki = ast.NewNodeKind("Wiki")
	kindCite = ast.NewNodeKind("Cite")
	kindNote = ast.NewNodeKind("NoteMark")
	kindMath = ast.NewNodeKind("Math")
)

func (n *wikiNode) Kind() ast.NodeKind { return kindWiki }
func (n *citeNode) Kind() ast.NodeKind { return kindCite }
func (n *noteNode) Kind() ast.NodeKind { return kindNote }
func (n *mathNode) Kind() ast.NodeKind { return kindMath }

func (n *wikiNode) Dump(src []byte, l int) { ast.DumpHelper(n, src, l, nil, nil) }
func (n *citeNode) Dump(src []byte, l int) { ast.DumpHelper(n, src, l, nil, nil) }
func (n *noteNode) Dump(src []byte, l int) { ast.DumpHelper(n, src, l, nil, nil) }
func (n *mathNode) Dump(src []byte, l int) { ast.DumpHelper(n, src, l, nil, nil) }

// markdown parses whole files, oneLine the texts of front matter and records, where only inline constructs count.
// Both are read only after they are made.
var markdown = newParser(
	util.Prioritized(parser.NewSetextHeadingParser(), 100),
	util.Prioritized(shallow{extension.NewDefinitionListParser()}, 101),
	util.Prioritized(shallow{extension.NewDefinitionDescriptionParser()}, 102),
	util.Prioritized(parser.NewThematicBreakParser(), 200),
	util.Prioritized(shallow{parser.NewListParser()}, 300),
	util.Prioritized(shallow{parser.NewListItemParser()}, 400),
	util.Prioritized(parser.NewCodeBlockParser(), 500),
	util.Prioritized(parser.NewATXHeadingParser(), 600),
	util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
	util.Prioritized(shallow{parser.NewBlockquoteParser()}, 800),
	util.Prioritized(parser.NewHTMLBlockParser(), 900),
	util.Prioritized(shallow{extension.NewFootnoteBlockParser()}, 999),
	util.Prioritized(parser.NewParagraphParser(), 1000))

var oneLine = newParser(util.Prioritized(parser.NewParagraphParser(), 1000))

// shallow is a parser of blocks that hold blocks, and opens none more than 100 levels deep: what follows is text. The
// time and the stack that nested blocks take grow faster than their number, and a file of > signs is no page.
type shallow struct{ parser.BlockParser }

func (p shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		depth++
	}
	if depth > 100 {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// webAddress is goldmark's pattern of an address without <>, with letters of any script.
var webAddress = regexp.MustCompile("^(?:http|https|ftp)://[-\\p{L}\\p{N}\\p{M}@:%._+~#=]{1,256}\\.\\p{L}+(?::\\d+)?(?:[/#?][-\\p{L}\\p{N}\\p{M}@:%_+.~#$!?&/=(),;'\">^{}`\\[\\]]*)?")

func newParser(blocks ...util.PrioritizedValue) parser.Parser {
	p := parser.NewParser(
		parser.WithBlockParsers(blocks...),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(linkParser{parser.NewLinkParser()}, 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewRawHTMLParser(), 400),
			util.Prioritized(emphasisParser{parser.NewEmphasisParser()}, 500)),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
		parser.WithAttribute(),
		parser.WithInlineParsers(
			util.Prioritized(mathParser{}, 140),
			util.Prioritized(wikiParser{}, 150), // before links, which are 200
			util.Prioritized(citeParser{}, 160),
			util.Prioritized(noteParser{}, 170),
			util.Prioritized(pairParser{'~', func() ast.Node { return east.NewStrikethrough() }}, 500),
			util.Prioritized(pairParser{'=', func() ast.Node { return &markNode{} }}, 510),
			util.Prioritized(extension.NewLinkifyParser(extension.WithLinkifyURLRegexp(webAddress)), 999),
		))
	if len(blocks) > 1 {
		p.AddOptions(
			parser.WithParagraphTransformers(util.Prioritized(extension.NewTableParagraphTransformer(), 200)),
			parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
			parser.WithInlineParsers(util.Prioritized(extension.NewTaskCheckBoxParser(), 0)))
	}
	return p
}

// most is how many bytes a [[link]], a citation or a note in the text may have. It bounds the search for their ends:
// without it, a long line of opening brackets takes time that grows with its square.
const most = 4000

// enclosed reads from the opening marker at the reader's position, open bytes long, to its closing, over line ends
// within the paragraph. It returns the segments in between and the offset after the closing; ok is false, and the
// reader unmoved, when nothing closes it.
func enclosed(block text.Reader, open int, shut string, nested byte) (inner []text.Segment, start, stop int, ok bool) {
	line0, pos0 := block.Position()
	line, seg := block.PeekLine()
	start = seg.Start
	if src := block.Source(); !bytes.Contains(src[start:min(len(src), start+most)], []byte(shut)) {
		return nil, 0, 0, false
	}
	skip, depth := open, 0
	for lines := 0; line != nil && lines < 12 && seg.Start < start+most; lines++ {
		for i := skip; i < min(len(line), most); i++ {
			switch {
			case line[i] == '\\' && shut == "]":
				i++
			case nested != 0 && line[i] == nested:
				depth++
			case bytes.HasPrefix(line[i:], []byte(shut)):
				if depth > 0 {
					depth--
					continue
				}
				inner = append(inner, text.NewSegment(seg.Start+skip, seg.Start+i))
				stop = seg.Start + i + len(shut)
				block.Advance(i + len(shut))
				return inner, start, stop, true
			}
		}
		inner = append(inner, text.NewSegment(seg.Start+skip, seg.Stop))
		skip = 0
		block.AdvanceLine()
		line, seg = block.PeekLine()
	}
	block.SetPosition(line0, pos0)
	return nil, 0, 0, false
}

func join(block text.Reader, segs []text.Segment) []byte {
	var b []byte
	for _, s := range segs {
		b = append(b, block.Source()[s.Start:s.Stop]...)
	}
	return b
}

// linkParser is goldmark's, which also remembers where the words of a link and the link itself end: the tree does not
// tell, and reading it again from the source would have to know about quotes and lists around it.
type linkParser struct{ parser.InlineParser }

// linkEnds is the attribute with the offsets of the ] after a link's words and of the end of the link.
const linkEnds = "ends"

func (p linkParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	_, shut := block.Position()
	if line, _ := block.PeekLine(); bytes.HasPrefix(line, []byte("](")) && tooDeep(line[2:]) {
		return nil
	}
	n := p.InlineParser.Parse(parent, block, pc)
	switch n.(type) {
	case *ast.Link, *ast.Image:
		_, end := block.Position()
		n.SetAttributeString(linkEnds, [2]int{shut.Start, end.Start})
	}
	return n
}

// tooDeep says whether an address holds round brackets more than 32 deep. It is no address then (CommonMark 0.31 §6.3
// allows a limit): goldmark would read the rest of the line once for each of them.
func tooDeep(dest []byte) bool {
	depth := 0
	for _, c := range dest {
		switch {
		case c == '(':
			if depth++; depth > 32 {
				return true
			}
		case c == ')':
			if depth--; depth < 0 {
				return false
			}
		case c <= ' ':
			return false
		}
	}
	return false
}

// CloseBlock is what turns brackets that are no link back into text.
func (p linkParser) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	p.InlineParser.(parser.CloseBlocker).CloseBlock(parent, block, pc)
}

type wikiParser struct{}

func (wikiParser) Trigger() []byte { return []byte{'[', '!'} }

func (wikiParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	open, embed := 2, false
	if len(line) > 0 && line[0] == '!' {
		open, embed = 3, true
		line = line[1:]
	}
	if !bytes.HasPrefix(line, []byte("[[")) {
		return nil
	}
	l, p := block.Position()
	inner, start, stop, ok := enclosed(block, open, "]]", 0)
	if !ok {
		return nil
	}
	raw := join(block, inner)
	// [[1]](url) is a link with brackets in its text, as elsewhere in CommonMark; [[[x]]] is [[x]] in brackets.
	if len(bytes.TrimSpace(raw)) == 0 || raw[0] == '[' || bytes.Contains(raw, []byte("[[")) || len(raw) > 1000 || block.Peek() == '(' {
		block.SetPosition(l, p)
		return nil
	}
	n := &wikiNode{inner: raw, embed: embed, stop: stop}
	n.SetPos(start)
	return n
}

// citeKey is a Pandoc citation key (Pandoc manual; T-20): it starts with a letter, digit or _, and punctuation may
// only stand inside.
const citeKey = `[\p{L}\p{N}_](?:[\p{L}\p{N}_]|[:.#$%&+?<>~/-]+[\p{L}\p{N}_])*`

var (
	citePart = regexp.MustCompile(`^(?:(.*[^\s]))?(?:^|\s+|^\s*)(-?)@(\{[^{}\s]+\}|` + citeKey + `)(?:\s*,\s*(.*?)|\s+(.*?))?\s*$`)
	bareCite = regexp.MustCompile(`^@(\{[^{}\s]+\}|` + citeKey + `)`)
	oneMore  = regexp.MustCompile(`(?:^|[\s,])-?@[\p{L}\p{N}_{]`) // another source where only words belong
)

type citeParser struct{}

func (citeParser) Trigger() []byte { return []byte{'[', '@'} }

func (citeParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, seg := block.PeekLine()
	l, p := block.Position()
	if line[0] == '@' {
		if c := block.PrecendingCharacter(); unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_' || c == '.' || c == '-' || c == '+' || c == '/' || pc.IsInLinkLabel() {
			return nil
		}
		m := bareCite.FindSubmatch(line)
		if m == nil {
			return nil
		}
		n := &citeNode{narrative: true, stop: seg.Start + len(m[0])}
		n.SetPos(seg.Start)
		item := citeItem{key: unbraced(m[1]), start: seg.Start, end: seg.Start + len(m[0]), cite: Cite{Narrative: true}}
		block.Advance(len(m[0]))
		// @key [p. 33]
		if rest := line[len(m[0]):]; bytes.HasPrefix(rest, []byte(" [")) && !bytes.HasPrefix(rest, []byte(" [[")) && !bytes.HasPrefix(rest, []byte(" [^")) {
			l, p := block.Position()
			block.Advance(1)
			if inner, _, stop, ok := enclosed(block, 1, "]", '['); ok && block.Peek() != '(' && !bytes.ContainsAny(join(block, inner), "@[") {
				item.cite.Locator = clean(join(block, inner))
				n.stop = stop
			} else {
				block.SetPosition(l, p)
			}
		}
		n.items = []citeItem{item}
		return n
	}
	if bytes.HasPrefix(line, []byte("[[")) || bytes.HasPrefix(line, []byte("[^")) || bytes.IndexByte(block.Source()[seg.Start:min(len(block.Source()), seg.Start+400)], '@') < 0 {
		return nil
	}
	inner, start, stop, ok := enclosed(block, 1, "]", '[')
	if !ok {
		return nil
	}
	n := &citeNode{stop: stop}
	n.SetPos(start)
	back := func() ast.Node { block.SetPosition(l, p); return nil }
	if c := block.Peek(); c == '(' || c == '[' {
		return back()
	}
	// offset of each byte of the joined text in the source
	var at []int
	for _, s := range inner {
		for i := s.Start; i < s.Stop; i++ {
			at = append(at, i)
		}
	}
	pos := 0
	for _, part := range bytes.Split(join(block, inner), []byte(";")) {
		m := citePart.FindSubmatchIndex(bytes.ReplaceAll(part, []byte("\n"), []byte(" ")))
		if m == nil {
			return back()
		}
		it := citeItem{key: unbraced(part[m[6]:m[7]]), start: at[pos+m[6]-1], end: at[pos+m[7]-1] + 1}
		it.cite.NoAuthor = m[5] > m[4]
		if m[2] >= 0 {
			it.cite.Prefix = clean(part[m[2]:m[3]])
		}
		for _, g := range []int{8, 10} {
			if m[g] >= 0 {
				it.cite.Locator = clean(part[m[g]:m[g+1]])
			}
		}
		if oneMore.MatchString(it.cite.Prefix) || oneMore.MatchString(it.cite.Locator) {
			return back() // [@a, @b] lacks its semicolon
		}
		n.items = append(n.items, it)
		pos += len(part) + 1
	}
	return n
}

// unbraced is the key of @{key}, in which any sign may stand (Pandoc manual, "Citation syntax").
func unbraced(key []byte) string { return string(bytes.Trim(key, "{}")) }

// clean joins lines and trims.
func clean(b []byte) string { return string(bytes.Join(bytes.Fields(b), []byte(" "))) }

type noteParser struct{}

func (noteParser) Trigger() []byte { return []byte{'[', '^'} }

func (noteParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	switch {
	case bytes.HasPrefix(line, []byte("^[")):
		inner, start, stop, ok := enclosed(block, 2, "]", '[')
		if !ok || len(bytes.TrimSpace(join(block, inner))) == 0 {
			return nil
		}
		n := &noteNode{body: inner, stop: stop}
		n.SetPos(start)
		return n
	case bytes.HasPrefix(line, []byte("[^")):
		end := bytes.IndexByte(line[:min(len(line), most)], ']')
		if end < 3 || bytes.ContainsAny(line[2:end], " \t[^") || end+1 < len(line) && line[end+1] == '(' {
			return nil
		}
		_, seg := block.PeekLine()
		n := &noteNode{label: string(line[2:end]), stop: seg.Start + end + 1}
		n.SetPos(seg.Start)
		block.Advance(end + 1)
		return n
	}
	return nil
}

type mathParser struct{}

func (mathParser) Trigger() []byte { return []byte{'$'} }

// Parse follows GitHub's rule, as prices are common in news: nothing but a blank or an opening bracket before the
// first $, no blank inside beside either, and no digit or letter after the last.
func (mathParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	if c := block.PrecendingCharacter(); c != '\n' && c != ' ' && c != '(' && c != '\t' {
		return nil
	}
	line, seg := block.PeekLine()
	if bytes.HasPrefix(line, []byte("$$")) {
		_, start, stop, ok := enclosed(block, 2, "$$", 0)
		if !ok {
			return nil
		}
		n := &mathNode{stop: stop}
		n.SetPos(start)
		return n
	}
	if len(line) < 3 || line[1] == ' ' || line[1] == '$' || line[1] == '\n' {
		return nil
	}
	for i := 2; i < len(line); i++ {
		if line[i] == '\\' {
			i++
			continue
		}
		if line[i] != '$' {
			continue
		}
		r, _ := utf8.DecodeRune(line[i+1:])
		if line[i-1] == ' ' || i+1 < len(line) && (unicode.IsDigit(r) || unicode.IsLetter(r)) {
			return nil
		}
		n := &mathNode{stop: seg.Start + i + 1}
		n.SetPos(seg.Start)
		block.Advance(i + 1)
		return n
	}
	return nil
}

// markNode is ==text==, which Obsidian highlights.
type markNode struct{ ast.BaseInline }

var kindMark = ast.NewNodeKind("Mark")

func (n *markNode) Kind() ast.NodeKind     { return kindMark }
func (n *markNode) Dump(src []byte, l int) { ast.DumpHelper(n, src, l, nil, nil) }

// pairParser reads what stands between two signs of a kind and two more: ~~struck out~~ and ==marked==. A run of
// another length is text, so that a range with a tilde, 10~20, stays one.
type pairParser struct {
	sign byte
	node func() ast.Node
}

func (p pairParser) Trigger() []byte { return []byte{p.sign} }

func (p pairParser) IsDelimiter(b byte) bool { return b == p.sign }

func (p pairParser) CanOpenCloser(a, b *parser.Delimiter) bool { return a.Char == b.Char }

func (p pairParser) OnMatch(int) ast.Node { return p.node() }

func (p pairParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, seg := block.PeekLine()
	d := parser.ScanDelimiter(line, before, 2, p)
	if d == nil || d.OriginalLength != 2 || before == rune(p.sign) {
		return nil
	}
	d.Segment = seg.WithStop(seg.Start + d.OriginalLength)
	block.Advance(d.OriginalLength)
	besideCJK(d, before, block)
	pc.PushDelimiter(d)
	return d
}

// emphasisParser is goldmark's, with another rule beside Chinese, Japanese and Korean.
type emphasisParser struct{ parser.InlineParser }

func (p emphasisParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	n := p.InlineParser.Parse(parent, block, pc)
	if d, ok := n.(*parser.Delimiter); ok {
		besideCJK(d, before, block)
	}
	return n
}

// besideCJK decides again whether signs open and close emphasis where a CJK character stands beside them. These scripts
// have no blanks between words, so that by CommonMark 0.31 §6.2 the signs of **（漢字）**と would stay. By the rule of
// github.com/tats-u/markdown-cjk-friendly, CJK punctuation is no punctuation there, and a CJK character is as good as a blank.
func besideCJK(d *parser.Delimiter, before rune, block text.Reader) {
	line, _ := block.PeekLine()
	after := ' '
	if len(line) > 0 {
		after, _ = utf8.DecodeRune(line)
	}
	if !isCJK(before) && !isCJK(after) {
		return
	}
	sign := func(r rune) bool { return util.IsPunctRune(r) && !isCJK(r) }
	left := !util.IsSpaceRune(after) && (!sign(after) || util.IsSpaceRune(before) || sign(before) || isCJK(before))
	right := !util.IsSpaceRune(before) && (!sign(before) || util.IsSpaceRune(after) || sign(after) || isCJK(after))
	d.CanOpen, d.CanClose = left, right
	if d.Char == '_' {
		d.CanOpen, d.CanClose = left && (!right || util.IsPunctRune(before)), right && (!left || util.IsPunctRune(after))
	}
}

// isCJK says whether a character is written as wide as an ideograph, pictures aside.
func isCJK(r rune) bool {
	if r < 0x1100 || r >= 0x2000 && r < 0x2E80 || r >= 0x1F000 && r < 0x20000 {
		return false
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianHalfwidth:
		return true
	}
	return false
}
