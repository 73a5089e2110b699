package render

import (
	"bytes"
	"html"
	"slices"
	"strings"

	"github.com/tdewolff/parse/v2/css"

	"gloss/generator/diag"
)

// rule is one rule of the stylesheet.
type rule struct {
	text      string // for a group the part before its rules: "@media print{"; for a style rule its block: "{…}"
	selectors []selector
	parts     []declared // of a style rule whose custom properties a page can lack: what text says
	uses      []int      // the custom properties that it asks for
	group     bool
	stays     bool // a group that is kept when none of its rules is
	inner     []rule
}

// selector is one selector of a rule with what it needs of a page.
type selector struct {
	text string
	need need
	pick bool // it may be left out of its list: without it, browsers understand the rest as before
}

// need is what a page must have for a selector to match: all of some names, and of each list of choices one. Nothing: it
// is always kept.
type need struct {
	all []int // as sheet numbers them
	any [][]need
}

// sheet is a stylesheet in rules. The names that its selectors need are numbered, since every page of the site is held
// against every selector.
type sheet struct {
	rules    []rule
	names    int
	elements map[string]int // in small letters, as classes are: where letters do not matter, more is kept
	classes  map[string]int
	vars     map[string]int // custom properties
	kept     []int          // names that a script may put on any page
	always   []int          // custom properties that are kept
	marks    bool           // the stylesheet holds rootMark
}

func newSheet() sheet {
	return sheet{elements: map[string]int{}, classes: map[string]int{}, vars: map[string]int{}}
}

func (s *sheet) number(in map[string]int, name string) int {
	n, ok := in[name]
	if !ok {
		n = s.names
		in[name] = n
		s.names++
	}
	return n
}

// rtlName is what a selector needs that is for text from right to left only.
const rtlName = "[dir=rtl]"

// variables returns the custom properties that tokens name.
func (s *sheet) variables(toks []cssToken, text []byte) []int {
	var out []int
	for _, t := range toks {
		if t.to-t.from > 2 && text[t.from] == '-' && text[t.from+1] == '-' {
			out = append(out, s.number(s.vars, string(text[t.from:t.to])))
		}
	}
	return out
}

// keep marks the names of a text of a script: it may put elements and classes on any page, and read custom properties.
func (s *sheet) keep(script []byte) {
	word := func(c byte) bool {
		return c == '-' || c == '_' || c >= 0x80 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	for i := 0; i < len(script); {
		if !word(script[i]) {
			i++
			continue
		}
		from := i
		for i < len(script) && word(script[i]) {
			i++
		}
		name := string(script[from:i])
		if n, ok := s.vars[name]; ok {
			s.always = append(s.always, n)
		}
		name = strings.ToLower(name)
		for _, in := range []map[string]int{s.elements, s.classes} {
			if n, ok := in[name]; ok {
				s.kept = append(s.kept, n)
			}
		}
	}
}

// mention keeps the custom properties that another stylesheet names.
func (s *sheet) mention(text string) {
	have := make([]bool, s.names)
	s.mentioned(have, text)
	for n, is := range have {
		if is {
			s.always = append(s.always, n)
		}
	}
}

// settle puts the names that are kept in order, so that they can be compared.
func (s *sheet) settle() {
	for _, list := range []*[]int{&s.kept, &s.always} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
}

// impliedElements are those that a browser makes without a tag (HTML Standard, section "Optional tags"; </p> and </br>).
var impliedElements = strings.Fields("html head body p br")

// tableParts are those that it makes in every table.
var tableParts = strings.Fields("tbody tr colgroup")

// selectors reads a list of selectors. Classes that start with js- belong to elements that only a script makes and are
// always kept.
func (r *cssReader) selectors(from, to int) []selector {
	var out []selector
	known := true
	for {
		end := r.until(from, to, css.CommaToken)
		from = r.skip(from, end)
		stop := r.trim(from, end)
		if from == stop {
			at := min(from, len(r.toks)-1)
			r.bad(diag.Warning, r.toks[at], "write a selector, or remove the comma", "a selector is missing, and browsers skip the whole rule")
		}
		s := selector{text: r.selectorText(from, stop)}
		var ok bool
		s.need, ok = r.needs(from, stop)
		known = known && ok
		out = append(out, s)
		if end >= to {
			break
		}
		from = end + 1
	}
	for i := range out {
		out[i].pick = known
	}
	return out
}

// selectorText writes a selector in few bytes.
func (r *cssReader) selectorText(from, to int) string {
	var b strings.Builder
	space, inside := false, 0
	last := byte(',')
	for i := from; i < to; i++ {
		t := r.toks[i]
		if blank(t) {
			space = space || t.typ == css.WhitespaceToken
			continue
		}
		data := clean(r.text[t.from:t.to])
		switch t.typ {
		case css.LeftBracketToken:
			inside++
		case css.RightBracketToken:
			inside--
		case css.StringToken:
			if inside > 0 && len(data) > 2 && css.IsIdent([]byte(data[1:len(data)-1])) {
				data = data[1 : len(data)-1]
			}
		}
		tight := strings.IndexByte(",>+~(", last) >= 0 || strings.IndexByte(",>+~)", data[0]) >= 0 || (inside > 0 || t.typ == css.RightBracketToken) && (strings.IndexByte("[=", last) >= 0 || strings.ContainsAny(data, "=]"))
		if space && !tight || last != ',' && last != '[' && inside > 0 && t.typ == css.IdentToken && len(data) == 1 && (b.Len() == 0 || last != '=') && r.lastOf(from, i) == css.StringToken {
			b.WriteByte(' ')
		}
		space = false
		b.WriteString(data)
		last = data[len(data)-1]
	}
	return b.String()
}

// lastOf is the type of the last token before i that is no blank.
func (r *cssReader) lastOf(from, i int) css.TokenType {
	for i--; i >= from; i-- {
		if !blank(r.toks[i]) {
			return r.toks[i].typ
		}
	}
	return css.EmptyToken
}

// listPseudos are the pseudo-classes of which one selector in the list must match.
var listPseudos = strings.Fields("is where has matches any -webkit-any -moz-any")

// needs reads what a selector needs. known says that every browser understands it, as far as can be told.
func (r *cssReader) needs(from, to int) (n need, known bool) {
	known = true
	add := func(in map[string]int, name string) {
		if at := r.sheet.number(in, strings.ToLower(name)); !slices.Contains(n.all, at) {
			n.all = append(n.all, at)
		}
	}
	for i := from; i < to; i++ {
		t := r.toks[i]
		data := r.data(i)
		switch t.typ {
		case css.IdentToken:
			if i+1 < to && r.data(i+1) == "|" { // the name of a namespace
				continue
			}
			name := strings.ToLower(cssText(data))
			if slices.Contains(tableParts, name) {
				name = "table"
			}
			if !slices.Contains(impliedElements, name) {
				add(r.sheet.elements, name)
			}
		case css.DelimToken:
			switch data {
			case ".":
				if i+1 >= to || r.toks[i+1].typ != css.IdentToken && r.toks[i+1].typ != css.CustomPropertyNameToken {
					r.bad(diag.Warning, t, "write a name that starts with a letter behind it", "this . names no class, and browsers skip the whole rule")
					return need{}, false
				}
				i++
				if name := cssText(r.data(i)); !strings.HasPrefix(name, "js-") {
					add(r.sheet.classes, name)
				}
			case "*", ">", "+", "~", "&", "|":
			default:
				known = false
			}
		case css.HashToken, css.WhitespaceToken, css.CommentToken, css.ColumnToken:
		case css.LeftBracketToken:
			end, _ := r.after(i, to)
			if inside := strings.ToLower(r.compact(i+1, r.trim(i+1, end-1), "=")); strings.Map(func(c rune) rune {
				if strings.ContainsRune("\"' ", c) {
					return -1
				}
				return c
			}, inside) == "dir=rtl" {
				add(r.sheet.elements, rtlName)
			}
			i = end - 1
		case css.ColonToken:
			double := i+1 < to && r.toks[i+1].typ == css.ColonToken
			if double {
				i++
			}
			if i++; i >= to {
				return n, false
			}
			name := strings.ToLower(strings.TrimSuffix(r.data(i), "("))
			known = known && !strings.HasPrefix(name, "-")
			if r.toks[i].typ != css.FunctionToken {
				continue
			}
			end, _ := r.after(i, to)
			if slices.Contains(listPseudos, name) {
				if choices, ok := r.choices(i+1, end-1); ok {
					n.any = append(n.any, choices)
				}
			}
			i = end - 1
		case css.FunctionToken, css.LeftParenthesisToken:
			end, _ := r.after(i, to)
			i, known = end-1, false
		case css.PercentageToken, css.NumberToken, css.DimensionToken:
			r.bad(diag.Warning, t, "start the name with a letter, or write a number at its start as \\3"+data[:1]+" ", "%q is no selector, and browsers skip the whole rule", data)
			return need{}, false
		default:
			known = false
		}
	}
	if !known && len(n.all) == 0 {
		return need{}, false
	}
	return n, known
}

// choices reads the list in :is(…). ok is false when something in it needs nothing.
func (r *cssReader) choices(from, to int) (out []need, ok bool) {
	for {
		end := r.until(from, to, css.CommaToken)
		n, _ := r.needs(r.skip(from, end), r.trim(from, end))
		if len(n.all) == 0 && len(n.any) == 0 {
			return nil, false
		}
		out = append(out, n)
		if end >= to {
			return out, true
		}
		from = end + 1
	}
}

// met says whether a page has what is needed.
func (n *need) met(have []bool) bool {
	for _, at := range n.all {
		if !have[at] {
			return false
		}
	}
	for _, list := range n.any {
		if !slices.ContainsFunc(list, func(c need) bool { return c.met(have) }) {
			return false
		}
	}
	return true
}

// cutting is the stylesheet of a page while it is made.
type cutting struct {
	out   []byte
	have  []bool
	holes []hole
}

// hole is where a rule of custom properties stands, which is written when it is known which of them are asked for.
type hole struct {
	from, at int // of its selectors, and of its block
	r        *rule
}

// styleFor returns the rules that a page can use: a selector whose classes or elements stand nowhere on the page is
// left out, which saves about a third of the bytes that every page would carry. So are the custom properties of :root
// that neither these rules nor more ask for: colours are most of what does not compress. root is the way to the site's
// root, where its addresses start.
func (s *sheet) styleFor(page []byte, more, root string) string {
	c := cutting{have: s.namesIn(page), out: make([]byte, 0, 16<<10)}
	for _, n := range s.kept {
		c.have[n] = true
	}
	for _, n := range s.always {
		c.have[n] = true
	}
	s.mentioned(c.have, more)
	if bytes.Contains(page, []byte("var(--")) {
		s.mentioned(c.have, string(page))
	}
	c.rules(s.rules)
	out := string(c.filled())
	if s.marks {
		out = strings.ReplaceAll(out, rootMark, root)
	}
	return out + more
}

// mentioned marks the custom properties that a text asks for.
func (s *sheet) mentioned(have []bool, text string) {
	for {
		_, rest, ok := strings.Cut(text, "var(")
		if !ok {
			return
		}
		end := strings.IndexAny(rest, ",) ")
		if end < 0 {
			return
		}
		if n, ok := s.vars[rest[:end]]; ok {
			have[n] = true
		}
		text = rest
	}
}

func (c *cutting) rules(rules []rule) {
	for i := range rules {
		r := &rules[i]
		from, holes := len(c.out), len(c.holes)
		switch {
		case r.group:
			c.out = append(c.out, r.text...)
			inner := len(c.out)
			c.rules(r.inner)
			if len(c.out) == inner && len(c.holes) == holes && !r.stays {
				c.out = c.out[:from]
				continue
			}
			c.out = append(c.out, '}')
			continue
		case r.selectors == nil:
			c.out = append(c.out, r.text...)
		case !r.selectors[0].pick && !slices.ContainsFunc(r.selectors, func(s selector) bool { return s.need.met(c.have) }):
			continue
		default:
			for _, sel := range r.selectors {
				if sel.pick && !sel.need.met(c.have) {
					continue
				}
				if len(c.out) > from {
					c.out = append(c.out, ',')
				}
				c.out = append(c.out, sel.text...)
			}
			if len(c.out) == from {
				continue
			}
			if r.parts != nil {
				c.holes = append(c.holes, hole{from, len(c.out), r})
				continue
			}
			c.out = append(c.out, r.text...)
		}
		for _, n := range r.uses {
			c.have[n] = true
		}
	}
}

// filled returns the stylesheet with the rules of custom properties in their places.
func (c *cutting) filled() []byte {
	for again := true; again; { // a property that is asked for asks for others
		again = false
		for _, h := range c.holes {
			for _, d := range h.r.parts {
				if d.n >= 0 && !c.have[d.n] {
					continue
				}
				for _, n := range d.uses {
					if !c.have[n] {
						c.have[n], again = true, true
					}
				}
			}
		}
	}
	out := make([]byte, 0, len(c.out)+1024)
	at := 0
	for _, h := range c.holes {
		out = append(out, c.out[at:h.from]...)
		at = h.at
		sign := byte('{')
		for _, d := range h.r.parts {
			if d.n >= 0 && !c.have[d.n] {
				continue
			}
			if sign == '{' {
				out = append(out, c.out[h.from:h.at]...)
			}
			out = append(append(out, sign), d.text...)
			sign = ';'
		}
		if sign == ';' {
			out = append(out, '}')
		}
	}
	return append(out, c.out[at:]...)
}

// whole returns the stylesheet for a file at the site's root.
func (s *sheet) whole() string {
	c := cutting{have: make([]bool, s.names)}
	for i := range c.have {
		c.have[i] = true
	}
	c.rules(s.rules)
	return strings.ReplaceAll(string(c.filled()), rootMark, "")
}

// rawTags are the elements whose content is no HTML, but for the words in it.
var rawTags = strings.Fields("script style textarea title iframe xmp noembed noframes")

// skipBlanks returns what follows the blanks at the start of a text.
func skipBlanks(b []byte) []byte {
	for len(b) > 0 && b[0] <= ' ' {
		b = b[1:]
	}
	return b
}

// namesIn says which of the names that the selectors need stand on a page. It reads tags by hand: a regular expression
// over every page took a quarter of a whole build.
func (s *sheet) namesIn(page []byte) []bool {
	have := make([]bool, s.names)
	mark := func(in map[string]int, name []byte) {
		if at, ok := in[string(name)]; ok {
			have[at] = true
		} else if low := bytes.ToLower(name); !bytes.Equal(low, name) {
			if at, ok := in[string(low)]; ok {
				have[at] = true
			}
		}
	}
	for {
		i := bytes.IndexByte(page, '<')
		if i < 0 || i+1 >= len(page) {
			return have
		}
		page = page[i+1:]
		if c := page[0] | 0x20; c < 'a' || c > 'z' {
			continue // an end tag, or a comment
		}
		n := 1
		for n < len(page) && page[n] > ' ' && page[n] != '>' && page[n] != '/' {
			n++
		}
		tag := page[:n]
		mark(s.elements, tag)
		if string(tag) == "image" {
			mark(s.elements, []byte("img")) // which browsers make of it
		}
		page = page[n:]
		for len(page) > 0 && page[0] != '>' {
			if page[0] <= ' ' || page[0] == '/' {
				page = page[1:]
				continue
			}
			n = 1
			for n < len(page) && page[n] > ' ' && page[n] != '=' && page[n] != '>' && page[n] != '/' {
				n++
			}
			name := page[:n]
			page = page[n:]
			rest := skipBlanks(page)
			if len(rest) == 0 || rest[0] != '=' {
				continue
			}
			page = skipBlanks(rest[1:])
			var value []byte
			if len(page) > 0 && (page[0] == '"' || page[0] == '\'') {
				end := bytes.IndexByte(page[1:], page[0])
				if end < 0 {
					return have
				}
				value, page = page[1:1+end], page[end+2:]
			} else {
				n = 0
				for n < len(page) && page[n] > ' ' && page[n] != '>' {
					n++
				}
				value, page = page[:n], page[n:]
			}
			switch {
			case len(name) == 5 && bytes.EqualFold(name, []byte("class")):
				if bytes.IndexByte(value, '&') >= 0 {
					value = []byte(html.UnescapeString(string(value)))
				}
				for class := range bytes.FieldsSeq(value) {
					mark(s.classes, class)
				}
			case len(name) == 3 && bytes.EqualFold(name, []byte("dir")):
				if at, ok := s.elements[rtlName]; ok && bytes.EqualFold(value, []byte("rtl")) {
					have[at] = true
				}
			}
		}
		if slices.Contains(rawTags, string(tag)) {
			end := bytes.Index(page, append([]byte("</"), tag...))
			if end < 0 {
				return have
			}
			page = page[end:]
		}
	}
}
