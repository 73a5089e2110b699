package content

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// jsonSlip finds what was mistyped in a text that is not JSON (RFC 8259): it reads the text as JSON and stops at the first
// thing that has no place there.
func jsonSlip(src []byte) *slip {
	if s := otherFormat(src); s != nil {
		return s
	}
	r := jsonReader{src: src}
	if s := r.value(); s != nil {
		return s
	}
	if s := r.blanks(); s != nil {
		return s
	}
	if r.at < len(src) {
		hint := "put all records into one list: [ {…}, {…} ]"
		if c := src[r.at]; c == ']' || c == '}' || c == ',' {
			hint = "remove it"
			return slipAt(r.at, r.at+1, hint, "this %c is one too many: the data has ended before it", c)
		}
		return slipAt(r.at, lineEnd(src, r.at), hint, "the data has ended before this line")
	}
	return nil
}

type jsonReader struct {
	src   []byte
	at    int
	depth int
}

var jsonNumber = regexp.MustCompile(`^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$`)

// blanks goes to what comes next. A comment is a slip.
func (r *jsonReader) blanks() *slip {
	for r.at < len(r.src) && bytes.IndexByte([]byte(" \t\r\n"), r.src[r.at]) >= 0 {
		r.at++
	}
	rest := r.src[r.at:]
	if bytes.HasPrefix(rest, []byte("//")) || bytes.HasPrefix(rest, []byte("/*")) || bytes.HasPrefix(rest, []byte("#")) {
		return slipAt(r.at, lineEnd(r.src, r.at), "remove it", "JSON has no comments")
	}
	return nil
}

func (r *jsonReader) value() *slip {
	if s := r.blanks(); s != nil {
		return s
	}
	if r.depth++; r.depth > 100 {
		return slipAt(r.at, r.at+1, "write it flatter", "this is nested too deep")
	}
	defer func() { r.depth-- }()
	if r.at >= len(r.src) {
		return slipAt(len(r.src), len(r.src), "write the value that is missing", "it ends before a value")
	}
	switch c := r.src[r.at]; c {
	case '{', '[':
		return r.group(c)
	case '"':
		return r.text()
	case ',', '}', ']', ':':
		return slipAt(r.at, r.at+1, "write the value before it, or remove it", "a value is missing before this %c", c)
	}
	return r.word()
}

// group reads a list or a table.
func (r *jsonReader) group(open byte) *slip {
	start, shut := r.at, byte(']')
	if open == '{' {
		shut = '}'
	}
	unclosed := func() *slip {
		return slipAt(start, lineEnd(r.src, start), fmt.Sprintf("write %c after its last value", shut), "the %c that opens here is not closed", open)
	}
	r.at++
	comma := -1 // where the last one stands, if nothing has followed it
	for first := true; ; first = false {
		if s := r.blanks(); s != nil {
			return s
		}
		if r.at >= len(r.src) {
			return unclosed()
		}
		switch c := r.src[r.at]; {
		case c == shut && comma >= 0:
			return slipAt(comma, comma+1, "remove it", "the comma before this %c is one too many", c)
		case c == shut:
			r.at++
			return nil
		case c == '}' || c == ']':
			return unclosed()
		case c == ',' && (comma >= 0 || first):
			return slipAt(r.at, r.at+1, "remove it", "this comma is one too many")
		case c == ',':
			comma = r.at
			r.at++
			continue
		case !first && comma < 0:
			return r.noComma()
		}
		if comma = -1; open == '{' {
			if s := r.name(); s != nil {
				return s
			}
		}
		from := r.at
		if s := r.value(); s != nil {
			return s
		}
		if s := r.decimalComma(open, from); s != nil {
			return s
		}
	}
}

// noComma names the place at which a comma is missing, or the quotation mark that ended a text too early.
func (r *jsonReader) noComma() *slip {
	before := bytes.TrimRight(r.src[:r.at], " \t\r\n")
	line := bytes.LastIndexByte(before, '\n') + 1
	same := !bytes.Contains(r.src[len(before):r.at], []byte("\n"))
	c, _ := utf8.DecodeRune(r.src[r.at:])
	if same && len(before) > 0 && before[len(before)-1] == '"' && c != '"' && c != '{' && c != '[' {
		return slipAt(len(before)-1, lineEnd(r.src, r.at), `write \" for a quotation mark inside a text`, "a quotation mark inside the text ends it, before %q", atMost(string(r.src[r.at:lineEnd(r.src, r.at)])))
	}
	at := len(before) - 1
	for at > line && !utf8.RuneStart(before[at]) {
		at--
	}
	return slipAt(at, len(before), "write a comma behind it", "a comma is missing after this value")
}

// name reads the name of a field and the colon after it.
func (r *jsonReader) name() *slip {
	rest := string(r.src[r.at:lineEnd(r.src, r.at)])
	if rest[0] != '"' {
		bare, _, _ := strings.Cut(rest, ":")
		bare = strings.TrimSpace(bare)
		if q, ok := startsSmart(rest); ok {
			return slipAt(r.at, r.at+len(bare), "write "+straight(bare)+": …", "%s is not the quotation mark of this format", q)
		}
		if rest[0] == '\'' {
			return slipAt(r.at, r.at+len(bare), "write "+quoteText(strings.Trim(bare, "'"))+": …", `a name stands between " and ", not between ' and '`)
		}
		return slipAt(r.at, r.at+max(1, len(bare)), `write it as "name": …`, "a field starts with its name between quotation marks, not with %q", atMost(bare))
	}
	start := r.at
	if s := r.text(); s != nil {
		return s
	}
	name := string(r.src[start:r.at])
	if s := r.blanks(); s != nil {
		return s
	}
	if r.at >= len(r.src) || r.src[r.at] != ':' {
		return slipAt(start, start+len(name), "write "+name+": and the value", "there is no : after the name %s", name)
	}
	r.at++
	return nil
}

// text reads a text between quotation marks.
func (r *jsonReader) text() *slip {
	start := r.at
	for r.at++; r.at < len(r.src); r.at++ {
		switch c := r.src[r.at]; {
		case c == '"':
			r.at++
			return nil
		case c == '\n' || c == '\r':
			return slipAt(start, r.at, `write " where the text ends; a new line inside a text is written \n`, "the quotation mark that opens here is not closed on its line")
		case c == '\t':
			return slipAt(r.at, r.at+1, `write \t, or a blank`, "a text may not hold a tab")
		case c == '\\':
			r.at++
			if r.at < len(r.src) && bytes.IndexByte([]byte(`"\/bfnrtu`), r.src[r.at]) < 0 || r.at < len(r.src) && r.src[r.at] == 'u' && !hexFollows(r.src[r.at+1:]) {
				return slipAt(r.at-1, r.at+1, `write \\ for each \ of the text`, "a %s in a text is not read as it stands", `\`)
			}
		}
	}
	return slipAt(start, lineEnd(r.src, start), `write " where the text ends`, "the quotation mark that opens here is not closed")
}

// word reads what stands without quotation marks: a number, true, false or null.
func (r *jsonReader) word() *slip {
	start, rest := r.at, string(r.src[r.at:lineEnd(r.src, r.at)])
	if q, ok := startsSmart(rest); ok {
		text := strings.TrimRight(rest, ", }]")
		return slipAt(start, start+len(text), "write "+straight(text), "%s is not the quotation mark of this format", q)
	}
	if rest[0] == '\'' {
		text := strings.TrimRight(rest, ", }]")
		return slipAt(start, start+len(text), "write "+quoteText(strings.Trim(text, "'")), `a text stands between " and ", not between ' and '`)
	}
	word := strings.TrimSpace(rest)
	if i := strings.IndexAny(rest, `,}]"`); i >= 0 {
		word = strings.TrimSpace(rest[:i])
	}
	r.at += len(word)
	switch {
	case word == "true" || word == "false" || word == "null" || jsonNumber.MatchString(word):
		return nil
	}
	write := map[string]string{"true": "true", "yes": "true", "false": "false", "no": "false", "none": "null", "nan": "null", "undefined": "null", "nil": "null", "null": "null"}[strings.ToLower(word)]
	if write != "" {
		return slipAt(start, r.at, "write "+write, "%q is written %s", word, write)
	}
	if strings.ContainsAny(word, "0123456789") {
		if message, hint := numberSlip(word, ""); message != "" {
			return slipAt(start, r.at, hint, "%s", message)
		}
	}
	return slipAt(start, max(start+1, r.at), "write "+straight(word), "a text stands between quotation marks, and this one does not")
}

// decimalComma finds the comma of a number that JSON takes for the end of a value.
func (r *jsonReader) decimalComma(open byte, from int) *slip {
	number := strings.TrimSpace(string(r.src[from:r.at]))
	if open != '{' || !onlyDigits.MatchString(number) || r.at+1 >= len(r.src) || r.src[r.at] != ',' || r.src[r.at+1] < '0' || r.src[r.at+1] > '9' {
		return nil
	}
	start := r.at - len(number)
	end := r.at + 1
	for end < len(r.src) && r.src[end] >= '0' && r.src[end] <= '9' {
		end++
	}
	message, hint := numberSlip(string(r.src[start:end]), "")
	return slipAt(start, end, hint, "%s", message)
}
