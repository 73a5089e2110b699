package content

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"gloss/generator/diag"
)

// matter says where the front matter of a page lies.
type matter struct {
	has      bool
	from, to int    // the fields
	block    [2]int // the fields with the lines around them, which are no part of the body
	format   byte   // of the fields: 'y' YAML, 't' TOML, 'j' JSON
	bad      *diag.Finding
	second   *matter // fields that stand below the front matter once more
}

// findMatter finds the front matter of a page: YAML between --- at the very top. Fields that stand elsewhere or in
// another form are found as well, and reported: they are not shown to readers, and a draft among them stays one.
func findMatter(file string, text []byte) matter {
	m := matter{format: 'y'}
	if bytes.HasPrefix(text, []byte("\xEF\xBB\xBF")) {
		m.from = 3
	}
	start := m.from
	if string(bytes.TrimRight(text[start:lineEnd(text, start)], " \t")) != "---" {
		m.to, m.block = start, [2]int{start, start}
		if found, ok := misplaced(file, text, start); ok {
			return found
		}
		return m
	}
	m.has, m.from = true, next(text, start)
	for at := m.from; at < len(text); at = next(text, at) {
		switch string(bytes.TrimRight(text[at:lineEnd(text, at)], " \t")) {
		case "---", "...":
			m.to, m.block = at, [2]int{start, next(text, at)}
			if second, ok := laterFields(file, text, m.block[1]); ok {
				second.bad.Message = "front matter stands once, at the very top of the file; here is a second one"
				second.bad.Hint = "move its fields up to the others; to draw a line across the page, write *** in place of ---"
				m.second = &second
			}
			return m
		}
	}
	m.to, m.block = len(text), [2]int{start, len(text)}
	m.bad = &diag.Finding{Code: "bad-front-matter", Span: diag.Span{File: file, Start: start, End: start + 3},
		Message: "the front matter starts here and never ends", Hint: "put a line with --- after the last field", Unreadable: true}
	return m
}

var (
	// keyLine is the start of a line that may be a field of YAML.
	keyLine = regexp.MustCompile(`^["']?([\p{L}_][\p{L}\p{N}_ .-]*?)["']?[ \t]*:([ \t]|$)`)
	tomlKey = regexp.MustCompile(`^(?:["']?[A-Za-z0-9_][A-Za-z0-9_.-]*["']?[ \t]*=|\[[\w. "'-]+\][ \t]*(?:#.*)?$)`)
	// dashes is what word processors and telephones make of ---, and other numbers of dashes.
	dashes    = regexp.MustCompile(`^(?:[-–—]{3,}|[–—]+-?)(yaml|yml|toml|json)?$`)
	fenceLine = regexp.MustCompile("^(?:```+|~~~+)[ \t]*(yaml|yml|toml|json|frontmatter|front-matter|md|markdown)?$")
)

// fieldWords are the usual fields of pages, ours and those of other programs. Lines that start with other words may be
// prose.
var fieldWords = []string{"title", "draft", "drafts", "date", "published", "publish", "updated", "lastmod", "created", "modified", "description", "tags", "tag", "categories",
	"category", "aliases", "alias", "slug", "summary", "answer", "standfirst", "layout", "permalink", "author", "authors", "order", "weight", "status", "cssclass", "cssclasses", "id", "uid",
	"sidebar_position", "sidebar_label", "nav_order", "lang", "keywords", "kind", "type", "about", "redirect_from"}

// misplaced looks for fields that are not between --- at the very top of a file.
func misplaced(file string, text []byte, start int) (matter, bool) {
	at, above := start, "" // what stands above the fields
	for at < len(text) {
		end := lineEnd(text, at)
		line := string(trimBlank(text[at:end]))
		switch {
		case line == "":
			if above == "" {
				above = "an empty line"
			}
		case strings.HasPrefix(line, "<!--"):
			above = "a comment"
			if i := bytes.Index(text[at:], []byte("-->")); i >= 0 {
				end = lineEnd(text, at+i)
				if len(trimBlank(text[at+i+3:end])) > 0 {
					return matter{}, false
				}
			}
		case strings.HasPrefix(line, "%%"):
			above = "a comment"
			if i := bytes.Index(text[at+2:], []byte("%%")); i >= 0 {
				end = lineEnd(text, at+2+i)
			}
		case strings.HasPrefix(line, "#"):
			above = "a heading"
		default:
			if m, ok := fieldsAt(file, text, at, above); ok {
				return m, true
			}
			return laterFields(file, text, at)
		}
		at = next(text, end)
	}
	return matter{}, false
}

// fieldsAt reads the fields that start on the line at a place, below nothing but what above names.
func fieldsAt(file string, text []byte, at int, above string) (matter, bool) {
	first := next(text, at)
	line := string(trimBlank(text[at:lineEnd(text, at)]))
	put := "put the fields between two lines of --- at the very top of the file"
	m := matter{has: true, format: 'y', from: first}
	say := func(hint, format string, args ...any) (matter, bool) {
		m.bad = &diag.Finding{Code: "bad-front-matter", Span: diag.Span{File: file, Start: at, End: lineEnd(text, at)}, Message: fmt.Sprintf(format, args...), Hint: hint}
		return m, true
	}
	until := func(ends func(line string) bool) bool { // sets the end of the fields
		for i := first; i < len(text); i = next(text, i) {
			if ends(string(trimBlank(text[i:lineEnd(text, i)]))) {
				m.to, m.block = i, [2]int{at, next(text, i)}
				return true
			}
		}
		return false
	}
	asFarAsFields := func() { // or up to the first empty line
		m.to = first
		for m.to < len(text) && len(trimBlank(text[m.to:lineEnd(text, m.to)])) > 0 {
			m.to = next(text, m.to)
		}
		m.block = [2]int{at, m.to}
	}
	isField := func(line string) bool {
		k := keyLine.FindStringSubmatch(line)
		return k != nil && (above != "a heading" || slices.Contains(fieldWords, strings.ToLower(k[1])))
	}
	switch {
	case dashes.MatchString(line):
		if last := line[len(line)-1]; !isField(firstField(text, first)) && last != 'l' && last != 'n' {
			return matter{}, false
		}
		if !until(func(l string) bool { return l == "..." || dashes.MatchString(l) }) {
			asFarAsFields()
			return say(put, "front matter starts here, below %s, and never ends", orElse(above, "nothing"))
		}
		switch raw := string(text[at:lineEnd(text, at)]); {
		case strings.HasSuffix(line, "toml"), strings.HasSuffix(line, "json"):
			m.format = line[len(line)-4]
			return say("write --- alone on this line, and below it each field as key: value", "gloss reads front matter in YAML, between two lines of ---, not %q", line)
		case line != "---":
			return say("write exactly three hyphens on the first line of the file and below the last field: ---", "front matter starts with ---, not with %q", line)
		case above == "":
			return say("write --- at the start of the first line", "front matter starts with --- at the very start of the file; here a blank stands before it: %q", raw)
		case above == "an empty line":
			return say("remove the empty lines above, so that --- is the first line of the file", "front matter stands on the first line of a file; here it has an empty line above it")
		default:
			return say("move "+strings.Replace(above, "a ", "the ", 1)+" below the front matter, so that --- is the first line of the file", "front matter stands on the first line of a file; here it has %s above it", above)
		}
	case line == "+++":
		if f := firstField(text, first); !tomlKey.MatchString(f) && f != "+++" {
			return matter{}, false
		}
		m.format = 't'
		if !until(func(l string) bool { return l == "+++" }) {
			asFarAsFields()
		}
		return say("write --- in place of +++, and each field as key: value, such as title: The bridge", "this front matter is TOML, between lines of +++; gloss reads YAML, between lines of ---")
	case line[0] == '{' && above != "a heading":
		rest := text[at+bytes.IndexByte(text[at:], '{'):]
		if inner := bytes.TrimLeft(rest[1:], " \t\r\n"); len(inner) == 0 || inner[0] != '"' && inner[0] != '}' || line == "{}" {
			return matter{}, false
		}
		m.format, m.from = 'j', len(text)-len(rest)
		var fields map[string]json.RawMessage
		if d := json.NewDecoder(bytes.NewReader(rest)); d.Decode(&fields) == nil {
			m.to = m.from + int(d.InputOffset())
			m.block = [2]int{at, next(text, m.to)}
		} else if !until(func(l string) bool { return l == "}" }) {
			asFarAsFields()
		} else {
			m.to = m.block[1]
		}
		return say("write the fields between two lines of ---, each as key: value, such as title: The bridge", "this front matter is JSON; gloss reads YAML, between two lines of ---")
	case fenceLine.MatchString(line) && above != "a heading":
		inside := string(trimBlank(text[first:lineEnd(text, first)]))
		k := keyLine.FindStringSubmatch(inside)
		switch {
		case inside == "---":
			if k = keyLine.FindStringSubmatch(firstField(text, next(text, first))); k == nil {
				return matter{}, false
			}
			m.from = next(text, first)
			if !until(func(l string) bool { return strings.HasPrefix(l, line[:3]) }) {
				asFarAsFields()
			}
			for i := m.from; i < m.to; i = next(text, i) {
				if string(trimBlank(text[i:lineEnd(text, i)])) == "---" {
					m.to = i
				}
			}
		case k != nil && slices.Contains(fieldWords, strings.ToLower(k[1])) && strings.HasPrefix(strings.TrimLeft(line, "`~ \t"), "y"):
			if !until(func(l string) bool { return strings.HasPrefix(l, line[:3]) }) {
				asFarAsFields()
			}
		default:
			return matter{}, false
		}
		if inside != "---" {
			return say("write --- in place of "+line+" and of the line that closes the block", "this front matter stands in a code block, between lines of %s", line[:3])
		}
		return say("remove the line "+line+" and the one that closes it, so that --- is the first line of the file", "this front matter stands in a code block, between lines of %s", line[:3])
	case keyLine.MatchString(line) && above != "a heading":
		known, draft, i := 0, false, at
		for ; i < len(text); i = next(text, i) {
			l := string(text[i:lineEnd(text, i)])
			k := keyLine.FindStringSubmatch(l)
			switch {
			case k != nil && slices.Contains(fieldWords, strings.ToLower(k[1])):
				known++
				draft = draft || strings.Contains(strings.ToLower(k[1]), "draft") || strings.EqualFold(k[1], "publish")
				continue
			case k != nil || known > 0 && (strings.HasPrefix(l, " ") || strings.HasPrefix(l, "- ")):
				continue
			}
			break
		}
		closed := i < len(text) && dashes.MatchString(string(trimBlank(text[i:lineEnd(text, i)])))
		if known == 0 || known < 2 && !closed && !draft {
			return matter{}, false
		}
		m.from, m.to, m.block = at, i, [2]int{at, i}
		if closed {
			m.block[1] = next(text, i)
		}
		return say(put, "these look like the fields of front matter, without the line of --- above them")
	}
	return matter{}, false
}

// laterFields looks for front matter that stands further down in a page: a line of ---, one that starts with a usual
// field, and another line of ---.
func laterFields(file string, text []byte, at int) (matter, bool) {
	fence, blank := []byte(nil), true
	for ; at < len(text); at = next(text, at) {
		line := trimBlank(text[at:lineEnd(text, at)])
		if mark := fenceMark(line); mark != nil {
			if fence == nil {
				fence = mark
			} else if bytes.HasPrefix(mark, fence) && len(mark) == len(line) {
				fence = nil
			}
		}
		above := blank
		blank = len(line) == 0
		if fence != nil || !above || string(line) != "---" {
			continue
		}
		first := next(text, at)
		if k := keyLine.FindSubmatch(text[first:lineEnd(text, first)]); k == nil || !slices.Contains(fieldWords, string(k[1])) {
			continue
		}
		for i := first; i < len(text); i = next(text, i) {
			l := text[i:lineEnd(text, i)]
			if t := string(bytes.TrimRight(l, " \t")); t == "---" || t == "..." {
				return matter{has: true, from: first, to: i, block: [2]int{at, next(text, i)}, format: 'y', bad: &diag.Finding{
					Code: "bad-front-matter", Span: diag.Span{File: file, Start: at, End: lineEnd(text, at)},
					Message: "front matter stands on the first line of a file; here it has text above it",
					Hint:    "move these lines to the very top of the file; to draw a line across the page, write *** in place of ---",
				}}, true
			}
			if !keyLine.Match(l) && len(trimBlank(l)) > 0 && l[0] != ' ' && l[0] != '-' && l[0] != '#' {
				at = i // the line at hand may start another
				break
			}
		}
	}
	return matter{}, false
}

// firstField is the first line from a place on that is neither empty nor a comment.
func firstField(text []byte, at int) string {
	for at < len(text) {
		if l := trimBlank(text[at:lineEnd(text, at)]); len(l) > 0 && l[0] != '#' {
			return string(l)
		}
		at = next(text, at)
	}
	return ""
}

// trimBlank takes blanks off both ends of a line, with those that have no width.
func trimBlank(line []byte) []byte {
	return bytes.TrimFunc(line, func(r rune) bool { return unicode.IsSpace(r) || r == 0xFEFF || r == 0x200B || r == 0x2060 })
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// read reads the fields in the form that they have.
func (m matter) read(file string, text []byte) (value, []diag.Finding) {
	switch m.format {
	case 't':
		return readTOML(file, text[m.from:m.to], func(i int) int { return min(m.from+i, m.to) }, "bad-front-matter")
	case 'j':
		alone := bytes.Repeat([]byte(" "), m.to)
		copy(alone[m.from:], text[m.from:m.to])
		return readJSON(file, alone, "bad-front-matter")
	}
	return readYAML(file, text, m.from, m.to, "bad-front-matter")
}

// draft says whether a page is kept back: draft: true, publish: false as Obsidian has it, published: false as Jekyll
// has it. What is nearly one of these keeps the page back as well, and is reported: a page that its writer held back must
// not go out because of a slip.
func (f *fields) draft(unknown diag.Severity) bool {
	draft := f.flag("draft")
	if v, ok := f.get("draft"); ok && !isTrue(v) && !isFalse(v) { // flag reported it
		draft = true
	}
	for _, key := range []string{"publish", "published"} {
		if v, ok := f.v.get(key); ok && isFalse(v) {
			draft = true
		}
	}
	for _, e := range f.v.keys {
		word := strings.ToLower(strings.Map(func(r rune) rune {
			if r == '_' || r == '-' || unicode.IsSpace(r) {
				return -1
			}
			return r
		}, e.key))
		kept := false
		switch {
		case e.key == "draft" || e.key == "publish" || e.key == "published":
			continue
		case slices.Contains([]string{"draft", "drafts", "isdraft", "draftpage", "unpublished", "private", "hidden", "wip"}, word), len(word) > 3 && diag.Suggest(word, []string{"draft"}) != "":
			kept = isTrue(e.val)
		case slices.Contains([]string{"publish", "published", "public", "ispublished", "ispublic", "visible", "dgpublish"}, word):
			kept = isFalse(e.val)
		case slices.Contains([]string{"status", "state", "stage", "visibility", "poststatus", "publishstatus"}, word):
			kept = slices.Contains([]string{"draft", "private", "hidden", "unpublished", "wip"}, strings.ToLower(strings.TrimSpace(e.val.text)))
		}
		if !kept {
			continue
		}
		draft = true
		f.known = append(f.known, e.key)
		*f.out = append(*f.out, diag.Finding{Severity: unknown, Code: "unknown-key", Span: e.span,
			Message: fmt.Sprintf("%s has no key %q; the page is kept back, as with draft: true", f.what, e.key), Hint: "write draft: true, or remove the line to publish the page"})
	}
	return draft
}

func isTrue(v value) bool {
	return slices.Contains([]string{"true", "yes", "on", "1"}, strings.ToLower(strings.TrimSpace(v.text)))
}

func isFalse(v value) bool {
	return slices.Contains([]string{"false", "no", "off", "0"}, strings.ToLower(strings.TrimSpace(v.text)))
}

// published reads the date on which a page was published. published: false is what Jekyll writes for a draft.
func (f *fields) published() Date {
	v, ok := f.get("published")
	if ok && v.kind == kBool {
		if isTrue(v) {
			f.add("bad-date", v.span, `write the day, published: "2024-03-18", or leave the line out: a page is published unless it says draft: true`, "published is a date here, not %s", v.text)
		}
		return Date{}
	}
	return f.date("published")
}
