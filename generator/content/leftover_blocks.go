package content

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/yuin/goldmark/ast"

	"gloss/generator/diag"
)

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
		s.b.addLeftOver("left-over-markup", s.b.span(from, to), "write the value itself", "a query of Dataview, which only Obsidian fills in: readers would see %s", string(s.b.src.text[from:to]))
	}
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
