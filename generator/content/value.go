package content

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
	"go.yaml.in/yaml/v4"

	"gloss/generator/diag"
)

// value is a tree of what a front matter, TOML, JSON, YAML or CSV file holds, with the place of every key and value.
// All formats are read into it, so that there is one way to ask for a field and one way to say that it is wrong.
type value struct {
	kind  kind
	text  string // scalars: the decoded text; numbers as written
	list  []value
	keys  []entry
	span  diag.Span
	quote byte           // how the scalar is written: one of the constants below, or 0 for plain
	open  int            // bytes of the opening quote
	index map[string]int // into keys, where there are many
}

// How a scalar is written decides what its bytes in the file stand for.
const (
	escaping = '"'  // a backslash escapes: JSON, double quotes of YAML and TOML
	doubling = '\'' // '' stands for one: single quotes of YAML
	cell     = ','  // "" stands for one: CSV
	literal  = '='  // as it is: single quotes of TOML
	block    = '|'  // indented below its first line: YAML
	unmarked = ' '  // without quotes: YAML; only in Ref.Quote, where 0 is the body of a page
)

type entry struct {
	key  string
	span diag.Span
	val  value
}

type kind int

const (
	kNull kind = iota
	kText
	kNumber
	kBool
	kDate // unquoted in TOML or YAML
	kList
	kTable
)

func (k kind) String() string {
	return [...]string{"nothing", "text", "a number", "true or false", "a date", "a list", "a table"}[k]
}

func (v value) get(key string) (value, bool) {
	if i := v.find(key); i >= 0 {
		return v.keys[i].val, true
	}
	return value{}, false
}

// find returns the index of a key, or -1. Tables with many keys keep an index of them; a data file is one.
func (v *value) find(key string) int {
	if len(v.keys) < 16 {
		return slices.IndexFunc(v.keys, func(e entry) bool { return e.key == key })
	}
	if v.index == nil {
		v.index = map[string]int{}
	}
	for i := len(v.index); i < len(v.keys); i++ {
		v.index[v.keys[i].key] = i
	}
	if i, ok := v.index[key]; ok {
		return i
	}
	return -1
}

// at returns, for each byte of a scalar's text and for its end, the offset in the file that it comes from. It walks
// both and skips what only the file has: indentation, folded line ends, quotes and escapes.
func (v value) at(src []byte) []int {
	out := make([]int, 0, len(v.text)+1)
	end := min(v.span.End, len(src))
	i := min(v.span.Start+v.open, end)
	if v.quote == block {
		i = min(end, next(src[:end], i))
	}
	blank := func(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
	for j := 0; j < len(v.text); {
		c := v.text[j]
		switch {
		case i >= end:
			out = append(out, end)
			j++
		case v.quote == escaping && src[i] == '\\':
			m := i + 1
			for m < end && blank(src[m]) {
				m++
			}
			if bytes.IndexByte(src[i:m], '\n') >= 0 { // the line goes on below
				i = m
				continue
			}
			_, size := utf8.DecodeRuneInString(v.text[j:])
			for range size {
				out = append(out, i)
				j++
			}
			i = min(end, i+escapeLen(src[i:end]))
		case v.quote == doubling && c == '\'' && bytes.HasPrefix(src[i:end], []byte("''")),
			v.quote == cell && c == '"' && bytes.HasPrefix(src[i:end], []byte(`""`)):
			out = append(out, i)
			i, j = i+2, j+1
		case blank(c):
			// A run of blanks in the text stands for a run of blanks in the file, of another length if folded.
			n, m := j, i
			for n < len(v.text) && blank(v.text[n]) {
				n++
			}
			for m < end && blank(src[m]) {
				m++
			}
			if m > i && m-i < n-j && bytes.IndexByte(src[i:m], '\n') < 0 {
				n = j + m - i // the others are written as escapes
			}
			for ; j < n; j++ {
				out = append(out, min(i, max(m-1, v.span.Start)))
				if i < m {
					i++
				}
			}
			i = max(i, m)
		case src[i] == c:
			out = append(out, i)
			i, j = i+1, j+1
		default:
			i++
		}
	}
	return append(out, min(i, end))
}

// escapeLen is the length of the escape that src starts with; two \u for the halves of one character are one.
func escapeLen(src []byte) int {
	if len(src) < 2 {
		return 1
	}
	switch src[1] {
	case 'x':
		return 4
	case 'U':
		return 10
	case 'u':
		if len(src) >= 12 && (src[2] == 'd' || src[2] == 'D') && strings.IndexByte("89abAB", src[3]) >= 0 && src[6] == '\\' && src[7] == 'u' {
			return 12
		}
		return 6
	}
	return 2
}

// readYAML reads one YAML document that starts at byte offset base of the file.
func readYAML(file string, src []byte, base, end int, code string) (value, []diag.Finding) {
	doc := src[base:end]
	starts := yamlLines(src, base, end)
	was := struct{ line, col, at int }{0, 0, base} // nodes come in order, so a long line is walked once
	place := func(l, col int) int {
		l, col = max(l, 1), max(col, 1)
		at, c := end, 1
		if l <= len(starts) {
			at = starts[l-1]
		}
		if was.line == l && was.col <= col {
			at, c = was.at, was.col
		}
		for ; c < col && at < end && src[at] != '\n'; c++ {
			_, size := utf8.DecodeRune(src[at:end])
			at += size
		}
		was.line, was.col, was.at = l, c, at
		return at
	}
	var n yaml.Node
	if err := yaml.Unmarshal(doc, &n); err != nil {
		if s := yamlSlip(doc); s != nil {
			return value{}, []diag.Finding{s.finding(file, code, func(i int) int { return base + i })}
		}
		at, msg := base, strings.TrimPrefix(err.Error(), "yaml: ")
		var le *yaml.LoadError
		if errors.As(err, &le) {
			at = place(le.Mark.Line, le.Mark.Column)
			if i := strings.Index(msg, ": "); i >= 0 && strings.HasPrefix(msg, "line ") {
				msg = msg[i+2:]
			}
		}
		at = wholeLine(src, lineWithText(src[:end], base, min(at, end)))
		return value{}, []diag.Finding{{Code: code, Span: diag.Span{File: file, Start: at, End: lineEnd(src, at)},
			Message: "this is not YAML: " + msg, Hint: yamlHint(msg, src[at:lineEnd(src, at)])}}
	}
	if n.Kind == 0 { // nothing, or only comments
		return value{span: diag.Span{File: file, Start: base, End: base}}, nil
	}
	var out []diag.Finding
	nodes := 0 // aliases can make a short file endless
	var walk func(n *yaml.Node, depth int) value
	walk = func(n *yaml.Node, depth int) value {
		if nodes++; nodes > 100_000+len(doc) {
			if nodes == 100_001+len(doc) {
				at := place(n.Line, n.Column)
				out = append(out, diag.Finding{Code: code, Span: diag.Span{File: file, Start: at, End: lineEnd(src, at)},
					Message: "the *names in this file stand for too much text", Hint: "write out what they stand for"})
			}
			return value{span: diag.Span{File: file, Start: base, End: base}}
		}
		if n.Kind == yaml.AliasNode && n.Alias != nil && depth < 100 {
			return walk(n.Alias, depth+1)
		}
		v := value{span: diag.Span{File: file, Start: place(n.Line, n.Column)}}
		// The place of a node with &anchor or !!tag is that of those; a value's own is after them.
		for at := v.span.Start; at < end && (src[at] == '&' && n.Anchor != "" || src[at] == '!' && n.Style&yaml.TaggedStyle != 0); {
			for at < end && !strings.ContainsRune(" \t\r\n", rune(src[at])) {
				at++
			}
			for at < end && strings.ContainsRune(" \t\r\n", rune(src[at])) {
				at++
			}
			v.span.Start = at
		}
		switch n.Kind {
		case yaml.DocumentNode:
			if len(n.Content) > 0 {
				return walk(n.Content[0], depth+1)
			}
		case yaml.MappingNode:
			v.kind = kTable
			for i := 0; i+1 < len(n.Content); i += 2 {
				k := n.Content[i]
				at := place(k.Line, k.Column)
				e := entry{key: k.Value, span: diag.Span{File: file, Start: at, End: scalarEnd(src, at, end, k)}, val: walk(n.Content[i+1], depth+1)}
				if v.find(e.key) >= 0 {
					out = append(out, duplicateKey(e, v, code))
					continue
				}
				v.keys = append(v.keys, e)
				v.span.End = e.val.span.End
			}
		case yaml.SequenceNode:
			v.kind = kList
			for _, c := range n.Content {
				v.list = append(v.list, walk(c, depth+1))
				v.span.End = v.list[len(v.list)-1].span.End
			}
			// An unquoted [[x]] reads as a list in a list: the end takes the brackets in.
			for v.span.End > 0 && v.span.End < end && src[v.span.Start] == '[' && (src[v.span.End] == ']' || src[v.span.End] == ' ') {
				v.span.End++
				if src[v.span.End-1] == ']' {
					break
				}
			}
		default:
			v.text = n.Value
			switch n.Tag {
			case "!!null":
				v.kind, v.text = kNull, ""
			case "!!bool":
				v.kind = kBool
			case "!!int", "!!float":
				v.kind = kNumber
			case "!!timestamp":
				v.kind = kDate
			default:
				v.kind = kText
			}
			switch {
			case n.Style&yaml.DoubleQuotedStyle != 0:
				v.quote, v.open = escaping, 1
			case n.Style&yaml.SingleQuotedStyle != 0:
				v.quote, v.open = doubling, 1
			case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
				v.quote = block
			}
			v.span.End = scalarEnd(src, v.span.Start, end, n)
		}
		v.span.End = max(v.span.End, v.span.Start)
		return v
	}
	return walk(&n, 0), out
}

// yamlLines returns where each line starts. YAML knows line ends that no editor shows as such.
func yamlLines(src []byte, base, end int) []int {
	starts := []int{base}
	for i := base; i < end; i++ {
		switch {
		case src[i] == '\n', src[i] == '\r' && (i+1 == end || src[i+1] != '\n'):
			starts = append(starts, i+1)
		case src[i] == 0xC2 && i+1 < end && src[i+1] == 0x85:
			starts = append(starts, i+2)
		case src[i] == 0xE2 && i+2 < end && src[i+1] == 0x80 && (src[i+2] == 0xA8 || src[i+2] == 0xA9):
			starts = append(starts, i+3)
		}
	}
	return starts
}

func duplicateKey(e entry, in value, code string) diag.Finding {
	f := diag.Finding{Code: code, Span: e.span, Message: fmt.Sprintf("the key %q stands here twice", e.key), Hint: "keep one of the two lines"}
	for _, o := range in.keys {
		if o.key == e.key {
			f.Related = []diag.Related{{Span: o.span, Message: "first here"}}
		}
	}
	return f
}

// yamlHint guesses at the usual slips of people who do not program.
func yamlHint(msg string, line []byte) string {
	switch {
	case strings.Contains(msg, "mapping values"):
		return `a text with ": " in it needs quotes: title: "What changed: a summary"`
	case bytes.HasPrefix(line, []byte("\t")) || strings.Contains(msg, "cannot start any token"):
		return "indent with spaces, and put quotes around a text that starts with a special character"
	case strings.Contains(msg, "',' or ']'"):
		return "a list that starts with [ needs a ] at its end"
	case strings.Contains(msg, "end of stream"):
		return "a quotation mark is missing"
	case strings.Contains(msg, "expected key"):
		return `put the whole text in quotes: title: "[[x]] and more"`
	case strings.Contains(msg, "unknown anchor"):
		return "put quotes around a text that starts with * or &"
	}
	return "write each field as key: value on a line of its own"
}

// scalarEnd finds where a YAML scalar that starts at at ends.
func scalarEnd(src []byte, at, end int, n *yaml.Node) int {
	switch {
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		q := byte('"')
		if n.Style&yaml.SingleQuotedStyle != 0 {
			q = '\''
		}
		for i := at + 1; i < end; i++ {
			if src[i] == '\\' && q == '"' {
				i++
			} else if src[i] == q {
				if q == '\'' && i+1 < end && src[i+1] == q {
					i++
					continue
				}
				return i + 1
			}
		}
		return end
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		i := lineEnd(src[:end], at)
		stop := i
		for i < end { // the block lasts while lines are blank or indented
			i++
			e := lineEnd(src[:end], min(i, end))
			l := src[min(i, end):e]
			if len(bytes.TrimSpace(l)) > 0 {
				if l[0] != ' ' && l[0] != '\t' {
					break
				}
				stop = e
			}
			i = e
		}
		return stop
	case n.Value == "":
		return at
	}
	// Plain: as long as its text, give or take folded line ends.
	v := value{text: n.Value, span: diag.Span{Start: at, End: end}}
	a := v.at(src)
	return min(end, a[len(a)-1])
}

// lineWithText moves an offset that stands on an empty or last line back to the line that holds something.
func lineWithText(src []byte, base, at int) int {
	for at > base {
		s := bytes.LastIndexByte(src[:at], '\n') + 1
		if len(bytes.TrimSpace(src[s:lineEnd(src, s)])) > 0 || s <= base {
			return max(base, min(at, lineEnd(src, s)))
		}
		at = s - 1
	}
	return at
}

// wholeLine moves an offset at the end of a line to its start, as nothing can be shown at the end.
func wholeLine(src []byte, at int) int {
	if at < lineEnd(src, at) {
		return at
	}
	for at > 0 && src[at-1] != '\n' {
		at--
	}
	for at < lineEnd(src, at) && (src[at] == ' ' || src[at] == '\t') {
		at++
	}
	return at
}

func lineEnd(src []byte, at int) int {
	if at > len(src) {
		return len(src)
	}
	if i := bytes.IndexByte(src[at:], '\n'); i >= 0 {
		if i > 0 && src[at+i-1] == '\r' {
			i--
		}
		return at + i
	}
	return len(src)
}

// readTOML reads a TOML text that comes from the bytes [base, …) of a file, or from several stretches of it: at maps
// an offset in the text to one in the file.
func readTOML(file string, src []byte, at func(int) int, code string) (value, []diag.Finding) {
	var m map[string]any
	if err := toml.Unmarshal(src, &m); err != nil {
		if s := tomlSlip(src); s != nil {
			return value{}, []diag.Finding{s.finding(file, code, at)}
		}
		var de *toml.DecodeError
		f := diag.Finding{Code: code, Span: diag.Span{File: file, Start: at(0), End: at(0)}, Message: "this is not TOML: " + strings.TrimPrefix(err.Error(), "toml: ")}
		if code == "bad-record" && strings.Contains(err.Error(), "already exists") {
			f.Code = "duplicate-id"
			f.Message = "this id stands in the file twice: " + strings.TrimPrefix(err.Error(), "toml: ")
		}
		if errors.As(err, &de) {
			row, col := de.Position()
			pos := 0
			for ; row > 1; row-- {
				i := bytes.IndexByte(src[pos:], '\n')
				if i < 0 {
					break
				}
				pos += i + 1
			}
			pos = min(len(src), pos+col-1)
			pos = wholeLine(src, pos)
			f.Span.Start = at(pos)
			f.Span.End = max(f.Span.Start, at(max(pos, lineEnd(src, pos))))
			f.Hint = tomlHint(src, pos)
		}
		return value{}, []diag.Finding{f}
	}
	span := func(r unstable.Range) diag.Span {
		return diag.Span{File: file, Start: at(int(r.Offset)), End: at(int(r.Offset) + int(r.Length))}
	}
	var scalar func(n *unstable.Node, from int) (value, int)
	scalar = func(n *unstable.Node, from int) (value, int) {
		v := value{text: string(n.Data), span: span(n.Raw)}
		end := int(n.Raw.Offset) + int(n.Raw.Length)
		switch n.Kind {
		case unstable.String:
			v.kind = kText
			if raw := src[n.Raw.Offset : n.Raw.Offset+n.Raw.Length]; len(raw) > 0 {
				v.quote, v.open = escaping, 1
				if raw[0] == '\'' {
					v.quote = literal
				}
				if bytes.HasPrefix(raw, bytes.Repeat(raw[:1], 3)) {
					v.open = 3
				}
			}
		case unstable.Bool:
			v.kind = kBool
		case unstable.Integer, unstable.Float:
			v.kind, v.text = kNumber, strings.ReplaceAll(string(n.Data), "_", "")
		case unstable.LocalDate, unstable.LocalDateTime, unstable.DateTime, unstable.LocalTime:
			v.kind = kDate
		case unstable.Array, unstable.InlineTable:
			open, shut := byte('['), byte(']')
			if n.Kind == unstable.InlineTable {
				open, shut = '{', '}'
			}
			start := from
			if i := bytes.IndexByte(src[from:], open); i >= 0 {
				start = from + i
			}
			end = start + 1
			v.kind, v.text = kList, ""
			it := n.Children()
			if n.Kind == unstable.InlineTable {
				v.kind = kTable
			}
			for it.Next() {
				c := it.Node()
				if c.Kind == unstable.Comment {
					continue
				}
				if v.kind == kList {
					var e value
					e, end = scalar(c, end)
					v.list = append(v.list, e)
					continue
				}
				var key []entry
				k := c.Key()
				for k.Next() {
					key = append(key, entry{key: string(k.Node().Data), span: span(k.Node().Raw)})
					end = int(k.Node().Raw.Offset) + int(k.Node().Raw.Length)
				}
				var e value
				e, end = scalar(c.Value(), end)
				put(&v, key, e)
			}
			if i := bytes.IndexByte(src[end:], shut); i >= 0 {
				end += i + 1
			}
			v.span = diag.Span{File: file, Start: at(start), End: at(end)}
		}
		return v, end
	}
	root := value{kind: kTable, span: diag.Span{File: file, Start: at(0), End: at(len(src))}}
	var here []entry // the header in force
	p := unstable.Parser{}
	p.Reset(src)
	for p.NextExpression() {
		n := p.Expression()
		var key []entry
		end := 0
		if n.Kind == unstable.KeyValue || n.Kind == unstable.Table || n.Kind == unstable.ArrayTable {
			k := n.Key()
			for k.Next() {
				key = append(key, entry{key: string(k.Node().Data), span: span(k.Node().Raw)})
				end = int(k.Node().Raw.Offset) + int(k.Node().Raw.Length)
			}
		}
		switch n.Kind {
		case unstable.KeyValue:
			v, _ := scalar(n.Value(), end)
			put(&root, append(append([]entry{}, here...), key...), v)
		case unstable.Table:
			here = key
			put(&root, key, value{kind: kTable, span: diag.Span{File: file, Start: key[0].span.Start, End: key[len(key)-1].span.End}})
		case unstable.ArrayTable:
			here = key
			add(&root, key, value{kind: kTable, span: diag.Span{File: file, Start: key[0].span.Start, End: key[len(key)-1].span.End}})
		}
	}
	return root, nil
}

func tomlHint(src []byte, at int) string {
	line := src[bytes.LastIndexByte(src[:at], '\n')+1 : lineEnd(src, at)]
	if _, val, ok := bytes.Cut(line, []byte("=")); ok {
		val = bytes.TrimSpace(val)
		if len(val) > 0 && val[0] != '"' && val[0] != '\'' && val[0] != '[' && val[0] != '{' {
			return `texts need quotation marks: key = "text"`
		}
		return "a quotation mark or a bracket may be missing"
	}
	return `write each field as key = "value" on a line of its own, under a [name] line`
}

// put sets a dotted key below v; a table that exists already is kept, as TOML headers may add to it.
func put(v *value, key []entry, val value) {
	if i := v.find(key[0].key); i >= 0 {
		in := &v.keys[i].val
		if in.kind == kList && len(in.list) > 0 {
			in = &in.list[len(in.list)-1]
		}
		if len(key) > 1 {
			put(in, key[1:], val)
		}
		return
	}
	e := entry{key: key[0].key, span: key[0].span, val: val}
	if len(key) > 1 {
		e.val = value{kind: kTable, span: key[0].span}
		put(&e.val, key[1:], val)
	}
	v.keys = append(v.keys, e)
}

// add appends a table to an array of tables.
func add(v *value, key []entry, val value) {
	if i := v.find(key[0].key); i >= 0 {
		in := &v.keys[i].val
		if len(key) == 1 {
			in.list = append(in.list, val)
			return
		}
		if in.kind == kList && len(in.list) > 0 {
			in = &in.list[len(in.list)-1]
		}
		add(in, key[1:], val)
		return
	}
	e := entry{key: key[0].key, span: key[0].span}
	if len(key) == 1 {
		e.val = value{kind: kList, span: key[0].span, list: []value{val}}
	} else {
		e.val = value{kind: kTable, span: key[0].span}
		add(&e.val, key[1:], val)
	}
	v.keys = append(v.keys, e)
}
