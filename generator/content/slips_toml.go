package content

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"
)

// tomlSlip finds what was mistyped in a text that is not TOML (https://toml.io/en/v1.0.0). It reads line by line and stops
// at the first thing that no TOML may have.
func tomlSlip(src []byte) *slip {
	if s := otherFormat(src); s != nil {
		return s
	}
	r := tomlReader{src: src}
	for r.at < len(src) {
		if s := r.line(); s != nil {
			return s
		}
	}
	return nil
}

type tomlReader struct {
	src []byte
	at  int
}

var (
	tomlBare   = regexp.MustCompile(`^[A-Za-z0-9_-]+`)
	tomlScalar = regexp.MustCompile(`^(?:true|false|[+-]?(?:inf|nan)|[+-]?(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?` +
		`|0x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|0o[0-7](?:_?[0-7])*|0b[01](?:_?[01])*|\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)?)?|\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$`)
	// colonField is a field as YAML and JSON have it.
	colonField = regexp.MustCompile(`^"?([A-Za-z0-9_-]+)"?\s*:\s*(.*?)\s*,?$`)
)

// rest is what the current line still holds.
func (r *tomlReader) rest() []byte { return r.src[r.at:lineEnd(r.src, r.at)] }

func (r *tomlReader) blanks() {
	for r.at < len(r.src) && (r.src[r.at] == ' ' || r.src[r.at] == '\t' || r.src[r.at] == '\r') {
		r.at++
	}
}

// line reads a line, and the lines that a value of it goes on to.
func (r *tomlReader) line() *slip {
	r.blanks()
	start, text := r.at, string(bytes.TrimRight(r.rest(), " \t"))
	switch {
	case text == "" || text[0] == '#':
		r.at = next(r.src, r.at)
		return nil
	case text[0] == '[':
		return r.header(text)
	}
	for _, sign := range []string{"//", ";", "--", "%", "/*"} {
		if strings.HasPrefix(text, sign) {
			return slipAt(start, start+len(text), "write # in place of "+sign, "a comment starts with #, not with %s", sign)
		}
	}
	if !strings.Contains(text, "=") {
		if m := colonField.FindStringSubmatch(text); m != nil {
			return slipAt(start, start+len(text), "write "+m[1]+" = "+tomlValue(m[2]), "a field is written with = between its name and its value, not with :")
		}
		return slipAt(start, start+len(text), `write each field as name = "text" on a line of its own; a text that goes on over lines stands between """ and """`, "this line is no field, as it has no =")
	}
	var key string
	for {
		if s := r.key(start, text, &key); s != nil {
			return s
		}
		r.blanks()
		if r.at >= len(r.src) || r.src[r.at] != '.' {
			break
		}
		r.at++
		r.blanks()
	}
	if r.at >= len(r.src) || r.src[r.at] != '=' {
		name, _, _ := strings.Cut(text, "=")
		name = strings.TrimSpace(name)
		if m := colonField.FindStringSubmatch(text); m != nil && strings.Index(text, ":") < strings.Index(text, "=") {
			return slipAt(start, start+len(text), "write "+m[1]+" = "+tomlValue(m[2]), "a field is written with = between its name and its value, not with :")
		}
		hint := "write it with letters of English, digits, - and _ alone"
		if s := strings.ReplaceAll(Slug(name), "-", "_"); s != "" {
			hint += ": " + s + " = …"
		}
		return slipAt(start, start+len(name), hint, "the name %q of this field holds %s", atMost(name), signIn(name))
	}
	r.at++
	r.blanks()
	if rest := string(bytes.TrimSpace(r.rest())); rest == "" || rest[0] == '#' {
		return slipAt(start, start+len(text), "write its value after the =, or remove the line", "the field %q has no value", key)
	}
	if s := r.value(key, false); s != nil {
		return s
	}
	r.blanks()
	if rest := string(bytes.TrimSpace(r.rest())); rest != "" && rest[0] != '#' {
		if rest == "," || rest == ";" {
			return slipAt(r.at, r.at+1, "remove the "+rest, "the %s at the end of this line is one too many", rest)
		}
		return r.after(key, rest)
	}
	r.at = next(r.src, r.at)
	return nil
}

// tomlValue writes what somebody wrote in another format as a value of TOML.
func tomlValue(s string) string {
	if tomlScalar.MatchString(s) || strings.HasPrefix(s, "[") || strings.HasPrefix(s, `"`) && strings.HasSuffix(s, `"`) && len(s) > 1 {
		return s
	}
	return straight(s)
}

// signIn names the first sign of a name that a bare key may not have.
func signIn(name string) string {
	rest := name[len(tomlBare.FindString(name)):]
	c, size := utf8.DecodeRuneInString(rest)
	switch {
	case c == ' ':
		return "a blank"
	case c == '\t':
		return "a tab"
	}
	return `"` + rest[:size] + `"`
}

// key reads one part of the name of a field.
func (r *tomlReader) key(start int, text string, key *string) *slip {
	if r.at >= len(r.src) {
		return nil
	}
	if c := r.src[r.at]; c == '"' || c == '\'' {
		i := bytes.IndexByte(r.rest()[1:], c)
		if i < 0 {
			return slipAt(r.at, start+len(text), "close it after the name", "the quotation mark that opens here is not closed on its line")
		}
		*key = string(r.rest()[1 : i+1])
		r.at += i + 2
		return nil
	}
	*key = string(tomlBare.Find(r.rest()))
	r.at += len(*key)
	return nil
}

// header reads a line [name] or [[name]].
func (r *tomlReader) header(text string) *slip {
	start, open := r.at, "["
	if strings.HasPrefix(text, "[[") {
		open = "[["
	}
	shut := strings.Repeat("]", len(open))
	name, after, closed := strings.Cut(text[len(open):], shut)
	if !closed {
		bare := strings.TrimSpace(strings.TrimRight(name, "]"))
		if i := strings.IndexByte(bare, '#'); i > 0 {
			bare = strings.TrimSpace(bare[:i])
		}
		return slipAt(start, start+len(text), "write "+open+bare+shut, "the %s that opens here is not closed by %s", open, shut)
	}
	name = strings.TrimSpace(name)
	if after = strings.TrimSpace(after); after != "" && after[0] != '#' {
		return slipAt(start, start+len(text), "write each field on a line of its own, below "+open+name+shut, "something follows %s on its line", open+name+shut)
	}
	if name == "" {
		return slipAt(start, start+len(text), "write a name between "+open+" and "+shut, "there is no name between %s and %s", open, shut)
	}
	if !strings.ContainsAny(name, `"'`) {
		for _, part := range strings.Split(name, ".") {
			if part = strings.TrimSpace(part); part != "" && tomlBare.FindString(part) == part {
				continue
			}
			slug := Slug(name)
			if _, smart := startsSmart(name); smart || strings.ContainsAny(name, " \t") || slug == "" {
				return slipAt(start, start+len(text), "write "+open+slug+shut, "the name %q holds %s", atMost(name), signIn(part))
			}
			return slipAt(start, start+len(text), "write "+open+quoteText(name)+shut+", or "+open+slug+shut, "the name %q holds %s, so it needs quotation marks", atMost(name), signIn(part))
		}
	}
	r.at = next(r.src, r.at)
	return nil
}

// value reads the value of a field; inside says that it is one of a list or of an inline table, where a comma ends it.
func (r *tomlReader) value(key string, inside bool) *slip {
	start, rest := r.at, r.rest()
	for _, q := range []string{`"""`, `'''`} {
		if bytes.HasPrefix(rest, []byte(q)) {
			for i := r.at + 3; ; i++ {
				if i+3 > len(r.src) {
					return slipAt(start, lineEnd(r.src, start), "write "+q+" where the text ends", "the %s that opens here is never closed", q)
				}
				if r.src[i] == '\\' && q[0] == '"' {
					i++
				} else if string(r.src[i:i+3]) == q {
					for i+3 < len(r.src) && r.src[i+3] == q[0] {
						i++
					}
					r.at = i + 3
					return nil
				}
			}
		}
	}
	switch rest[0] {
	case '"':
		return r.text(key)
	case '\'':
		i := bytes.IndexByte(rest[1:], '\'')
		if i < 0 {
			return slipAt(start, start+len(rest), "write "+key+" = "+straight(string(rest)), "the ' that opens here is not closed on its line")
		}
		r.at += i + 2
		return nil
	case '[':
		return r.list(key)
	case '{':
		return r.table(key)
	}
	token := string(rest)
	if i := strings.IndexByte(token, '#'); i >= 0 {
		token = token[:i]
	}
	if inside {
		if i := strings.IndexAny(token, ",]}"); i >= 0 {
			token = token[:i]
		}
	}
	token = strings.TrimSpace(token)
	r.at += len(token)
	if tomlScalar.MatchString(token) {
		return nil
	}
	assign := key + " = "
	if inside {
		assign = ""
	}
	bare := strings.TrimRight(token, ",; ")
	if bare != token && !inside && tomlScalar.MatchString(bare) {
		return slipAt(start+len(bare), start+len(token), "write "+assign+bare, "the %s at the end of this line is one too many", strings.TrimSpace(token[len(bare):]))
	}
	end := start + len(token)
	if q, ok := startsSmart(token); ok {
		if inside { // which cut the text at its first comma
			end = start + len(rest)
		}
		return slipAt(start, end, "write "+assign+straight(token), "%s is not the quotation mark of this format", q)
	}
	switch strings.ToLower(token) {
	case "true", "yes", "on":
		return slipAt(start, end, "write "+assign+"true", "%q is written true", token)
	case "false", "no", "off":
		return slipAt(start, end, "write "+assign+"false", "%q is written false", token)
	case "null", "none", "nil":
		return slipAt(start, end, "remove the line", "%q is no value: a field that has none is left out", token)
	}
	if !inside && strings.ContainsAny(token, "0123456789") {
		if message, hint := numberSlip(bare, assign); message != "" {
			return slipAt(start, end, hint, "%s", message)
		}
	}
	if strings.HasSuffix(token, `"`) {
		return slipAt(start, end, "write "+assign+straight(token), "the quotation mark at the start of this text is missing")
	}
	return slipAt(start, end, "write "+assign+straight(token), "a text stands between quotation marks, and this one does not")
}

// text reads a text between " and ", on one line.
func (r *tomlReader) text(key string) *slip {
	start, end := r.at, lineEnd(r.src, r.at)
	for i := start + 1; i < end; i++ {
		switch r.src[i] {
		case '"':
			r.at = i + 1
			return nil
		case '\\':
			i++
			if i < end && !bytes.ContainsRune([]byte(`btnfre"\uUx`), rune(r.src[i])) || i < end && (r.src[i] == 'u' || r.src[i] == 'U') && !hexFollows(r.src[i+1:end]) {
				return slipAt(i-1, i+1, `write \\ for each \ of the text, or put the text between ' and '`, "a %s in a text that stands between \" and \" is not read as it stands", `\`)
			}
		}
	}
	text := strings.TrimSpace(string(r.src[start+1 : end]))
	if text == "" || text[0] == '#' {
		return slipAt(start, end, `write "" for an empty text; a text of several lines stands between """ and """`, "the quotation mark that opens here is not closed on its line")
	}
	if len(text) > 1 && (text[len(text)-1] == ',' || text[len(text)-1] == ']') {
		return slipAt(start, end, `write " where the text ends`, "the quotation mark that opens here is not closed on its line")
	}
	return slipAt(start, end, `write " where the text ends, such as `+key+" = "+straight(text)+`; a text of several lines stands between """ and """`, "the quotation mark that opens here is not closed on its line")
}

func hexFollows(b []byte) bool {
	n := 0
	for n < len(b) && n < 4 && bytes.IndexByte([]byte("0123456789abcdefABCDEF"), b[n]) >= 0 {
		n++
	}
	return n == 4
}

// after judges what stands behind a value on its line.
func (r *tomlReader) after(key, rest string) *slip {
	line := bytes.LastIndexByte(r.src[:r.at], '\n') + 1
	end := lineEnd(r.src, r.at)
	_, text, _ := strings.Cut(string(r.src[line:end]), "=")
	text = strings.TrimSpace(text)
	start := line + bytes.Index(r.src[line:end], []byte(text))
	switch {
	case strings.HasPrefix(text, `"`):
		// A quotation mark inside the text ended it.
		inner := strings.TrimSuffix(strings.TrimPrefix(text, `"`), `"`)
		return slipAt(start, end, "write "+key+" = "+quoteText(inner), "a quotation mark inside the text ends it, before %q", atMost(rest))
	case strings.HasPrefix(text, `'`):
		inner := strings.TrimSuffix(strings.TrimPrefix(text, `'`), `'`)
		return slipAt(start, end, "write "+key+" = "+quoteText(inner), "the ' inside the text ends it, before %q", atMost(rest))
	}
	return slipAt(r.at, r.at+len(rest), "write each field on a line of its own", "something follows the value: %q", atMost(rest))
}

// list reads a list, which may go over many lines.
func (r *tomlReader) list(key string) *slip {
	open := r.at
	unclosed := func() *slip {
		return slipAt(open, lineEnd(r.src, open), "write ] after its last value", "the [ that opens here is not closed")
	}
	r.at++
	for comma := true; ; {
		line := r.skip()
		switch {
		case r.at >= len(r.src):
			return unclosed()
		case r.src[r.at] == ']':
			r.at++
			return nil
		case r.src[r.at] == ',':
			if comma {
				return slipAt(r.at, r.at+1, "remove it", "this comma is one too many")
			}
			comma = true
			r.at++
			continue
		case !comma && line:
			if strings.IndexByte("\"'{", r.src[r.at]) < 0 {
				return unclosed() // the next field, or the next name
			}
			return slipAt(r.at, lineEnd(r.src, r.at), "write a comma after the value before this one", "a comma is missing before this value")
		case !comma:
			return slipAt(r.at, r.at+1, "write a comma between the two", "a comma is missing before this value")
		}
		if line && (r.src[r.at] == '[' || tomlField.Match(r.rest())) {
			return unclosed()
		}
		if s := r.value(key, true); s != nil {
			return s
		}
		comma = false
	}
}

var tomlField = regexp.MustCompile(`^[A-Za-z0-9_-]+\s*=`)

// skip goes to the next value of a list, past line ends and comments, and says whether it went to another line.
func (r *tomlReader) skip() (line bool) {
	for r.at < len(r.src) {
		switch r.src[r.at] {
		case ' ', '\t', '\r':
			r.at++
		case '\n':
			line = true
			r.at++
		case '#':
			r.at = lineEnd(r.src, r.at)
		default:
			return line
		}
	}
	return line
}

// table reads an inline table: { name = value, … }.
func (r *tomlReader) table(key string) *slip {
	open := r.at
	r.at++
	for {
		line := r.skip()
		if r.at >= len(r.src) || line && bytes.HasPrefix(r.rest(), []byte("[")) {
			return slipAt(open, lineEnd(r.src, open), "write } after its last field", "the { that opens here is not closed")
		}
		switch r.src[r.at] {
		case '}':
			r.at++
			return nil
		case ',':
			r.at++
			continue
		case ']':
			return slipAt(open, lineEnd(r.src, open), "write } after its last field", "the { that opens here is not closed before the ]")
		}
		start, text := r.at, string(r.rest())
		var name string
		if s := r.key(start, text, &name); s != nil {
			return s
		}
		r.blanks()
		if r.at >= len(r.src) || r.src[r.at] != '=' {
			if r.at < len(r.src) && r.src[r.at] == ':' {
				return slipAt(r.at, r.at+1, "write "+name+" = …", "a field is written with = between its name and its value, not with :")
			}
			return slipAt(start, max(r.at, start+1), "write each field as name = value, with a comma between two", "this is no field, as it has no =")
		}
		r.at++
		r.blanks()
		if len(r.rest()) == 0 {
			return slipAt(start, r.at, "write its value after the =", "the field %q has no value", name)
		}
		if s := r.value(name, true); s != nil {
			return s
		}
		if r.skip(); r.at < len(r.src) && r.src[r.at] != ',' && r.src[r.at] != '}' && r.src[r.at] != ']' && !bytes.HasPrefix(r.rest(), []byte("[")) {
			return slipAt(r.at, r.at+1, "write a comma between the two fields", "a comma is missing before this field")
		}
	}
}
