package content

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"gloss/generator/diag"
)

// What a writer types and the parser does not understand stays text, and readers would see its signs. This file looks at
// all prose once more after parsing and reports the signs that are left over, with the form that was meant. Code,
// formulas, links that were understood and escaped signs are left alone.

// mostLeftOver is how many such findings a page reports. A page with more is no markdown.
const mostLeftOver = 100

// Signs that flattening puts in place of what is no plain text.
const (
	node      = 0x00 // a link, picture, note, code or formula
	quiet     = 0x01 // a sign that the writer escaped, or the backslash before it
	quietOpen = 0x02 // an escaped [
	quietShut = 0x03 // an escaped ]
)

// scan looks at the prose of one block. text is the block's own, with the signs above; src maps its offsets to those of
// b.src.
type scan struct {
	b     *builder
	text  []byte
	at    source
	match []int // for each bracket its partner, or -1; nil where there are no brackets
}

// leftOver looks at every block below a node.
func (b *builder) leftOver(n ast.Node) {
	switch n.(type) {
	case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock:
		return
	}
	c := n.FirstChild()
	if c == nil {
		return
	}
	if n.Type() == ast.TypeBlock && c.Type() == ast.TypeInline {
		b.leftOverIn(n)
		return
	}
	for ; c != nil; c = c.NextSibling() {
		b.leftOver(c)
	}
}

// leftOverIn looks at the prose in one node.
func (b *builder) leftOverIn(n ast.Node) {
	s := scan{b: b}
	s.flatten(n)
	s.run(n)
}

// flatten writes the prose of a node as one text.
func (s *scan) flatten(n ast.Node) {
	put := func(from int, v ...byte) {
		if k := len(s.at.starts) - 1; k < 0 || s.at.files[k]+len(s.text)-s.at.starts[k] != from {
			s.at.starts, s.at.files = append(s.at.starts, len(s.text)), append(s.at.files, from)
		}
		s.text = append(s.text, v...)
	}
	src := s.b.src.text
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			from := len(s.text)
			put(c.Segment.Start, c.Segment.Value(src)...)
			if !c.IsRaw() {
				silence(s.text[from:])
			}
			if c.SoftLineBreak() || c.HardLineBreak() {
				put(c.Segment.Stop, '\n')
			}
		case *ast.String:
		case *ast.AutoLink:
			label := c.Label(src)
			at := max(0, c.Pos())
			if i := bytes.Index(src[at:min(len(src), at+len(label)+2)], label); i >= 0 && (at+i == 0 || src[at+i-1] != '<') {
				put(at+i, label...)
			} else {
				put(at, node)
			}
		case *citeNode:
			if c.narrative {
				put(c.Pos(), src[c.Pos():c.stop]...)
			} else {
				put(c.Pos(), node)
			}
		case *ast.Link:
			put(max(0, c.Pos()), node)
			s.b.leftOverIn(c)
		case *ast.CodeSpan:
			put(max(0, c.Pos()), node)
			s.dataview(c)
		case *ast.Image, *wikiNode, *noteNode, *mathNode, *ast.RawHTML, *east.TaskCheckBox:
			put(max(0, c.Pos()), node)
		default:
			s.flatten(c)
		}
	}
}

// silence puts other signs in place of escaped characters and of entities.
func silence(v []byte) {
	for i := 0; i < len(v); i++ {
		switch {
		case v[i] == '\\' && i+1 < len(v) && unicode.IsPunct(rune(v[i+1])) || v[i] == '\\' && i+1 < len(v) && strings.IndexByte("$+<=>^`|~", v[i+1]) >= 0:
			was := v[i+1]
			v[i], v[i+1] = quiet, quiet
			switch was {
			case '[':
				v[i+1] = quietOpen
			case ']':
				v[i+1] = quietShut
			}
			i++
		case v[i] == '&':
			if end := bytes.IndexByte(v[i:min(len(v), i+40)], ';'); end > 1 {
				if _, ok := entity(string(v[i+1 : i+end])); ok {
					for j := i; j <= i+end; j++ {
						v[j] = quiet
					}
				}
			}
		}
	}
}

// brackets pairs the square brackets of the text.
func (s *scan) brackets() {
	if bytes.IndexByte(s.text, '[') < 0 && bytes.IndexByte(s.text, ']') < 0 {
		return
	}
	s.match = make([]int, len(s.text))
	var open []int
	for i, c := range s.text {
		s.match[i] = -1
		switch c {
		case '[', quietOpen:
			open = append(open, i)
		case ']', quietShut:
			if n := len(open) - 1; n >= 0 {
				s.match[i], s.match[open[n]] = open[n], i
				open = open[:n]
			}
		}
	}
}

// report says what is left over at text[from:to].
func (s *scan) report(from, to int, hint, format string, args ...any) {
	if s.b.leftOvers++; s.b.leftOvers > mostLeftOver {
		return
	}
	s.b.add("left-over-markup", s.b.span(s.at.at(from), s.at.at(max(from, to-1))+1), hint, format, args...)
}

// raw is the source of text[from:to], in one line.
func (s *scan) raw(from, to int) string {
	if to <= from {
		return ""
	}
	a, z := s.at.at(from), s.at.at(to-1)+1
	return oneSpaced(strings.ReplaceAll(string(s.b.src.text[a:max(a, min(z, len(s.b.src.text)))]), "\n>", "\n"))
}

// until finds what closes at most so many bytes on, or returns -1.
func (s *scan) until(from, most int, shut string) int {
	from = min(from, len(s.text))
	if i := bytes.Index(s.text[from:min(len(s.text), from+most)], []byte(shut)); i >= 0 {
		return from + i
	}
	return -1
}

func (s *scan) byteAt(i int) byte {
	if i < 0 || i >= len(s.text) {
		return '\n'
	}
	return s.text[i]
}

func blankByte(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

// wordBefore and wordAfter say whether a letter, a digit or something that is no text stands on that side.
func (s *scan) wordBefore(i int) bool {
	if i <= 0 {
		return false
	}
	r, _ := utf8.DecodeLastRune(s.text[:i])
	return r == node || unicode.IsLetter(r) || unicode.IsDigit(r)
}

func (s *scan) wordAfter(i int) bool {
	if i >= len(s.text) {
		return false
	}
	r, _ := utf8.DecodeRune(s.text[i:])
	return r == node || unicode.IsLetter(r) || unicode.IsDigit(r)
}

const signs = "[]){<%:$*~=^@#\n"

func (s *scan) run(n ast.Node) {
	s.table(n)
	s.brackets()
	for i := s.imports(0); i < len(s.text) && s.b.leftOvers < mostLeftOver; {
		j := bytes.IndexAny(s.text[i:], signs)
		if j < 0 {
			return
		}
		i += j
		end := 0
		lineStart := i == 0 || s.text[i-1] == '\n'
		switch s.text[i] {
		case '[':
			end = s.open(i, lineStart, n)
		case ']':
			end = s.shut(i)
		case ')':
			end = s.swapped(i)
		case '^':
			if s.byteAt(i+1) == '[' && s.match[i+1] < 0 {
				end = s.lineOrSentence(i)
				s.report(i, i+2, "close the note: ^["+s.raw(i+2, end)+"]", "the note that starts here with ^[ is never closed")
			}
		case '@':
			if m := s.matchAt(i + 1); m > 0 && m-i < 200 && !s.wordBefore(i) && keyAlone.Match(s.text[i+2:m]) {
				end = m + 1
				s.report(i, end, "write [@"+s.raw(i+2, m)+"]", "a citation has its @ inside the brackets")
			}
		case '{':
			end = s.brace(i)
		case '<':
			end = s.angle(i, lineStart)
		case '%':
			if s.byteAt(i+1) == '%' && s.byteAt(i+2) != '%' && s.byteAt(i-1) != '%' {
				end = i + 2
				s.report(i, end, "put %% after the remark as well; to show the signs, write \\%\\%", "a remark starts here with %%%% and never ends")
			}
		case ':':
			if lineStart && bytes.HasPrefix(s.text[i:], []byte(":::")) {
				end = s.container(i, n)
			}
		case '$':
			if lineStart && bytes.HasPrefix(s.text[i:], []byte("$$")) && s.byteAt(i+2) != '$' && s.until(i+2, 1<<20, "$$") < 0 {
				end = i + 2
				s.report(i, end, "put $$ after the formula as well, without an empty line in it", "a formula starts here with $$ and never ends")
			}
		case '*', '~', '=':
			end = s.pair(i)
		case '#':
			if k := run(s.text, i); lineStart && k >= 2 && k <= 6 && s.wordAfter(i+k) {
				if _, ok := n.(*ast.Paragraph); ok {
					end = i + k
					s.report(i, end, "write "+s.raw(i, end)+" "+s.raw(end, s.lineEnd(i)), "a heading has a blank after its #")
				}
			}
		case '\n':
			end = s.imports(i + 1)
		}
		i = max(end, i+1)
	}
}

// imports looks at a line of MDX that names a component; it returns where the line ends, or i.
func (s *scan) imports(i int) int {
	if !bytes.HasPrefix(s.text[i:], []byte("import ")) || !mdxImport.Match(s.text[i:s.lineEnd(i)]) {
		return i
	}
	end := s.lineEnd(i)
	s.report(i, end, "remove the line, and write markdown where its component stands", "a line of MDX: gloss runs no programs in a page")
	return end
}

// run is how often the sign at i stands there in a row.
func run(v []byte, i int) int {
	k := 1
	for i+k < len(v) && v[i+k] == v[i] {
		k++
	}
	return k
}

func (s *scan) lineEnd(i int) int {
	if j := bytes.IndexByte(s.text[i:], '\n'); j >= 0 {
		return i + j
	}
	return len(s.text)
}

// lineOrSentence is where something that was never closed most likely ends.
func (s *scan) lineOrSentence(i int) int {
	end := min(s.lineEnd(i), i+200)
	for end > i && !utf8.RuneStart(s.byteAt(end)) {
		end--
	}
	if j := bytes.Index(s.text[i:end], []byte(". ")); j > 0 {
		end = i + j
	}
	return end
}

func (s *scan) matchAt(i int) int {
	if s.byteAt(i) != '[' {
		return -1
	}
	return s.match[i]
}

var (
	mdxImport = regexp.MustCompile(`^import [^\n]* from ["'][^"'\n]+["'];?$`)
	keyAlone  = regexp.MustCompile(`^[ \t]*@?[\p{L}\p{N}_]+(?:[:._-][\p{L}\p{N}_]+)*[ \t]*$`)
	citeStart = regexp.MustCompile(`(?:^|[\s;,(-])-?@\{?[\p{L}\p{N}_]`)
	// linkLike is what an address looks like, so that other words in round brackets are none.
	linkLike = regexp.MustCompile(`(?i)^(?:(?:fact|event|claim|https?|mailto|tel)[ \t]*:[ \t]*\S|\.{0,2}/[^\s/]|#[^\s]|www\.|[^\s"]+\.(?:md|markdown|png|jpe?g|gif|svg|webp|avif|pdf|html?|csv|mp4)\b)`)
	callSlip = regexp.MustCompile(`^\[![ \t]*([A-Za-z][\w-]*)(?:[ \t]*\])?`)
)

// open looks at a [ in the text.
func (s *scan) open(i int, lineStart bool, n ast.Node) int {
	m := s.match[i]
	if k := run(s.text, i); k > 3 { // a drawing
		return i + k
	}
	next := s.byteAt(i + 1)
	picture := s.byteAt(i-1) == '!'
	from := i
	if picture {
		from--
	}
	switch {
	case lineStart && next == '!' && callSlip.Match(s.text[i:]):
		return s.callout(i, n)
	case next == '[':
		if end := s.wiki(from, i); end > 0 {
			return end
		}
	case next == '^' || next == ' ' && s.byteAt(i+2) == '^':
		if end := s.note(i); end > 0 {
			return end
		}
	}
	if m < 0 {
		if next == '@' && s.wordAfter(i+2) {
			end := i + 2
			for s.wordAfter(end) || strings.IndexByte("-:_.", s.byteAt(end)) >= 0 && s.wordAfter(end+1) {
				end++
			}
			s.report(i, end, "write "+s.raw(i, end)+"]", "the citation that starts here is never closed")
			return end
		}
		return 0
	}
	if m-i > 2000 { // the brackets of a link are not that far apart
		return 0
	}
	if s.byteAt(i+1) == ' ' && s.byteAt(i+2) == '[' && s.match[i+2] >= 0 && len(bytes.TrimSpace(s.text[s.match[i+2]+1:m])) == 0 && !s.wordBefore(i) {
		if name := s.raw(i+3, s.match[i+2]); name != "" {
			s.report(from, m+1, "write [["+name+"]]", "no blank stands between the two brackets of a link")
			return m + 1
		}
	}
	if end := s.cite(i, m); end > 0 {
		return end
	}
	switch after := s.byteAt(m + 1); {
	case after == '(':
		return s.link(from, i, m)
	case blankByte(after) && s.byteAt(m+2) == '(':
		if shut := s.until(m+3, 500, ")"); shut > 0 {
			if dest := s.text[m+3 : shut]; linkLike.Match(dest) && bytes.IndexByte(bytes.TrimSpace(dest), ' ') < 0 && bytes.IndexByte(dest, '(') < 0 {
				s.report(from, shut+1, "write "+s.raw(from, m+1)+"("+s.raw(m+3, shut)+")", "no blank stands between the ] and the ( of a link")
				return shut + 1
			}
		}
	case picture && (from == 0 || blankByte(s.byteAt(from-1))) && m > i+1 && after != '[':
		s.report(from, m+1, "write "+s.raw(from, m+1)+"(file.png), with the name of the file", "this picture has no file")
		return m + 1
	case after == '[' && s.match[m+1] > m+2 && !s.wordBefore(i) && bytes.IndexByte(s.text[i:m], ' ') > 0 && bytes.IndexByte(s.text[m+1:s.match[m+1]], ' ') < 0:
		end := s.match[m+1] + 1
		s.report(from, end, "write "+s.raw(from, m+1)+"(address), or add a line "+s.raw(m+1, end)+": address", "no line says which address %s stands for", s.raw(m+1, end))
		return end
	}
	return 0
}

// wiki looks at [[ in the text; from is where the ! of an embed stands.
func (s *scan) wiki(from, i int) int {
	outer, inner := s.match[i], s.match[i+1]
	sign := s.raw(from, i)
	switch {
	case outer < 0 && inner < 0:
		end := i + 2
		for end < len(s.text) && bytes.IndexByte([]byte(" \t\n[](){},;"), s.text[end]) < 0 {
			end++
		}
		if end == i+2 {
			return 0
		}
		s.report(from, end, fmt.Sprintf("write %s[[%s]], with ]] after the name", sign, s.raw(i+2, end)), "the link that starts here with [[ is never closed")
		return end
	case outer < 0:
		if s.byteAt(i+2) == quiet || inner == i+2 || s.text[inner] == quietShut {
			return 0
		}
		s.report(from, inner+1, fmt.Sprintf("write %s[[%s]]", sign, s.raw(i+2, inner)), "a link that starts with [[ ends with ]]; here is one ]")
		return inner + 1
	case inner > i+2 && outer > inner+1 && len(bytes.TrimSpace(s.text[inner+1:outer])) == 0:
		s.report(from, outer+1, fmt.Sprintf("write %s[[%s]]", sign, s.raw(i+2, inner)), "no blank stands between the two brackets of a link")
		return outer + 1
	}
	return 0
}

// shut looks at a ] that closes nothing, or too little.
func (s *scan) shut(i int) int {
	open := s.match[i]
	if s.byteAt(i+1) == ']' && s.match[i+1] < 0 {
		if k := run(s.text, i); k > 3 {
			return i + k
		}
		if open >= 0 && s.text[open] == '[' && !s.wordBefore(open) && i > open+1 {
			s.report(open, i+2, fmt.Sprintf("write [[%s]]", s.raw(open+1, i)), "a link that ends with ]] starts with [[; here is one [")
			return i + 2
		}
		if open < 0 {
			from := i
			for from > 0 && bytes.IndexByte([]byte(" \t\n[](){},;"), s.text[from-1]) < 0 {
				from--
			}
			if from < i && s.text[from] != quiet {
				s.report(from, i+2, fmt.Sprintf("write [[%s]], with [[ before the name", s.raw(from, i)), "a link ends here with ]] and never starts")
			}
		}
		return i + 2
	}
	if open < 0 && s.byteAt(i+1) == '(' {
		if end := s.until(i+2, 500, ")"); end > 0 && bytes.IndexAny(s.text[i+2:end], " (") < 0 && linkLike.Match(s.text[i+2:end]) {
			s.report(i, end+1, "put [ before the words of the link, such as [words]("+s.raw(i+2, end)+")", "a link ends here, and no [ starts it")
			return end + 1
		}
	}
	return 0
}

// cite looks at square brackets that hold @key and were not understood.
func (s *scan) cite(i, m int) int {
	inner := s.text[i+1 : m]
	if s.byteAt(m+1) == '(' || len(inner) > most || !(citeStart.Match(inner) || len(inner) > 1 && inner[0] == '@' && blankByte(inner[1])) {
		return 0
	}
	if bytes.IndexByte(inner, node) >= 0 || bytes.IndexByte(inner, '[') >= 0 {
		return 0
	}
	raw := strings.Trim(strings.ReplaceAll(s.raw(i+1, m), "@ ", "@"), " ;,")
	var keys []string
	for _, w := range strings.FieldsFunc(raw, func(r rune) bool { return r == ';' || r == ',' || r == ' ' }) {
		if !strings.HasPrefix(strings.TrimPrefix(w, "-"), "@") {
			if !strings.ContainsAny(w, "-_0123456789") || !keyAlone.MatchString(w) {
				keys = nil
				break
			}
			w = "@" + w
		}
		keys = append(keys, w)
	}
	hint := "write [@key], [@key, p. 3], or [@one; @two] for two sources"
	switch {
	case len(keys) > 0:
		hint = "write [" + strings.Join(keys, "; ") + "]"
	case bareCite.MatchString(raw):
		hint = "write [" + raw + "]"
	}
	s.report(i, m+1, hint, "this citation is not understood, so its sources would be lost")
	return m + 1
}

// note looks at [^ in the text, or at [ ^.
func (s *scan) note(i int) int {
	m := s.match[i]
	from := i + 1
	for blankByte(s.byteAt(from)) {
		from++
	}
	from++ // after ^
	if m < 0 {
		end := from
		for s.wordAfter(end) || s.byteAt(end) == '-' {
			end++
		}
		if end == from {
			return 0
		}
		s.report(i, end, "write [^"+s.raw(from, end)+"]", "the mark of a note that starts here is never closed")
		return end
	}
	label := s.raw(from, m)
	switch {
	case label == "" || s.byteAt(m+1) == '(':
		return 0
	case strings.Contains(label, " "):
		s.report(i, m+1, "write ^["+label+"], with ^ before the bracket", "the name of a note is one word; a note in the text has its ^ before the bracket")
	default:
		s.report(i, m+1, "write [^"+label+"]", "no blank stands in the mark of a note")
	}
	return m + 1
}

// link looks at [words](… that is no link: text[i] is the [, text[m] the ].
func (s *scan) link(from, i, m int) int {
	code := s.wordBefore(from) || s.byteAt(from-1) == ')' || s.byteAt(from-1) == ']' // a[0](x) is no slip
	shut := -1
	if s.until(m+2, 500, ")") > 0 {
		depth := 0
		for j := m + 2; j < min(len(s.text), m+502); j++ {
			if s.text[j] == '(' {
				depth++
			} else if s.text[j] == ')' {
				if depth--; depth < 0 {
					shut = j
					break
				}
			}
		}
	}
	if shut < 0 {
		end := m + 2
		for end < min(len(s.text), m+502) && !blankByte(s.text[end]) {
			end++
		}
		if dest := s.text[m+2 : end]; len(dest) == 0 || bytes.IndexByte(dest, '[') >= 0 || !linkLike.Match(dest) {
			return 0
		}
		words := s.raw(from, m+1)
		s.report(from, end, "write "+words+"("+strings.TrimRight(s.raw(m+2, end), ".,;(")+")", "the link that starts here is never closed: it lacks its )")
		return end
	}
	dest := s.raw(m+2, shut)
	if dest == "" || code && !linkLike.MatchString(dest) {
		return 0
	}
	words := s.raw(from, m+1)
	scheme, rest, hasScheme := strings.Cut(dest, ":")
	scheme, rest = strings.TrimSpace(scheme), strings.TrimSpace(rest)
	bare, title, hasTitle := cutTitle(dest)
	switch {
	case bytes.IndexByte(s.text[i:m], node) >= 0 && !strings.ContainsAny(dest, " <"):
		s.report(from, shut+1, "write the links side by side, or take the brackets of the outer one away", "a link cannot stand among the words of another link")
	case hasScheme && slices.Contains([]string{"fact", "event", "claim"}, strings.ToLower(scheme)):
		s.report(from, shut+1, "write "+words+"("+strings.ToLower(scheme)+":"+strings.ReplaceAll(rest, " ", "-")+")", "no blank stands in the address of a link; here is one in %q", dest)
	case hasScheme && slices.Contains([]string{"http", "https", "mailto", "tel"}, strings.ToLower(scheme)) && !hasTitle:
		s.report(from, shut+1, "write "+words+"("+strings.ToLower(scheme)+":"+strings.ReplaceAll(rest, " ", "%20")+"), without the blank if it is a slip", "no blank stands in the address of a link; here is one in %q", dest)
	case hasTitle:
		if strings.Contains(bare, " ") {
			bare = "<" + strings.Trim(bare, "<>") + ">"
		}
		s.report(from, shut+1, fmt.Sprintf("write %s(%s \"%s\")", words, bare, title), "the title of a link stands between straight quotation marks")
	case strings.HasPrefix(dest, "<") || strings.HasSuffix(dest, ">"):
		s.report(from, shut+1, "write "+words+"(<"+strings.Trim(dest, "<>")+">)", "an address that starts with < ends with >")
	case strings.Contains(dest, " "):
		s.report(from, shut+1, "write "+words+"(<"+dest+">)", "an address with a blank in it stands between < and >")
	default:
		s.report(from, shut+1, "write [words](address), with nothing but an address between the round brackets", "this link is not understood")
	}
	return shut + 1
}

// cutTitle cuts a title in quotation marks of any kind off an address.
func cutTitle(dest string) (bare, title string, ok bool) {
	i := strings.IndexAny(dest, "\"'“”„«‘’")
	if i < 2 || dest[i-1] != ' ' {
		return dest, "", false
	}
	return strings.TrimSpace(dest[:i]), strings.Trim(dest[i:], "\"'“”„«»‘’ "), true
}

// swapped looks at (words)[address].
func (s *scan) swapped(i int) int {
	m := s.matchAt(i + 1)
	if m < 0 || m-i > 500 || !linkLike.Match(s.text[i+2:m]) || bytes.IndexByte(s.text[i+2:m], ' ') >= 0 {
		return 0
	}
	from := bytes.LastIndexByte(s.text[max(0, i-200):i], '(')
	if from < 0 {
		return 0
	}
	from += max(0, i-200)
	s.report(from, m+1, "write ["+s.raw(from+1, i)+"]("+s.raw(i+2, m)+")", "the brackets of this link are the wrong way round")
	return m + 1
}

var (
	attribute = regexp.MustCompile(`^\{:?[ \t]*(?:[.#][A-Za-z][\w:-]*|[A-Za-z][\w-]*=(?:"[^"\n]*"|'[^'\n]*'|[^\s}"']+))(?:[ \t]+(?:[.#]?[A-Za-z][\w:-]*|[A-Za-z][\w-]*=(?:"[^"\n]*"|'[^'\n]*'|[^\s}"']+)))*[ \t]*\}`)
	template  = regexp.MustCompile(`^\{\{[-~]?(?:[ \t]+[#/>&^]?[A-Za-z_$][^{}\n]*|[#/>&^]?[A-Za-z_$][\w$]*[ \t.|(:][^{}\n]*|(?:title|date|time)(?::[^{}\n]*)?)\}\}`)
)

// brace looks at a { in the text: short codes and templates of other programs, and attributes.
func (s *scan) brace(i int) int {
	rest := s.text[i:min(len(s.text), i+300)]
	foreign := func(shut, what, hint string) int {
		end := s.until(i+2, 2000, shut)
		if end < 0 {
			end = min(i+3, len(s.text))
		} else {
			end += len(shut)
		}
		s.report(i, end, hint, "%s, which gloss does not run: readers would see it", what)
		return end
	}
	const instead = "write markdown in its place; to show it as it is, put it between backquotes"
	switch {
	case bytes.HasPrefix(rest, []byte("{{<")), bytes.HasPrefix(rest, []byte("{{%")):
		name := s.raw(i+3, min(len(s.text), i+30))
		switch {
		case strings.HasPrefix(strings.TrimSpace(name), "ref") || strings.HasPrefix(strings.TrimSpace(name), "relref"):
			return foreign("}}", "a shortcode of Hugo", "link to the page with [[its name]] or [words](its-file.md)")
		case strings.HasPrefix(strings.TrimSpace(name), "figure"):
			return foreign("}}", "a shortcode of Hugo", "write ![what the picture shows](file.png)")
		}
		return foreign("}}", "a shortcode of Hugo", instead)
	case bytes.HasPrefix(rest, []byte("{%")) && s.byteAt(i+2) != '}':
		return foreign("%}", "a tag of Jekyll or Liquid", instead)
	case bytes.HasPrefix(rest, []byte("{/*")):
		return foreign("*/}", "a comment of MDX", "write a remark as %%remark%% or <!-- remark -->")
	case template.Match(rest):
		return foreign("}}", "a place of a template", instead)
	}
	if shut := bytes.IndexByte(rest, '}'); shut < 0 || bytes.IndexByte(rest[1:shut], '{') >= 0 {
		return 0
	}
	m := attribute.Find(rest)
	if m == nil {
		return 0
	}
	end := i + len(m)
	before := s.byteAt(i - 1)
	first := bytes.TrimLeft(m[1:], ": \t")[0]
	if first != '.' && first != '#' && before != node || !blankByte(before) && before != node || s.wordAfter(end) {
		return 0
	}
	if string(m) == "{#if}" || string(m) == "{#each}" {
		return 0
	}
	hint := "remove it: how things look is a matter of the stylesheet"
	switch {
	case bytes.Contains(m, []byte("width=")):
		hint = "write the width in the picture, in pixels: ![words|300](file.png)"
	case first == '#':
		name, _, _ := strings.Cut(strings.Trim(string(m), "{: #}"), " ")
		hint = "name a block with ^" + name + " at its end; {#…} stands after headings only"
	}
	s.report(i, end, hint, "attributes have no meaning here: readers would see %s", s.raw(i, end))
	return end
}

// angle looks at a < in the text.
func (s *scan) angle(i int, lineStart bool) int {
	if s.byteAt(i+1) == '%' {
		end := s.until(i+2, 2000, "%>")
		if end < 0 {
			end = i + 2
		} else {
			end += 2
		}
		s.report(i, end, "write here what it stands for; to show it as it is, put it between backquotes", "a template, which gloss does not run: readers would see <%%")
		return end
	}
	if lineStart && run(s.text, i) == 7 && blankByte(s.byteAt(i+7)) {
		s.report(i, s.lineEnd(i), "keep one of the two texts, and remove this line", "a merge that was not finished left this line behind")
		return s.lineEnd(i)
	}
	return 0
}

// container looks at ::: at the start of a line.
func (s *scan) container(i int, n ast.Node) int {
	end := s.lineEnd(i)
	if _, alone := n.(*ast.Paragraph); alone && i == 0 && refsRE.MatchString(clean(s.text)) {
		s.b.container = true
		return len(s.text)
	}
	name := strings.ToLower(containerName.FindStringSubmatch(s.raw(i, end))[1])
	if name == "" {
		if s.b.container { // the end of one that was reported
			return end
		}
		s.report(i, end, "remove the line", "a line of ::: means nothing here")
		return end
	}
	s.b.container = true
	switch typ := nearestCallout(name); {
	case name == "refs" || name == "ref" || name == "references":
		s.report(i, end, "write ::: {#refs}", "the place of the list of sources is written ::: {#refs}")
	case typ != "":
		s.report(i, end, fmt.Sprintf("write a box: > [!%s] and its title on the first line, and > before each further line", typ), "%q is no box here", s.raw(i, end))
	default:
		s.report(i, end, "remove this line and the ::: that closes it, or write a box: > [!note] and > before each line", "gloss knows no container %q", s.raw(i, end))
	}
	return end
}

var containerName = regexp.MustCompile(`^[^\p{L}]*([\p{L}\p{N}-]*)`)

// pair looks at signs that stand around words, and have no partner.
func (s *scan) pair(i int) int {
	k := run(s.text, i)
	sign := s.text[i]
	if k != 2 && !(sign == '*' && k == 3) {
		return i + k
	}
	end := i + k
	before, after := s.byteAt(i-1), s.byteAt(end)
	opens := !s.wordBefore(i) && before != '/' && before != '\\' && (s.wordAfter(end) || strings.IndexByte("([\"'", after) >= 0)
	closes := (s.wordBefore(i) || strings.IndexByte(".,;:!?)]\"'", before) >= 0) && !s.wordAfter(end) && after != '/' && after != '*'
	mark := strings.Repeat(string(sign), k)
	apart := false // ** words **
	if sign == '*' && !opens && !closes && (i == 0 || before == '\n') && after == ' ' && s.wordAfter(end+1) {
		if j := s.until(end+1, 300, " "+mark); j > 0 {
			apart = true
		}
	}
	switch {
	case sign == '=' && (!opens || !blankByte(before)), !opens && !closes && !apart:
		return end
	}
	show := `to show the signs, write \` + strings.Join(strings.Split(mark, ""), `\`)
	if j := s.until(end, 300, mark); j > 0 && (opens || apart) {
		s.report(i, j+k, fmt.Sprintf("write %s%s%s, without blanks beside the signs; %s", mark, strings.TrimSpace(s.raw(end, j)), mark, show), "%s stands around words without a blank between", mark)
		return j + k
	}
	if opens {
		s.report(i, end, "put "+mark+" after the words as well; "+show, "%s starts here and never ends", mark)
	} else {
		s.report(i, end, "put "+mark+" before the words as well; "+show, "%s ends here and never starts", mark)
	}
	return end
}

// callout looks at [! at the start of a line that starts no box.
func (s *scan) callout(i int, n ast.Node) int {
	if q, ok := n.Parent().(*ast.Blockquote); ok && i == 0 && q.FirstChild() == n && calloutRE.Match(s.text) {
		return bytes.IndexByte(s.text, ']') + 1
	}
	m := callSlip.FindSubmatchIndex(s.text[i:])
	name := string(s.text[i+m[2] : i+m[3]])
	typ := nearestCallout(name)
	if typ == "" {
		return 0
	}
	end := i + m[1]
	s.report(i, end, "write > [!"+typ+"]", "a box starts with > [!%s] at the start of a line", typ)
	return end
}

// nearestCallout is the type of box that a name means: itself, or one that few letters tell from it.
func nearestCallout(name string) string {
	name = strings.ToLower(name)
	if _, ok := calloutTypes[name]; ok {
		return name
	}
	return nearest(name, slices.Sorted(maps.Keys(calloutTypes)))
}

// nearest is the word that differs from name in one letter, or in two where both are long.
func nearest(name string, words []string) string {
	if n := utf8.RuneCountInString(name); n > 3 {
		for _, w := range words {
			if diag.Near(name, w, 1) || n > 5 && diag.Near(name, w, 2) {
				return w
			}
		}
	}
	return ""
}

// nearFence says which of our fences the language of one nearly names. A language that exists is no slip.
func nearFence(lang, code string) string {
	name := strings.ToLower(strings.Trim(lang, "{}."))
	if lang == "chart" || lang == "timeline" {
		return ""
	} else if name == "chart" || name == "timeline" {
		return name
	}
	near := nearest(name, []string{"chart", "timeline"})
	if near == "" || lexers.Get(name) != nil || !ourField.MatchString(code) {
		return ""
	}
	return near
}

var (
	ourField = regexp.MustCompile(`(?m)^[ \t]*(?:type|title|facts|data|ids|about|from|to|source)[ \t]*=`)
	inlineDV = regexp.MustCompile(`^\$?=[ \t]*(?:this\.|dv\.|\[\[)`)
)

// dataview reports an inline query of Obsidian's Dataview, which is written as code.
func (s *scan) dataview(c *ast.CodeSpan) {
	if t, ok := c.FirstChild().(*ast.Text); ok && inlineDV.Match(t.Segment.Value(s.b.src.text)) {
		from, to := t.Segment.Start, t.Segment.Stop
		if s.b.leftOvers++; s.b.leftOvers <= mostLeftOver {
			s.b.add("left-over-markup", s.b.span(from, to), "write the value itself", "a query of Dataview, which only Obsidian fills in: readers would see %s", string(s.b.src.text[from:to]))
		}
	}
}

// plainOnly looks at texts that are shown as they are written: in titles and labels, markdown says nothing.
func (b *builder) plainOnly(f *fields, keys ...string) {
	for _, key := range keys {
		v, ok := f.v.get(key)
		if !ok || v.kind != kText || !strings.ContainsAny(v.text, "[]*~=<{(^:|%") {
			continue
		}
		old := b.src
		b.src = mapped([]byte(v.text), v.at(f.src))
		root := oneLine.Parse(text.NewReader(b.src.parse), parser.WithContext(parser.NewContext()))
		if at, end := b.markup(root); at >= 0 {
			b.add("left-over-markup", b.span(at, end), "write the words alone, without signs", "%s is plain text: readers would see the signs of markdown in it", key)
		} else {
			b.leftOver(root)
		}
		b.src = old
	}
}

// markup finds the first construct of markdown in an inline tree: where it starts, and about where it ends. Words
// between underscores may be names of programs, and @name may be one of a person.
func (b *builder) markup(n ast.Node) (at, end int) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		at = c.Pos()
		switch c := c.(type) {
		case *ast.Link, *ast.Image:
			v, _ := c.AttributeString(linkEnds)
			ends, _ := v.([2]int)
			return at, ends[1]
		case *wikiNode:
			return at, c.stop
		case *noteNode:
			return at, c.stop
		case *citeNode:
			if !c.narrative {
				return at, c.stop
			}
		case *ast.Emphasis:
			if at >= 0 && b.src.text[at] == '*' {
				return at, at + c.Level
			}
		case *east.Strikethrough, *markNode:
			return at, at + 2
		}
		if at, end = b.markup(c); at >= 0 {
			return at, end
		}
	}
	return -1, -1
}

// fenceSlips reports a code block whose language is nearly one of ours, or that Obsidian fills in, or that never ends.
func (b *builder) fenceSlips(n *ast.FencedCodeBlock, lang, code string) {
	start := b.fenceStart(n)
	first := b.span(start, lineEnd(b.src.text, start))
	if near := nearFence(lang, code); near != "" {
		b.add("left-over-markup", first, "write ```"+near, "%q draws nothing; did you mean %q?", lang, near)
	} else if slices.Contains([]string{"dataview", "dataviewjs", "tasks", "query"}, strings.ToLower(lang)) {
		b.add("left-over-markup", first, "write the list itself, with a [[link]] on each line, or remove the block", "a query (%s) that only Obsidian fills in: readers would see the query", lang)
	}
	if _, closed := b.fenceEnd(n); !closed && !b.openFences {
		b.openFences = true // one that swallows the next makes that one look open as well
		mark := fenceMark(b.src.text[start:])
		b.add("left-over-markup", first, fmt.Sprintf("put a line with %s below the code, as far from the margin as this one", mark), "this code block is never closed")
	}
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
	if s.b.leftOvers++; s.b.leftOvers <= mostLeftOver {
		s.b.add("bad-table", s.b.span(s.at.at(from), s.at.at(max(from, to-1))+1), hint, format, args...)
	}
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

// conflict finds a merge of git that was not finished, outside code: the place of its first line, or -1.
func conflict(body []byte) int {
	if !bytes.Contains(body, []byte("<<<<<<< ")) && !bytes.Contains(body, []byte(">>>>>>> ")) {
		return -1
	}
	var fence []byte
	open, middle := -1, false
	for at := 0; at < len(body); at = next(body, at) {
		line := body[at:lineEnd(body, at)]
		if mark := fenceMark(bytes.TrimLeft(line, " ")); mark != nil && open < 0 {
			if fence == nil {
				fence = mark
			} else if bytes.HasPrefix(mark, fence) {
				fence = nil
			}
		}
		switch {
		case fence != nil:
		case bytes.HasPrefix(line, []byte("<<<<<<< ")):
			open, middle = at, false
		case open >= 0 && string(line) == "=======":
			middle = true
		case middle && bytes.HasPrefix(line, []byte(">>>>>>> ")):
			return open
		}
	}
	return -1
}
