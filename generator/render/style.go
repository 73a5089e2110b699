package render

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// rule is one rule of the stylesheet.
type rule struct {
	text      string // verbatim; for a group the part before its rules: "@media print{"; for a style rule its "{…}"
	selectors []selector
	inner     []rule // of a group
}

// selector is one selector of a rule with the classes and elements that it needs; neither: it is always kept.
type selector struct {
	text string
	need []int // as sheet numbers them
}

// sheet is a stylesheet in rules. The names that its selectors need are numbered, since every page of the site is held
// against every selector.
type sheet struct {
	rules    []rule
	names    int
	elements map[string]int
	classes  map[string]int
}

// parseSheet cuts a minified stylesheet into its rules.
func parseSheet(css string) sheet {
	s := sheet{elements: map[string]int{}, classes: map[string]int{}}
	s.rules = s.split(css)
	return s
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

var (
	selectorName = regexp.MustCompile(`\.([A-Za-z_][\w-]*)|(?:^|[\s>+~])([a-z][a-z0-9]*)`)
	inHas        = regexp.MustCompile(`:has\(([^()]*)\)`)
	inParens     = regexp.MustCompile(`\([^()]*\)|\[[^\]]*\]`)
)

// rtlName is what a selector needs that is for text from right to left only.
const rtlName = "[dir=rtl]"

// split cuts a part of the stylesheet.
func (s *sheet) split(css string) []rule {
	var out []rule
	for len(css) > 0 {
		open := strings.IndexByte(css, '{')
		if open < 0 {
			if strings.TrimSpace(css) != "" {
				out = append(out, rule{text: css})
			}
			break
		}
		if semi := strings.IndexByte(css, ';'); semi >= 0 && semi < open && strings.HasPrefix(css, "@") {
			out = append(out, rule{text: css[:semi+1]}) // @import, @charset
			css = css[semi+1:]
			continue
		}
		end := matching(css, open)
		head, body := css[:open], css[open+1:end]
		switch {
		case strings.HasPrefix(head, "@media"), strings.HasPrefix(head, "@supports"), strings.HasPrefix(head, "@container"), strings.HasPrefix(head, "@layer"):
			out = append(out, rule{text: head + "{", inner: s.split(body)})
		case strings.HasPrefix(head, "@"):
			out = append(out, rule{text: css[:end+1]})
		default:
			out = append(out, rule{text: css[open : end+1], selectors: s.selectors(head)})
		}
		css = css[end+1:]
	}
	return out
}

// matching is the offset of the } that closes the { at open; strings are passed over.
func matching(css string, open int) int {
	depth := 0
	for i := open; i < len(css); i++ {
		switch css[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		case '"', '\'':
			if j := strings.IndexByte(css[i+1:], css[i]); j >= 0 {
				i += j + 1
			}
		}
	}
	return len(css) - 1
}

// selectors reads a list of selectors. What stands in brackets, as in :not(.x), is not needed, but for :has(.x). Classes that start with
// js- belong to elements that only a script makes and are always kept.
func (s *sheet) selectors(head string) []selector {
	var out []selector
	depth, from := 0, 0
	for i := 0; i <= len(head); i++ {
		switch {
		case i == len(head) || head[i] == ',' && depth == 0:
			out = append(out, selector{text: head[from:i], need: s.needs(head[from:i])})
			from = i + 1
		case head[i] == '(':
			depth++
		case head[i] == ')':
			depth--
		}
	}
	return out
}

func (s *sheet) needs(sel string) []int {
	rtl := strings.Contains(sel, rtlName)
	sel = inHas.ReplaceAllString(sel, " $1")
	for {
		cut := inParens.ReplaceAllString(sel, "")
		if cut == sel {
			break
		}
		sel = cut
	}
	var out []int
	if rtl {
		out = append(out, s.number(s.elements, rtlName))
	}
	for _, m := range selectorName.FindAllStringSubmatch(sel, -1) {
		switch {
		case strings.HasPrefix(m[1], "js-"):
		case m[1] != "":
			out = append(out, s.number(s.classes, m[1]))
		case m[2] != "":
			out = append(out, s.number(s.elements, m[2]))
		}
	}
	return out
}

// styleFor returns the rules that a page can use: a selector whose classes or elements stand nowhere on the page is
// left out, which saves about a third of the bytes that every page would carry.
func (s *sheet) styleFor(page []byte) string {
	return string(appendRules(nil, s.rules, s.namesIn(page)))
}

// withoutUnused leaves out the custom properties of the first rule, :root{…}, that the stylesheet of a page does not ask
// for: colours are most of what does not compress.
func withoutUnused(style string) string {
	end := strings.IndexByte(style, '}')
	if end < 0 || !strings.HasPrefix(style, ":root{") {
		return style
	}
	var b strings.Builder
	for i, d := range strings.Split(style[len(":root{"):end], ";") {
		if name, _, ok := strings.Cut(d, ":"); ok && strings.HasPrefix(name, "--") && !strings.Contains(style, "var("+name+")") && !strings.Contains(style, "var("+name+",") {
			continue
		}
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(strings.ReplaceAll(d, ", ", ",")) // the minifier leaves their values as they are
	}
	return ":root{" + strings.TrimPrefix(b.String(), ";") + style[end:]
}

func appendRules(out []byte, rules []rule, have []bool) []byte {
	for i := range rules {
		r := &rules[i]
		from := len(out)
		switch {
		case r.inner != nil:
			out = append(out, r.text...)
			inner := len(out)
			if out = appendRules(out, r.inner, have); len(out) == inner {
				out = out[:from]
				continue
			}
			out = append(out, '}')
		case r.selectors == nil:
			out = append(out, r.text...)
		default:
			for _, sel := range r.selectors {
				if slices.ContainsFunc(sel.need, func(n int) bool { return !have[n] }) {
					continue
				}
				if len(out) > from {
					out = append(out, ',')
				}
				out = append(out, sel.text...)
			}
			if len(out) > from {
				out = append(out, r.text...)
			}
		}
	}
	return out
}

// namesIn says which of the names that the selectors need stand on a page. It reads tags by hand: a regular expression
// over every page took a quarter of a whole build. The page is our own minified HTML, whose attributes are quoted.
func (s *sheet) namesIn(page []byte) []bool {
	have := make([]bool, s.names)
	if at, ok := s.elements[rtlName]; ok {
		have[at] = bytes.Contains(page, []byte(` dir="rtl"`))
	}
	for {
		i := bytes.IndexByte(page, '<')
		if i < 0 || i+1 >= len(page) {
			return have
		}
		page = page[i+1:]
		n := 0
		for n < len(page) && (page[n] >= 'a' && page[n] <= 'z' || page[n] >= '0' && page[n] <= '9') {
			n++
		}
		if n == 0 {
			continue // an end tag
		}
		if at, ok := s.elements[string(page[:n])]; ok {
			have[at] = true
		}
		end := bytes.IndexByte(page, '>')
		if end < 0 {
			return have
		}
		tag := page[n:end]
		if c := bytes.Index(tag, []byte(` class="`)); c >= 0 {
			list := tag[c+len(` class="`):]
			if q := bytes.IndexByte(list, '"'); q >= 0 {
				list = list[:q]
			}
			for class := range bytes.FieldsSeq(list) {
				if at, ok := s.classes[string(class)]; ok {
					have[at] = true
				}
			}
		}
		page = page[end:]
	}
}
