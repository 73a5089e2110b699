package content

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"gloss/generator/diag"
)

// This file and bib*.go read BibTeX and BibLaTeX: bib.go its syntax, bibtex.go the TeX in its values, bibnames.go names and
// dates, bibcsl.go makes each entry a record of CSL, which [records.sources] reads like those of CSL-JSON.
//
// The reader is our own. A finding needs the place of every field, and of a command inside a value, and goes on after a
// slip so that the rest of the file is read; values have to be kept as TeX, since braces decide what is one name.

// bibReader reads one file. Values are kept as they are written until all of it is read, as a @string may be defined below
// its use.
type bibReader struct {
	file    string
	code    string // of findings
	src     string
	shut    []int32 // for each {, where its } is; -1 without
	out     []diag.Finding
	strings map[string]*bibString
	entries []*bibEntry
	byKey   map[string]*bibEntry
	tex     map[string]texMacro // what a @preamble defines
	seen    map[string]int      // what is reported once, by its index in times
	times   []bibTimes
	meant   map[string]string // names that were probably meant, by the names that stand there
	grown   int               // bytes that abbreviations stand for
	broken  int               // slips after which an entry was not read
}

// bibTimes is how often a finding stands for.
type bibTimes struct{ finding, times int }

// bibString is an abbreviation.
type bibString struct {
	val  bibValue
	text *bibText
	open bool // being read: it may name itself
}

type bibEntry struct {
	kind  string // small letters
	kspan diag.Span
	key   Named
	list  []bibField
	index map[string]int
	whole bool // other entries take fields from it
	state byte // of inheriting: 0, 1 under way, 2 done
}

type bibField struct {
	name string // small letters
	span diag.Span
	val  bibValue
	text *bibText
}

// bibValue is what stands after =: pieces with # between them.
type bibValue struct {
	pieces []bibPiece
	span   diag.Span
}

type bibPiece struct {
	text string // or the name of an abbreviation
	at   int
	name bool
}

// bibText is a value as TeX, and where its bytes stand in the file.
type bibText struct {
	raw  string
	from []bibStretch
	base int // raw starts here in what from counts
	span diag.Span
}

type bibStretch struct{ raw, at int }

// maxBroken is how many slips of syntax are looked for in a file.
const maxBroken = 20

// readBibTeX reads a file of BibTeX or BibLaTeX into a list of records as CSL-JSON has them. Findings that are Unreadable
// say that an entry is missing in the list.
func readBibTeX(file string, src []byte, code string) (value, []diag.Finding) {
	r := &bibReader{file: file, code: code, src: string(src), strings: map[string]*bibString{}, byKey: map[string]*bibEntry{}, tex: map[string]texMacro{}, seen: map[string]int{}, meant: map[string]string{}}
	r.braces()
	r.scan()
	r.nothing()
	v := r.records()
	for _, t := range r.times {
		if t.times > 1 {
			r.out[t.finding].Message += fmt.Sprintf(", %d times in this file", t.times)
		}
	}
	return v, r.out
}

func (r *bibReader) span(a, b int) diag.Span { return diag.Span{File: r.file, Start: a, End: b} }

func (r *bibReader) add(sev diag.Severity, span diag.Span, hint, format string, args ...any) {
	r.out = append(r.out, diag.Finding{Severity: sev, Code: r.code, Span: span, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// once reports what stands in a file again and again, at its first place.
func (r *bibReader) once(name string, f diag.Finding) {
	if i, again := r.seen[name]; again {
		r.times[i].times++
		return
	}
	r.seen[name] = len(r.times)
	r.times = append(r.times, bibTimes{len(r.out), 1})
	r.out = append(r.out, f)
}

// braces finds the partner of each brace. BibTeX counts those after a backslash, too.
func (r *bibReader) braces() {
	r.shut = make([]int32, len(r.src))
	var open []int32
	for i := range len(r.src) {
		switch r.src[i] {
		case '{':
			r.shut[i] = -1
			open = append(open, int32(i))
		case '}':
			if n := len(open); n > 0 {
				r.shut[open[n-1]] = int32(i)
				open = open[:n-1]
			}
		}
	}
}

// scan finds the entries. What stands between them is a comment.
func (r *bibReader) scan() {
	for i := 0; i < len(r.src) && r.broken < maxBroken; {
		n := strings.IndexAny(r.src[i:], "@%")
		if n < 0 {
			return
		}
		i += n
		switch {
		case r.src[i] == '@':
			i = r.entry(i)
		case r.lineStart(i):
			i = lineEndOf(r.src, i)
		default:
			i++
		}
	}
}

// nothing reports a file without an entry, unless it is empty.
func (r *bibReader) nothing() {
	at := r.blank(len(r.src) - len(strings.TrimPrefix(r.src, "\uFEFF")))
	if len(r.entries) == 0 && r.broken == 0 && len(r.strings) == 0 && at < len(r.src) && r.src[at] != '@' {
		r.fault(at, r.span(at, lineEndOf(r.src, at)), "an entry looks like this: @article{name, title = {…}, …}", "it has no entry")
	}
}

func (r *bibReader) lineStart(i int) bool {
	for i > 0 && (r.src[i-1] == ' ' || r.src[i-1] == '\t') {
		i--
	}
	return i == 0 || r.src[i-1] == '\n' || r.src[i-1] == '\r' || strings.HasSuffix(r.src[:i], "\uFEFF")
}

func lineEndOf(s string, i int) int {
	if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(s)
}

// blank skips blanks and comments.
func (r *bibReader) blank(i int) int {
	for i < len(r.src) {
		switch r.src[i] {
		case ' ', '\t', '\r', '\n', '\f', '\v':
			i++
		case '%':
			i = lineEndOf(r.src, i)
		default:
			return i
		}
	}
	return i
}

func (r *bibReader) space(i int) int {
	for i < len(r.src) && strings.IndexByte(" \t\r\n", r.src[i]) >= 0 {
		i++
	}
	return i
}

func (r *bibReader) kindEnd(i int) int {
	for i < len(r.src) && (isASCIILetter(rune(r.src[i])) || r.src[i] >= '0' && r.src[i] <= '9' || r.src[i] == '-' || r.src[i] == '_') {
		i++
	}
	return i
}

// word is a name of BibTeX: of an entry, a field or an abbreviation.
func (r *bibReader) word(i int) int {
	for i < len(r.src) && r.src[i] > ' ' && strings.IndexByte("\"#%'(),={}", r.src[i]) < 0 {
		i++
	}
	return i
}

// entry reads what starts with the @ at i and returns where to go on.
func (r *bibReader) entry(i int) int {
	a := r.space(i + 1)
	b := r.kindEnd(a)
	kind := strings.ToLower(r.src[a:b])
	j := r.space(b)
	if j >= len(r.src) || kind == "" || r.src[j] != '{' && r.src[j] != '(' {
		if r.lineStart(i) && kind != "" && kind != "comment" {
			r.fault(i, r.span(i, b), fmt.Sprintf("write @%s{name, and its fields", kind), "an entry has its fields in braces, and this one has none")
		}
		return i + 1
	}
	if kind == "comment" {
		if r.src[j] == '{' && r.shut[j] > 0 {
			return int(r.shut[j]) + 1
		}
		return lineEndOf(r.src, j)
	}
	shut := byte('}')
	if r.src[j] == '(' {
		shut = ')'
	}
	e := &bibEntry{kind: kind, kspan: r.span(i, b), index: map[string]int{}}
	end, ok := j+1, true
	switch kind {
	case "preamble":
		var v bibValue
		if v, end, ok = r.value(i, "preamble", end); ok {
			if t := r.expand(v); t != nil {
				r.define(t.raw)
			}
			if end = r.blank(end); end < len(r.src) && r.src[end] == shut {
				end++
			}
		}
	case "string":
		if end, ok = r.fields(i, j, e, shut); ok {
			for _, f := range e.list {
				r.strings[f.name] = &bibString{val: f.val}
			}
		}
	default:
		if end, ok = r.named(i, j, e, shut); ok {
			r.entries = append(r.entries, e)
			if r.byKey[e.key.Text] == nil {
				r.byKey[e.key.Text] = e
			}
			if low := "@" + strings.ToLower(e.key.Text); r.byKey[low] == nil { // no key has an @ in front
				r.byKey[low] = e
			}
		}
	}
	if !ok {
		return r.resume(i)
	}
	return end
}

// resume returns the next line that starts an entry.
func (r *bibReader) resume(i int) int {
	for i = lineEndOf(r.src, i); i < len(r.src); i = lineEndOf(r.src, i) {
		if i = r.blank(i); i < len(r.src) && r.src[i] == '@' && r.opens(i) {
			return i
		}
	}
	return i
}

func (r *bibReader) opens(i int) bool {
	b := r.kindEnd(i + 1)
	j := r.space(b)
	return b > i+1 && j < len(r.src) && (r.src[j] == '{' || r.src[j] == '(')
}

// fault reports a slip of syntax in the entry at i, which is lost.
func (r *bibReader) fault(i int, span diag.Span, hint, format string, args ...any) {
	r.broken++
	f := diag.Finding{Code: r.code, Span: span, Message: "this is not BibTeX: " + fmt.Sprintf(format, args...), Hint: hint, Unreadable: true}
	if line := diag.Locate([]byte(r.src), i).Line; i != span.Start && line != diag.Locate([]byte(r.src), span.Start).Line {
		f.Related = []diag.Related{{Span: r.span(i, min(lineEndOf(r.src, i), i+60)), Message: "in this entry"}}
	}
	r.out = append(r.out, f)
}

// named reads the key of an entry and its fields. i is its @, j its brace.
func (r *bibReader) named(i, j int, e *bibEntry, shut byte) (int, bool) {
	a := r.blank(j + 1)
	b := a
	for b < len(r.src) && r.src[b] != ',' && r.src[b] != '\n' && r.src[b] != '=' && r.src[b] != '{' && r.src[b] != '}' && (r.src[b] != ')' || shut != ')') {
		b++
	}
	if b < len(r.src) && (r.src[b] == '=' || r.src[b] == '{') || strings.TrimSpace(r.src[a:b]) == "" {
		r.fault(i, r.span(i, j+1), fmt.Sprintf("write a name after the brace, by which pages cite it: @%s{name,", e.kind), "this entry has no name")
		return 0, false
	}
	key := strings.TrimSpace(r.src[a:b])
	e.key = Named{key, r.span(a, a+len(key))}
	b = r.blank(b)
	switch {
	case b < len(r.src) && r.src[b] == ',':
		return r.fields(i, j, e, shut)
	case b < len(r.src) && r.src[b] == shut:
		return b + 1, true
	}
	r.fault(i, e.key.Span, fmt.Sprintf("write @%s{%s,", e.kind, key), "after the name of an entry comes a comma")
	return 0, false
}

// fields reads name = value, … up to the end of an entry.
func (r *bibReader) fields(i, j int, e *bibEntry, shut byte) (int, bool) {
	at := j + 1
	if e.key.Text != "" {
		at = e.key.Span.End
	}
	for {
		at = r.blank(at)
		for at < len(r.src) && r.src[at] == ',' {
			at = r.blank(at + 1)
		}
		if at >= len(r.src) {
			return r.lost(i, j, e, at, "this %c is never closed", r.src[j])
		}
		if r.src[at] == shut {
			return at + 1, true
		}
		a := at
		b := r.word(a)
		f := bibField{name: strings.ToLower(r.src[a:b]), span: r.span(a, b)}
		eq := r.blank(b)
		if b == a || eq >= len(r.src) || r.src[eq] != '=' {
			if b > a && r.src[a] != '@' {
				return r.lost(i, j, e, at, "after %q comes =", r.src[a:b])
			}
			return r.lost(i, j, e, at, "here a field or the end of the entry is expected")
		}
		v, end, ok := r.value(i, r.src[a:b], eq+1)
		if !ok {
			return 0, false
		}
		f.val = v
		if first, twice := e.index[f.name]; !twice {
			e.index[f.name] = len(e.list)
			e.list = append(e.list, f)
		} else if r.src[v.span.Start:v.span.End] != r.src[e.list[first].val.span.Start:e.list[first].val.span.End] && bibRead[f.name] {
			r.out = append(r.out, duplicateKey(entry{key: f.name, span: f.span}, value{keys: []entry{{key: f.name, span: e.list[first].span}}}, r.code))
		}
		at = r.blank(end)
		if at < len(r.src) && r.src[at] != ',' && r.src[at] != shut {
			n := r.word(at)
			if eq := r.blank(n); n > at && r.src[at] != '@' && eq < len(r.src) && r.src[eq] == '=' && !v.bare(r) {
				r.add(diag.Warning, r.span(at, n), "put a comma after the value before it, as other programs stop here", "a comma is missing before %q", r.src[at:n])
				continue
			}
			if v.bare(r) {
				return r.lost(i, j, e, v.span.Start, "a text needs braces: %s = {%s …}", r.src[a:b], r.src[v.span.Start:v.span.End])
			}
			if end := v.span.End; r.src[v.span.Start] == '"' && strings.HasSuffix(r.src[:end], "\\\"") {
				r.fault(i, r.span(end-2, end), "put the letter with its accent into braces, {\\\"u}, or the whole text instead of the quotation marks", `the text ends at this ", although it belongs to an accent`)
				return 0, false
			}
			return r.lost(i, j, e, at, "after a value comes a comma or the end of the entry")
		}
	}
}

// bare says whether a value ends with a word that has neither braces nor quotation marks.
func (v bibValue) bare(r *bibReader) bool {
	return len(v.pieces) > 0 && v.pieces[len(v.pieces)-1].name
}

var bibNext = regexp.MustCompile(`\n\s*([A-Za-z]+)\s*=\s*["{0-9]`)

// holdsField says whether a text goes on with what looks like the next field.
func holdsField(s string) bool {
	for _, m := range bibNext.FindAllStringSubmatch(s, -1) {
		if bibRead[strings.ToLower(m[1])] {
			return true
		}
	}
	return false
}

// lost reports a slip that was noticed at at. If a field before holds what looks like the next one, the slip is its brace
// or quotation mark.
func (r *bibReader) lost(i, j int, e *bibEntry, at int, format string, args ...any) (int, bool) {
	limit := r.resume(i)
	for _, f := range e.list {
		s := f.val.span
		if s.Start >= limit {
			break
		}
		if text := r.src[s.Start:min(s.End, limit)]; holdsField(text) || s.End > limit && limit < len(r.src) {
			c := r.src[s.Start]
			r.fault(i, r.span(s.Start, lineEndOf(r.src, s.Start)), fmt.Sprintf("close it before the comma: %s = %c…%c,", f.name, c, map[byte]byte{'{': '}', '"': '"'}[c]), "this %c has no partner before the next field", c)
			return 0, false
		}
	}
	if at >= limit { // the next entry begins before this one ends
		r.fault(i, r.span(j, j+1), fmt.Sprintf("write %c after its last field", map[byte]rune{'{': '}', '(': ')'}[r.src[j]]), "this %c of the entry is never closed", r.src[j])
		return 0, false
	}
	r.fault(i, r.span(at, max(at+1, min(lineEndOf(r.src, at), at+40))), `write fields as name = {text}, with a comma between two`, format, args...)
	return 0, false
}

// value reads the value of a field that starts after at.
func (r *bibReader) value(i int, name string, at int) (bibValue, int, bool) {
	var v bibValue
	for {
		at = r.blank(at)
		if at >= len(r.src) {
			r.fault(i, r.span(i, lineEndOf(r.src, i)), "write its end", "the file ends in this entry")
			return v, at, false
		}
		if len(v.pieces) == 0 {
			v.span = r.span(at, at)
		}
		switch c := r.src[at]; c {
		case '{':
			end := int(r.shut[at])
			if end < 0 {
				r.fault(i, r.span(at, lineEndOf(r.src, at)), "write } where its text ends", "this { is never closed")
				return v, at, false
			}
			v.pieces = append(v.pieces, bibPiece{r.src[at+1 : end], at + 1, false})
			at = end + 1
		case '"':
			end := r.quoted(at)
			if end < 0 {
				r.fault(i, r.span(at, lineEndOf(r.src, at)), `write " where its text ends, and braces around a " inside: {"}`, `this " has no partner`)
				return v, at, false
			}
			v.pieces = append(v.pieces, bibPiece{r.src[at+1 : end], at + 1, false})
			at = end + 1
		default:
			end := r.word(at)
			if end == at {
				r.fault(i, r.span(at, at+1), fmt.Sprintf("write %s = {text}", name), "%q has no value", name)
				return v, at, false
			}
			word := r.src[at:end]
			v.pieces = append(v.pieces, bibPiece{word, at, strings.Trim(word, "0123456789-") != ""})
			at = end
		}
		v.span.End = at
		next := r.blank(at)
		if next >= len(r.src) || r.src[next] != '#' {
			return v, at, true
		}
		at = next + 1
	}
}

// quoted returns where the text that starts with the " at i ends: at the next one outside braces.
func (r *bibReader) quoted(i int) int {
	for i++; i < len(r.src); i++ {
		switch r.src[i] {
		case '"':
			return i
		case '}':
			return -1
		case '{':
			if r.shut[i] < 0 {
				return -1
			}
			i = int(r.shut[i])
		}
	}
	return -1
}

// expand writes out the abbreviations of a value.
func (r *bibReader) expand(v bibValue) *bibText {
	t := &bibText{span: v.span}
	if len(v.pieces) == 1 && !v.pieces[0].name {
		t.raw, t.from = v.pieces[0].text, []bibStretch{{0, v.pieces[0].at}}
		return t
	}
	var b strings.Builder
	for _, p := range v.pieces {
		if !p.name {
			t.from = append(t.from, bibStretch{b.Len(), p.at})
			b.WriteString(p.text)
			continue
		}
		low := strings.ToLower(p.text)
		s := r.strings[low]
		span := r.span(p.at, p.at+len(p.text))
		switch {
		case s == nil && bibStrings[low] != "":
			t.from = append(t.from, bibStretch{b.Len(), p.at})
			b.WriteString(bibStrings[low])
		case s == nil:
			hint := fmt.Sprintf("write {%s} if it is a text, or define it: @string{%s = {…}}", p.text, p.text)
			if _, again := r.seen[low]; !again {
				if near := diag.Suggest(low, r.stringNames()); near != "" {
					hint = fmt.Sprintf("did you mean %q? Put braces around a text", near)
				}
			}
			r.once(low, diag.Finding{Code: r.code, Span: span, Message: fmt.Sprintf("no @string is called %q", p.text), Hint: hint})
			t.from = append(t.from, bibStretch{b.Len(), p.at})
			b.WriteString(p.text)
		case s.open:
			r.once(low, diag.Finding{Code: r.code, Span: span, Message: fmt.Sprintf("the @string %q stands for itself", p.text), Hint: "write out what it stands for"})
		default:
			if s.text == nil {
				s.open = true
				s.text = r.expand(s.val)
				s.open = false
			}
			if r.grown += len(s.text.raw); r.grown > 4<<20 {
				if r.grown-len(s.text.raw) <= 4<<20 {
					r.add(diag.Default, span, "write out what they stand for", "the abbreviations in this file stand for too much text")
				}
				continue
			}
			for _, f := range s.text.from {
				t.from = append(t.from, bibStretch{b.Len() + f.raw, f.at})
			}
			b.WriteString(s.text.raw)
		}
	}
	t.raw = b.String()
	return t
}

// suggest is diag.Suggest for a name that may come again and again.
func (r *bibReader) suggest(name string, names []string) string {
	near, known := r.meant[name]
	if !known {
		near = diag.Suggest(name, names)
		r.meant[name] = near
	}
	return near
}

// guesses is how many names are looked at for one that was meant. After many findings there are no more guesses, as a file
// with thousands of them is wrong in some other way.
func (r *bibReader) guesses() int {
	if len(r.out) > 50 {
		return 0
	}
	return 10_000
}

func (r *bibReader) stringNames() []string {
	names := slices.Sorted(maps.Keys(r.strings))
	return names[:min(len(names), r.guesses())]
}

// at is where a byte of a value stands in the file.
func (t *bibText) at(i int) int {
	i += t.base
	lo, hi := 0, len(t.from)
	for lo+1 < hi {
		if mid := (lo + hi) / 2; t.from[mid].raw <= i {
			lo = mid
		} else {
			hi = mid
		}
	}
	if len(t.from) == 0 {
		return t.span.Start
	}
	return t.from[lo].at + i - t.from[lo].raw
}

// part is a part of a value.
func (t *bibText) part(a, b int) *bibText {
	for a < b && strings.IndexByte(" \t\r\n", t.raw[a]) >= 0 {
		a++
	}
	for b > a && strings.IndexByte(" \t\r\n", t.raw[b-1]) >= 0 {
		b--
	}
	p := &bibText{raw: t.raw[a:b], from: t.from, base: t.base + a}
	p.span = diag.Span{File: t.span.File, Start: t.at(a), End: t.at(a) + b - a}
	if b > a {
		p.span.End = max(p.span.Start, t.at(b-1)+1)
	}
	return p
}

// isBib says whether a file of data is BibTeX. Reference managers name it as they like.
func isBib(name string) bool {
	return strings.HasSuffix(name, ".bib") || strings.HasSuffix(name, ".bibtex") || strings.HasSuffix(name, ".biblatex")
}
