package content

import (
	"bytes"
	"slices"
	"sort"
)

// source is a text to parse and the way back from its offsets to those of the file.
type source struct {
	parse  []byte // what goldmark parses: as text, but with the | of wikilinks hidden, so that tables do not split there
	text   []byte // what is rendered; as long as parse
	starts []int  // offsets in text at which a stretch of the file starts …
	files  []int  // … and where in the file it starts
}

// hidden stands for a | inside [[…]] while goldmark parses; it is as long, so every offset stays right.
const hidden = 0x1F

// at maps an offset in the text to one in the file.
func (s *source) at(i int) int {
	k := sort.SearchInts(s.starts, i+1) - 1
	if k < 0 {
		return i
	}
	return s.files[k] + i - s.starts[k]
}

// maskBody prepares the markdown that starts at byte from of a file: Obsidian's %%comments%% are cut out
// and the pipes of wikilinks hidden from tables (docs/content/sections/links.md, "Links in tables"), neither inside code.
// Front matter that stands in the body, at without, is cut out as well.
func maskBody(file []byte, from int, without [2]int) *source {
	s := &source{starts: []int{0}, files: []int{from}}
	body := file[from:]
	s.text = body
	var cut [][2]int
	if without[0] >= from && without[1] > without[0] {
		cut = append(cut, [2]int{without[0] - from, without[1] - from})
	}
	if bytes.Contains(body, []byte("%%")) {
		for _, c := range comments(body) {
			if len(cut) == 0 || c[0] >= cut[0][1] || c[1] <= cut[0][0] {
				cut = append(cut, c)
			}
		}
		slices.SortFunc(cut, func(a, b [2]int) int { return a[0] - b[0] })
	}
	if len(cut) > 0 {
		s.text = nil
		last := 0
		for _, c := range cut {
			s.text = append(s.text, body[last:c[0]]...)
			last = c[1]
			s.starts = append(s.starts, len(s.text))
			s.files = append(s.files, from+last)
		}
		s.text = append(s.text, body[last:]...)
	}
	s.parse = s.text
	if bytes.Contains(s.text, []byte("[[")) && bytes.IndexByte(s.text, '|') >= 0 {
		s.parse = hidePipes(s.text)
	}
	return s
}

// mapped is a source whose offsets map one by one.
func mapped(text []byte, at []int) *source {
	s := &source{text: text, parse: text}
	for i, f := range at {
		if i == 0 || f != at[i-1]+1 {
			s.starts, s.files = append(s.starts, i), append(s.files, f)
		}
	}
	if bytes.Contains(text, []byte("[[")) {
		s.parse = hidePipes(text)
	}
	return s
}

// hidePipes hides the | between [[ and the ]] on the same line. What holds a ` is no name, so that a table may show
// `[[` and `]]` in code.
func hidePipes(text []byte) []byte {
	out := bytes.Clone(text)
	for i := 0; i < len(out); {
		stop := next(out, i)
		for line := out[i:stop]; ; {
			end := bytes.Index(line, []byte("]]"))
			if end < 0 {
				break
			}
			if open := bytes.LastIndex(line[:end], []byte("[[")); open >= 0 && !escaped(line, open) && bytes.IndexByte(line[open:end], '`') < 0 {
				for j := open; j < end; j++ {
					if line[j] == '|' {
						line[j] = hidden
					}
				}
			}
			line = line[end+2:]
		}
		i = stop
	}
	return out
}

// escaped says whether a backslash takes the meaning from the byte at i.
func escaped(text []byte, i int) bool {
	n := 0
	for n < i && text[i-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// shown puts the hidden | back into what was taken from the parsed text.
func shown(b []byte) []byte { return bytes.ReplaceAll(b, []byte{hidden}, []byte{'|'}) }

// comments finds the %%…%% stretches outside code. One that never ends is text.
func comments(body []byte) [][2]int {
	var out [][2]int
	fence := []byte(nil)
	for i := 0; i < len(body); {
		if i == 0 || body[i-1] == '\n' {
			line := bytes.TrimLeft(body[i:lineEnd(body, i)], " \t>")
			mark := fenceMark(line)
			switch {
			case fence == nil && mark != nil:
				fence = mark
			case fence != nil && mark != nil && mark[0] == fence[0] && len(mark) >= len(fence) && len(bytes.Trim(line, " \t\r"+string(mark[:1]))) == 0:
				fence = nil
				i = next(body, i)
				continue
			}
			if fence != nil {
				i = next(body, i)
				continue
			}
		}
		switch {
		case body[i] == '`': // skip a code span
			n := 1
			for i+n < len(body) && body[i+n] == '`' {
				n++
			}
			i += n
			if end := closing(body, i, n); end > 0 {
				i = end
			}
		case body[i] == '\\':
			i += 2
		case body[i] == '%' && i+1 < len(body) && body[i+1] == '%':
			end := bytes.Index(body[i+2:], []byte("%%"))
			if end < 0 {
				return out
			}
			stop := i + 2 + end + 2
			out = append(out, [2]int{i, stop})
			i = stop
		default:
			i++
		}
	}
	return out
}

func fenceMark(line []byte) []byte {
	if len(line) < 3 || line[0] != '`' && line[0] != '~' {
		return nil
	}
	n := 0
	for n < len(line) && line[n] == line[0] {
		n++
	}
	if n < 3 {
		return nil
	}
	return line[:n]
}

// closing finds the run of exactly n backquotes that ends a code span in the same paragraph.
func closing(body []byte, from, n int) int {
	for i := from; i < len(body); {
		if body[i] == '\n' && i+1 < len(body) && len(bytes.TrimSpace(body[i+1:lineEnd(body, i+1)])) == 0 {
			return -1
		}
		if body[i] != '`' {
			i++
			continue
		}
		m := 0
		for i+m < len(body) && body[i+m] == '`' {
			m++
		}
		i += m
		if m == n {
			return i
		}
	}
	return -1
}
