// Package content turns one hand-written file into a typed value with positions, and knows nothing of any other file.
//
// [ParseDoc] reads a markdown page into a [Doc], [ParseData] a data file into [Data], [ParseConfig] site.toml into a
// [Config]. They never fail: what is wrong comes back as findings beside the value. A Doc holds HTML with holes: where
// the HTML depends on another file (a link, a citation, the value of a fact) a [Piece] names a [Ref], and package site
// fills it. No syntax tree survives parsing, so a remembered Doc can be shared by every build.
package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/text/unicode/norm"

	"gloss/generator/diag"
)

// DocInput is all that parsing a page may see.
type DocInput struct {
	File     File
	Settings Settings
}

// Equal says whether two inputs are the same.
func (in DocInput) Equal(o DocInput) bool { return in.Settings == o.Settings && in.File.Equal(o.File) }

// ParsedDoc is a page and what is wrong with it as far as its file alone tells.
type ParsedDoc struct {
	Doc      Doc
	Findings []diag.Finding
}

// TypeOf says which type of page a file is; name is relative to content/.
func TypeOf(name string) PageType {
	if name == "index.md" {
		return Overview
	}
	dir, file := path.Split(name)
	if file == "index.md" {
		return Plain
	}
	switch dir {
	case "sections/":
		return Section
	case "terms/":
		return Term
	case "who/":
		return Who
	case "events/":
		return Event
	}
	return Plain
}

// builder walks the syntax tree of one file once and writes the Doc.
type builder struct {
	file File
	doc  *Doc
	out  []diag.Finding
	set  Settings
	lang Language
	head diag.Span // where findings about the whole page stand

	src  *source
	defs map[string]ast.Node // footnote definitions by label
	used map[string]bool
	note map[string]int // index into Notes by label
	due  []int          // notes to show after the block at hand
	late []ast.Node     // marks to write after the link at hand
	cuts []cut          // what the twin does not hold as it is written

	lexers map[string]chroma.Lexer // by the language of a fence

	body  *[]Piece
	buf   []byte
	txt   []byte // plain text of the block at hand
	gap   bool   // words that the plain text leaves out stood right before
	block int    // index of the block at hand; -1: none
	ids   map[string]int
	names map[string]bool // of blocks, as the writer gave them
	sect  int             // count of h2 so far
	level int             // of the last heading
	below bool            // the layout writes the h1, so the headings of the body stand below it
	shift int             // added to heading levels from the first # of the body on

	leftOvers  int  // findings about signs that were not understood
	container  bool // a ::: has been reported, so that the next one alone is its end
	openFences bool // a code block without an end has been reported

	tags      []openTag // elements of HTML in the text that are open …
	scope     int       // … of which those from here on were opened by the block or node at hand
	folds     []fold    // details elements that are open …
	foldScope int       // … of which those from here on were opened by the parent at hand
	foreign   map[string]*foreign

	htmlTags  []passedTag // of the writer's HTML in the body at hand
	htmlLost  []string    // elements of it whose missing end has been reported
	htmlLinks int         // its links that are open

	heading, link, quiet int  // inside so many headings, links, or places where no name is linked
	nested               int  // inside so many quotes, callouts and lists
	callout              int  // inside so many callouts
	front                bool // reading front matter or records
	quotes               int  // inside so many quotations
	segs                 []segment
	shut                 [][2]int // stretches of txt that are no prose: code, mathematics
	quoting              byte     // how the text at hand is quoted in its file, as Ref.Quote
	on                   Date     // of the dated text at hand
	records              bool     // reading records, which have no blocks
}

// ParseDoc reads a page. The same input gives the same Doc.
func ParseDoc(in DocInput) ParsedDoc {
	f := in.File
	name := strings.TrimPrefix(f.Name, "content/")
	doc := Doc{File: f.Name, Name: name, Type: TypeOf(name)}
	doc.Meta.Image = -1
	b := newBuilder(in, &doc)
	if bad := checkText(f); bad != nil {
		return ParsedDoc{Doc: doc, Findings: []diag.Finding{*bad}}
	}
	m := findMatter(f.Name, f.Text)
	if m.bad != nil && m.bad.Unreadable {
		return ParsedDoc{Doc: doc, Findings: []diag.Finding{*m.bad}}
	}
	b.head = diag.Span{File: f.Name, Start: 0, End: lineEnd(f.Text, 0)}
	doc.Meta.Has = m.has
	var v value
	if m.has {
		var fs []diag.Finding
		if v, fs = m.read(f.Name, f.Text); v.kind != kTable {
			fs = diag.Unreadable(fs)
		}
		b.out = append(b.out, fs...)
	}
	if len(b.out) == 0 || v.kind == kTable {
		b.front = true
		b.frontMatter(v)
		b.front = false
	}
	body := m.block[1]
	if m.bad != nil { // the fields are where they should not be; once they are right, there is more to say about them
		m.bad.Unreadable = v.kind != kTable && v.kind != kNull
		b.out = []diag.Finding{*m.bad}
		body = 0
		if bytes.HasPrefix(f.Text, []byte("\xEF\xBB\xBF")) {
			body = 3
		}
		b.cuts = append(b.cuts, cutOf(m.block))
	}
	cut := m.block
	if m.second != nil {
		if v, _ := m.second.read(f.Name, f.Text); !doc.Meta.Draft {
			doc.Meta.Draft = (&fields{v: v, out: new([]diag.Finding)}).draft(diag.Error)
		}
		b.out = append(b.out, *m.second.bad)
		cut = m.second.block
		b.cuts = append(b.cuts, cutOf(cut))
	}
	src := maskBody(f.Text, body, cut)
	root := markdown.Parse(text.NewReader(src.parse), parser.WithContext(parser.NewContext()))
	b.src = src
	b.leftOver(root)
	b.title(root)
	b.run(root)
	b.reportForeign()
	doc.Twin = b.twin(body)
	doc.sketches()
	return ParsedDoc{Doc: doc, Findings: b.out}
}

func newBuilder(in DocInput, doc *Doc) *builder {
	return &builder{file: in.File, doc: doc, set: in.Settings, lang: LanguageOf(in.Settings.Language), block: -1, body: &doc.Body,
		lexers: map[string]chroma.Lexer{}, ids: map[string]int{}, names: map[string]bool{}, defs: map[string]ast.Node{}, used: map[string]bool{}, note: map[string]int{}, level: 1}
}

// title takes the first heading of level 1 for the title where the front matter has none; the others move down, as a
// page has one h1 and the layout writes it. A plain page without either is called after its file, and an overview after
// the site.
func (b *builder) title(root ast.Node) {
	m := &b.doc.Meta
	b.below = true
	var first *ast.Heading
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level == 1 {
			first = h
			break
		}
	}
	if m.Title == "" && (b.doc.Type == Plain || b.doc.Type == Overview) {
		if first != nil {
			m.Title = strings.TrimSpace(b.plain(first))
			m.TitleSpan = b.span(first.Pos(), b.stop(first))
		}
		if m.Title == "" && b.doc.Type == Plain {
			m.Title = strings.TrimSuffix(path.Base(b.doc.Name), ".md")
			m.TitleSpan = b.head
		}
	}
	if first != nil && strings.TrimSpace(b.plain(first)) == m.Title {
		b.cutHeading(first)
		root.RemoveChild(root, first)
	}
}

// run writes the whole body.
func (b *builder) run(root ast.Node) {
	b.collectNotes(root)
	b.passScope(false, func() { b.blocks(root) })
	for _, n := range slices.Sorted(maps.Keys(b.defs)) {
		if def := b.defs[n]; !b.used[n] {
			b.add("unused-note", b.span(def.Pos(), def.Pos()+len(n)+3), "refer to it with [^"+n+"], or remove it", "nothing refers to the note [^%s]", n)
		}
	}
	for _, bl := range b.doc.Blocks {
		if bl.Kind != "note" && bl.Kind != "code" && bl.Kind != "heading" && bl.Kind != "front" {
			b.doc.Words += bl.Words
		}
	}
}

func (b *builder) add(code string, span diag.Span, hint, format string, args ...any) {
	b.out = append(b.out, diag.Finding{Code: code, Span: span, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// lenient adds a finding about something that notes of Obsidian often lack: a warning on plain pages, and on a front page
// that is just a note as well.
func (b *builder) lenient(code string, span diag.Span, hint, format string, args ...any) {
	b.add(code, span, hint, format, args...)
	if b.doc.Type == Plain || b.doc.Type == Overview && !b.doc.Meta.Has {
		b.out[len(b.out)-1].Severity = diag.Warning
	}
}

// span maps a stretch of the text at hand to the file.
func (b *builder) span(start, end int) diag.Span {
	start = max(0, min(start, len(b.src.text)))
	end = max(start, min(end, len(b.src.text)))
	s := diag.Span{File: b.file.Name, Start: b.src.at(start)}
	s.End = s.Start
	if end > start {
		s.End = b.src.at(end-1) + 1
	}
	return s
}

// ref records a reference and returns its index.
func (b *builder) ref(r Ref) int {
	r.On, r.Front = b.on.ISO, b.front
	b.doc.Refs = append(b.doc.Refs, r)
	return len(b.doc.Refs) - 1
}

// html writes literal HTML.
func (b *builder) html(s ...string) {
	for _, s := range s {
		b.buf = append(b.buf, s...)
	}
}

// flush ends the literal piece at hand.
func (b *builder) flush() {
	if len(b.buf) > 0 {
		*b.body = append(*b.body, Piece{HTML: string(b.buf), Ref: -1})
		b.buf = b.buf[:0]
	}
}

func (b *builder) hole(ref int, close bool) {
	b.flush()
	*b.body = append(*b.body, Piece{Ref: ref, Close: close})
}

func (b *builder) pos() Pos { return Pos{len(*b.body), len(b.buf)} }

// escape writes text as HTML.
func (b *builder) escape(s string) { b.buf = appendEscaped(b.buf, s) }

// Escape returns text as HTML, as the body of a page holds it.
func Escape(s string) string {
	if nextSign(s) == len(s) {
		return s
	}
	return string(appendEscaped(nil, s))
}

func appendEscaped(out []byte, s string) []byte {
	for {
		i := nextSign(s)
		out = append(out, s[:i]...)
		if i == len(s) {
			return out
		}
		switch s[i] {
		case '&':
			out = append(out, "&amp;"...)
		case '<':
			out = append(out, "&lt;"...)
		case '>':
			out = append(out, "&gt;"...)
		case '"':
			out = append(out, "&quot;"...)
		}
		s = s[i+1:]
	}
}

// nextSign is where the first sign of HTML stands, or the length of the text.
func nextSign(s string) int {
	for i := range len(s) {
		if c := s[i]; c == '&' || c == '<' || c == '>' || c == '"' {
			return i
		}
	}
	return len(s)
}

// id makes an id unique on the page; the second equal one gets -2 (contract section 3).
func (b *builder) id(want string) string {
	if want == "" {
		want = "section"
	}
	b.ids[want]++
	if n := b.ids[want]; n > 1 {
		return b.id(fmt.Sprintf("%s-%d", want, n))
	}
	return want
}

// blockID is the id of a block without a name of its own: b- and 6 hex digits of its normalised text.
func blockID(text string) string {
	sum := sha256.Sum256([]byte(norm.NFC.String(oneSpaced(text))))
	return "b-" + hex.EncodeToString(sum[:3])
}

// oneSpaced puts one space for each run of blanks, and none around.
func oneSpaced(s string) string {
	blank := true // what comes before the text
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || c < ' ' || c == ' ' && blank {
			return strings.Join(strings.Fields(s), " ")
		}
		blank = c == ' '
	}
	if blank {
		return strings.Join(strings.Fields(s), " ")
	}
	return s
}

// inline reads a text of front matter or of a record as one line of markdown.
func (b *builder) inline(v value) Inline {
	if v.kind == kNull || strings.TrimSpace(v.text) == "" {
		return Inline{Span: v.span}
	}
	src := mapped([]byte(v.text), v.at(b.file.Text))
	in := Inline{Span: v.span}
	// Its references belong to a block without a place in the body, so that what they lead to can show the sentence.
	block := b.block
	if b.front && !b.records {
		b.block = len(b.doc.Blocks)
		b.doc.Blocks = append(b.doc.Blocks, Block{Kind: "front", Head: -1, Section: -1, Span: v.span})
	}
	b.quoting = v.quote
	if b.quoting == 0 {
		b.quoting = unmarked
	}
	in.Body, in.Text = b.oneLine(src)
	b.quoting = 0
	in.Words = CountWords(in.Text)
	if b.front && !b.records {
		b.doc.Blocks[b.block].Text = in.Text
	}
	b.block = block
	return in
}

// oneLine parses and writes inline markdown into pieces of its own.
func (b *builder) oneLine(src *source) ([]Piece, string) {
	root := oneLine.Parse(text.NewReader(src.parse), parser.WithContext(parser.NewContext()))
	var body []Piece
	oldBody, oldBuf, oldTxt, oldSrc, oldBlock := b.body, b.buf, b.txt, b.src, b.block
	b.body, b.buf, b.txt, b.src = &body, nil, nil, src
	count := b.counting()
	b.quiet++
	b.leftOver(root)
	b.passScope(true, func() {
		for p := root.FirstChild(); p != nil; p = p.NextSibling() {
			if p != root.FirstChild() {
				b.html(" ")
				b.txt = append(b.txt, ' ')
			}
			b.inlines(p)
		}
	})
	b.quiet--
	txt := strings.TrimSpace(string(b.txt))
	count(string(b.txt), 0)
	b.body, b.buf, b.txt, b.src, b.block = oldBody, oldBuf, oldTxt, oldSrc, oldBlock
	return body, txt
}

// CountWords counts what a reader reads: runs of letters and digits, and each ideograph.
func CountWords(s string) int {
	n, in := 0, false
	for i, r := range s {
		switch {
		case r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'):
			if !in {
				n++
			}
			in = true
		case unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r):
			n++
			in = false
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if !in {
				n++
			}
			in = true
		case in && (r == '\'' || r == '’' || r == '-' || r == ',' || r == '.'):
			// joins what is on both sides: don't, well-known, 2,500
			next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
			in = unicode.IsLetter(next) || unicode.IsDigit(next)
		default:
			in = false
		}
	}
	return n
}

// Sentence returns the sentence of text that holds the bytes [from, to). A sentence ends after . ! ? … or their
// Arabic and CJK forms, with closing quotes, before a blank and something that is no lower-case letter. Nothing, when
// from is to, belongs to what stands right before it.
func Sentence(text string, from, to int) (start, end int) {
	from, to = min(from, len(text)), min(max(from, to), len(text))
	if from == to && from > 0 && text[from-1] != ' ' {
		from-- // a mark that stands right behind something belongs to that
	}
	// The sentence before it ends near by, as a rule, so a long text is not read from its start for each of its mentions.
	for back := 1 << 10; ; back *= 4 {
		first := max(0, from-back)
		for first > 0 && !utf8.RuneStart(text[first]) {
			first--
		}
		var ended bool
		if start, end, ended = sentenceFrom(text, first, from, to); ended || first == 0 {
			break
		}
	}
	for start < end && text[start] == ' ' {
		start++
	}
	return start, end
}

// sentenceFrom is Sentence for a reader who starts at first. ended says that a sentence ends between first and from, so that
// start is right.
func sentenceFrom(text string, first, from, to int) (start, end int, ended bool) {
	end = len(text)
	for i := first; i < len(text); {
		// Every page's mentions are looked through, so letters, which no sentence ends with, are passed quickly.
		if c := text[i]; c < utf8.RuneSelf && c != '.' && c != '!' && c != '?' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		if !strings.ContainsRune(".!?…؟。！？", r) {
			continue
		}
		j := i
		for j < len(text) {
			q, s := utf8.DecodeRuneInString(text[j:])
			if !strings.ContainsRune("\"'”’»)]", q) {
				break
			}
			j += s
		}
		if j < len(text) {
			blank, s := utf8.DecodeRuneInString(text[j:])
			if !unicode.IsSpace(blank) && !strings.ContainsRune("。！？", r) {
				continue
			}
			if after, _ := utf8.DecodeRuneInString(text[min(len(text), j+s):]); r == '.' && (unicode.IsLower(after) || abbreviation(text[:i-1])) {
				continue
			}
		}
		if j <= from {
			start, ended = j, true
		} else if j >= to {
			end = j
			break
		}
	}
	return start, end, ended
}

// abbreviation guesses whether a full stop after s ends no sentence: a single letter or a usual title.
func abbreviation(s string) bool {
	w := s[strings.LastIndexAny(s, " .(")+1:]
	if utf8.RuneCountInString(w) == 1 && w != "I" {
		return true
	}
	switch w {
	case "Mr", "Mrs", "Ms", "Dr", "Gen", "Maj", "Lt", "Col", "Sgt", "Sen", "Rep", "Gov", "Prof", "St", "vs", "No", "pp", "para", "Jan", "Feb", "Aug", "Sept", "Oct", "Nov", "Dec":
		return true
	}
	return false
}
