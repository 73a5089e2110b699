package content

import (
	"bytes"
	"fmt"
	"gloss/generator/diag"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
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
	code := "" // the element of HTML for code at hand
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if html, ok := c.(*ast.RawHTML); ok {
			if t := s.b.tagOf(html); code == "" && !t.closes && slices.Contains([]string{"code", "kbd", "samp"}, t.name) {
				code = t.name
			} else if t.closes && t.name == code {
				code = ""
			}
			put(max(0, c.Pos()), node)
			continue
		}
		if code != "" {
			continue
		}
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
		case *ast.Image, *wikiNode, *noteNode, *mathNode, *east.TaskCheckBox:
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
	s.b.addLeftOver("left-over-markup", s.span(from, to), hint, format, args...)
}

// span is the place of text[from:to] in the file.
func (s *scan) span(from, to int) diag.Span {
	return s.b.span(s.at.at(from), s.at.at(max(from, to-1))+1)
}

// addLeftOver reports something that is left over, unless the page has too much of it.
func (b *builder) addLeftOver(code string, span diag.Span, hint, format string, args ...any) {
	if b.leftOvers++; b.leftOvers <= mostLeftOver {
		b.add(code, span, hint, format, args...)
	}
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
			if k := runOf(s.text, i); lineStart && k >= 2 && k <= 6 && s.wordAfter(i+k) {
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

// imports looks at a line of MDX that names or makes a component; it returns where the line ends, or i.
func (s *scan) imports(i int) int {
	end := s.lineEnd(i)
	if line := s.text[i:end]; !mdxImport.Match(line) && !mdxExport.Match(line) {
		return i
	}
	s.report(i, end, "remove the line, and write markdown where its component stands", "a line of MDX: gloss runs no programs in a page")
	return end
}

// runOf is how often the sign at i stands there in a row.
func runOf(v []byte, i int) int {
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
	if lineStart && runOf(s.text, i) == 7 && blankByte(s.byteAt(i+7)) {
		s.report(i, s.lineEnd(i), "keep one of the two texts, and remove this line", "a merge that was not finished left this line behind")
		return s.lineEnd(i)
	}
	return 0
}

// pair looks at signs that stand around words, and have no partner.
func (s *scan) pair(i int) int {
	k := runOf(s.text, i)
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
