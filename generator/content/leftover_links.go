package content

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

var (
	mdxImport = regexp.MustCompile(`^import [^\n]* from ["'][^"'\n]+["'];?$`)
	mdxExport = regexp.MustCompile(`^export (?:(?:const|let|var) [\w$]+ = ?|(?:default )?(?:async )?function\b|default (?:class\b|[({]|[\w$]+;$)|class [\w$]+ (?:\{|extends ))`)
	keyAlone  = regexp.MustCompile(`^[ \t]*@?[\p{L}\p{N}_]+(?:[:._-][\p{L}\p{N}_]+)*[ \t]*$`)
	citeStart = regexp.MustCompile(`(?:^|[\s;,(-])-?@\{?[\p{L}\p{N}_]`)
	// linkLike is what an address looks like, so that other words in round brackets are none.
	linkLike = regexp.MustCompile(`(?i)^(?:(?:fact|event|claim|https?|mailto|tel)[ \t]*:[ \t]*\S|\.{0,2}/[^\s/]|#[^\s]|www\.|[^\s"]+\.(?:md|markdown|png|jpe?g|gif|svg|webp|avif|pdf|html?|csv|mp4)\b)`)
	callSlip = regexp.MustCompile(`^\[![ \t]*([A-Za-z][\w-]*)(?:[ \t]*\])?`)
)

// open looks at a [ in the text.
func (s *scan) open(i int, lineStart bool, n ast.Node) int {
	m := s.match[i]
	if k := runOf(s.text, i); k > 3 { // a drawing
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
		if k := runOf(s.text, i); k > 3 {
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
