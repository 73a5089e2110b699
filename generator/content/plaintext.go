package content

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// plain is the text of an inline tree without markup and without what is struck out, unless that is all of it.
func (b *builder) plain(n ast.Node) string {
	if s := b.textOf(n, false); strings.TrimSpace(s) != "" {
		return s
	}
	return b.words(n)
}

// words is the text of an inline tree without markup, struck out or not. Ids are made of it.
func (b *builder) words(n ast.Node) string { return b.textOf(n, true) }

func (b *builder) textOf(n ast.Node, struck bool) string {
	var s []byte
	gap := false // something that was struck out stood before
	skip := ""   // the element of HTML that is left out
	var walk func(n ast.Node)
	walk = func(n ast.Node) {
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if html, ok := c.(*ast.RawHTML); ok && !b.set.RawHTML {
				switch t := b.tagOf(html); {
				case t.name == "br" && skip == "":
					s = append(s, ' ')
				case skip != "" && t.closes && t.name == skip:
					gap, skip = skip == "del" || skip == "s", ""
				case skip == "" && !t.closes && (t.name == "rt" || t.name == "rp" || !struck && (t.name == "del" || t.name == "s")):
					skip = t.name
				}
				continue
			}
			if skip != "" {
				continue
			}
			switch c := c.(type) {
			case *ast.Text:
				v := c.Segment.Value(b.src.text)
				if gap {
					var skip int
					s, skip = withoutGap(s, v)
					v, gap = v[skip:], false
				}
				if c.IsRaw() || n.Kind() == ast.KindCodeSpan {
					s = append(s, bytes.ReplaceAll(v, []byte("\n"), []byte(" "))...)
				} else {
					s = append(s, resolve(v)...)
				}
				if c.SoftLineBreak() || c.HardLineBreak() {
					s = append(s, ' ')
				}
			case *ast.String:
				s = append(s, resolve(c.Value)...)
			case *ast.AutoLink:
				s = append(s, c.Label(b.src.text)...)
			case *wikiNode:
				raw := string(shown(c.inner))
				if i := strings.LastIndexByte(raw, '|'); i >= 0 {
					raw = raw[i+1:]
				}
				s = append(s, strings.Join(strings.Fields(raw), " ")...)
			case *mathNode:
				s = append(s, b.src.text[c.Pos():c.stop]...)
			case *citeNode, *noteNode, *ast.RawHTML:
			case *east.Strikethrough:
				if struck {
					walk(c)
				} else {
					gap = true
				}
			default:
				walk(c)
			}
		}
	}
	walk(n)
	return string(s)
}

// tagOf reads a tag of HTML in the text.
func (b *builder) tagOf(n *ast.RawHTML) htmlTag {
	var raw []byte
	for i := range n.Segments.Len() {
		s := n.Segments.At(i)
		raw = append(raw, s.Value(b.src.text)...)
	}
	t, _ := readTag(string(raw))
	return t
}

// plainAll is the plain text of a block that holds others, the same however its links are written.
func (b *builder) plainAll(n ast.Node) string {
	c := n.FirstChild()
	switch {
	case c != nil && c.Type() == ast.TypeBlock:
		var s strings.Builder
		for ; c != nil; c = c.NextSibling() {
			s.WriteString(b.plainAll(c))
			s.WriteByte(' ')
		}
		return s.String()
	case n.Kind() == ast.KindCodeBlock || n.Kind() == ast.KindFencedCodeBlock || n.Kind() == ast.KindHTMLBlock:
		return b.lines(n)
	}
	return b.words(n)
}

// resolve returns the text that a stretch of markdown stands for: backslash escapes and entities resolved, NUL replaced
// (CommonMark 0.31 §2.4, §2.5, §2.3).
func resolve(v []byte) string {
	if bytes.IndexByte(v, '\\') < 0 && bytes.IndexByte(v, '&') < 0 {
		return string(v)
	}
	out := make([]byte, 0, len(v))
	for i := 0; i < len(v); {
		switch {
		case v[i] == '\\' && i+1 < len(v) && util.IsPunct(v[i+1]):
			out = append(out, v[i+1])
			i += 2
		case v[i] == '&':
			end := bytes.IndexByte(v[i:], ';')
			if end > 1 && end < 40 {
				if s, ok := entity(string(v[i+1 : i+end])); ok {
					out = append(out, s...)
					i += end + 1
					continue
				}
			}
			out = append(out, '&')
			i++
		default:
			out = append(out, v[i])
			i++
		}
	}
	return string(out)
}

func entity(name string) (string, bool) {
	if strings.HasPrefix(name, "#") {
		num, base := name[1:], 10
		if strings.HasPrefix(num, "x") || strings.HasPrefix(num, "X") {
			num, base = num[1:], 16
		}
		if num == "" || base == 10 && len(num) > 7 || base == 16 && len(num) > 6 {
			return "", false
		}
		n, err := strconv.ParseUint(num, base, 32)
		if err != nil {
			return "", false
		}
		if n == 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
			return "\uFFFD", true
		}
		return string(rune(n)), true
	}
	if e, ok := util.LookUpHTML5EntityByName(name); ok {
		return string(e.Characters), true
	}
	return "", false
}
