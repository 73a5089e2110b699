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
	need []string // ".box", "table"
}

var (
	selectorName = regexp.MustCompile(`\.([A-Za-z_][\w-]*)|(?:^|[\s>+~])([a-z][a-z0-9]*)`)
	inParens     = regexp.MustCompile(`\([^()]*\)|\[[^\]]*\]`)
)

// splitRules cuts a minified stylesheet into its rules.
func splitRules(css string) []rule {
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
			out = append(out, rule{text: head + "{", inner: splitRules(body)})
		case strings.HasPrefix(head, "@"):
			out = append(out, rule{text: css[:end+1]})
		default:
			out = append(out, rule{text: css[open : end+1], selectors: selectors(head)})
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

// selectors reads a list of selectors. What stands in brackets, as in :not(.x), is not needed. Classes that start with
// js- belong to elements that only a script makes and are always kept.
func selectors(head string) []selector {
	var out []selector
	depth, from := 0, 0
	for i := 0; i <= len(head); i++ {
		switch {
		case i == len(head) || head[i] == ',' && depth == 0:
			out = append(out, selector{text: head[from:i], need: needs(head[from:i])})
			from = i + 1
		case head[i] == '(':
			depth++
		case head[i] == ')':
			depth--
		}
	}
	return out
}

func needs(sel string) []string {
	for {
		cut := inParens.ReplaceAllString(sel, "")
		if cut == sel {
			break
		}
		sel = cut
	}
	var out []string
	for _, m := range selectorName.FindAllStringSubmatch(sel, -1) {
		switch {
		case strings.HasPrefix(m[1], "js-"):
		case m[1] != "":
			out = append(out, "."+m[1])
		case m[2] != "":
			out = append(out, m[2])
		}
	}
	return out
}

// styleFor returns the rules that a page can use: a selector whose classes or elements stand nowhere on the page is
// left out, which saves about a third of the bytes that every page would carry.
func styleFor(rules []rule, page []byte) string {
	have := namesIn(page)
	var b strings.Builder
	writeRules(&b, rules, have)
	return b.String()
}

func writeRules(b *strings.Builder, rules []rule, have map[string]bool) {
	for _, r := range rules {
		switch {
		case r.inner != nil:
			var in strings.Builder
			writeRules(&in, r.inner, have)
			if in.Len() > 0 {
				b.WriteString(r.text + in.String() + "}")
			}
		case r.selectors == nil:
			b.WriteString(r.text)
		default:
			var keep []string
			for _, s := range r.selectors {
				if !slices.ContainsFunc(s.need, func(n string) bool { return !have[n] }) {
					keep = append(keep, s.text)
				}
			}
			if keep != nil {
				b.WriteString(strings.Join(keep, ",") + r.text)
			}
		}
	}
}

// namesIn lists the elements and the .classes of a page. It reads tags by hand: a regular expression over every page
// took a quarter of a whole build. The page is our own minified HTML, whose attributes are quoted.
func namesIn(page []byte) map[string]bool {
	have := map[string]bool{}
	add := func(dot string, name []byte) {
		if !have[dot+string(name)] {
			have[dot+string(name)] = true
		}
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
		add("", page[:n])
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
			for _, class := range bytes.Fields(list) {
				add(".", class)
			}
		}
		page = page[end:]
	}
}
