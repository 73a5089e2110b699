package content

import (
	"bytes"
	"regexp"
	"strings"
)

// yamlSlip finds what was mistyped in a text that is not YAML, with front matter in mind: fields on lines of their own,
// texts mostly without quotation marks. It reads line by line and stops at the first thing that cannot be meant.
func yamlSlip(src []byte) *slip {
	if s := otherFormat(src); s != nil {
		return s
	}
	r := yamlReader{src: src, block: -1}
	for at := 0; at < len(src); at = next(src, at) {
		if s := r.line(at); s != nil {
			return s
		}
	}
	if r.open != nil {
		return r.open
	}
	return nil
}

type yamlReader struct {
	src     []byte
	key     string // of the field that the last line was of
	keyAt   int    // where it starts
	block   int    // the indentation of the field whose text goes over the next lines after > or |, or -1
	flow    int    // open [ and { of lists and tables over several lines
	quote   byte
	quoteAt int
	open    *slip // what is wrong if nothing closes it
}

var (
	yamlField = regexp.MustCompile(`^("[^"]*"|'[^']*'|[\p{L}\p{N}_][^:#"'\[\]{},]*?)[ \t]*:(?:[ \t]+(.*)|)$`)
	yamlClose = regexp.MustCompile(`^([A-Za-z_][\w-]*):([^\s:/].*)$`)
	yamlEqual = regexp.MustCompile(`^([A-Za-z_][\w-]*)[ \t]*=[ \t]*(.+)$`)
)

func (r *yamlReader) line(at int) *slip {
	end := lineEnd(r.src, at)
	raw := string(r.src[at:end])
	text := strings.TrimLeft(raw, " \t")
	indent := len(raw) - len(text)
	text = strings.TrimRight(text, " \t")
	if r.quote != 0 {
		r.closeQuote(raw)
		return nil
	}
	if text == "" || r.block >= 0 && indent > r.block {
		return nil
	}
	if r.block = -1; text[0] == '#' {
		return nil
	}
	if r.flow > 0 {
		if indent == 0 && yamlField.MatchString(text) {
			return r.open
		}
		r.brackets(text)
		return nil
	}
	if strings.Contains(raw[:indent], "\t") {
		return slipAt(at, end, "indent with blanks, two for each step", "this line is indented with a tab")
	}
	start := at + indent
	for strings.HasPrefix(text, "- ") {
		text = strings.TrimLeft(text[2:], " ")
		start = at + len(strings.TrimRight(raw, " \t")) - len(text)
		indent = start - at
	}
	if text == "-" || text == "---" || text == "..." {
		return nil
	}
	if m := yamlField.FindStringSubmatch(text); m != nil {
		r.key, r.keyAt = m[1], start
		return r.value(m[1]+": ", start+strings.LastIndex(text, m[2]), strings.TrimSpace(m[2]), indent)
	}
	if indent == 0 && raw[0] != '-' {
		if m := yamlEqual.FindStringSubmatch(text); m != nil {
			return slipAt(start, end, "write "+m[1]+": "+m[2], "a field is written with : between its name and its value, not with =")
		}
		if m := yamlClose.FindStringSubmatch(text); m != nil {
			return slipAt(start, end, "write "+m[1]+": "+m[2], "there is no blank behind the : of this field")
		}
		if strings.HasPrefix(text, "//") {
			return slipAt(start, end, "write # in place of //", "a comment starts with #, not with //")
		}
		if r.key != "" {
			return slipAt(r.keyAt, lineEnd(r.src, r.keyAt), "indent each line of the text by two blanks, or write it on the line of its name", "the text of %q starts here, and a line below is not indented: %q", r.key, atMost(text))
		}
		return slipAt(start, end, "write each field as name: value on a line of its own", "this line is no field, as it has no : behind a name")
	}
	if indent == 0 { // an item of a list
		return r.value("- ", start, text, 0)
	}
	return nil
}

// value judges the value of a field or an item; assign is what stands before it.
func (r *yamlReader) value(assign string, at int, text string, indent int) *slip {
	end := at + len(text)
	if text == "" {
		return nil
	}
	quoted := func() string { return "write " + assign + straight(text) }
	switch c := text[0]; c {
	case '|', '>':
		if head := strings.TrimSpace(strings.SplitN(text, " #", 2)[0]); strings.Trim(head[1:], "+-0123456789") == "" {
			r.block = indent
			return nil
		}
		return slipAt(at, end, quoted(), "a text that starts with %c needs quotation marks", c)
	case '"', '\'':
		r.quote, r.quoteAt = c, at
		r.open = slipAt(at, lineEnd(r.src, at), "write "+string(c)+" where the text ends", "the quotation mark that opens here is not closed")
		return r.quotedLine(assign, text, at)
	case '[', '{':
		if strings.HasPrefix(text, "[[") {
			if i := strings.LastIndex(text, "]]"); i < 0 || i+2 < len(text) && text[i+2:][0] != ' ' || i+2 < len(text) && !strings.HasPrefix(strings.TrimSpace(text[i+2:]), "#") {
				return slipAt(at, end, "write "+assign+quoteText(text), "a text that starts with [[ and goes on needs quotation marks")
			}
		}
		r.open = slipAt(at, end, "write "+map[byte]string{'[': "]", '{': "}"}[c]+" after its last value", "the %c that opens here is not closed", c)
		rest, closed := r.brackets(text)
		if closed && rest != "" && rest[0] != '#' {
			return slipAt(at, end, "write "+assign+quoteText(text), "a text that starts with %c needs quotation marks", c)
		}
		return nil
	case '@', '`', '%':
		return slipAt(at, end, "write "+assign+quoteText(text), "a text that starts with %c needs quotation marks", c)
	case '*', '&', '!':
		return slipAt(at, end, "write "+assign+quoteText(text), "a text that starts with %c needs quotation marks", c)
	case '-', '?', ':':
		if strings.HasPrefix(text[1:], " ") && assign != "- " {
			return slipAt(at, end, "write "+assign+quoteText(text), "a text that starts with %c needs quotation marks", c)
		}
	}
	if i := strings.Index(text, ": "); i >= 0 || strings.HasSuffix(text, ":") {
		return slipAt(at, end, quoted(), `a text with ": " in it needs quotation marks`)
	}
	return nil
}

// quotedLine reads a text in quotation marks that starts on this line.
func (r *yamlReader) quotedLine(assign, text string, at int) *slip {
	q := text[0]
	i, closed := quoteEnd(text, 1, q)
	if !closed {
		// It may go on. If what closes it is the quotation mark of another field, it was not closed here.
		for n := next(r.src, at); n < len(r.src); n = next(r.src, n) {
			l := string(r.src[n:lineEnd(r.src, n)])
			if k, ends := quoteEnd(l, 0, q); ends {
				if after := strings.TrimSpace(l[k:]); after != "" && after[0] != '#' {
					return r.open
				}
				return nil
			}
		}
		return r.open
	}
	r.quote, r.open = 0, nil
	rest := strings.TrimSpace(text[i:])
	if rest == "" || rest[0] == '#' {
		return nil
	}
	what, inner := "a quotation mark", strings.TrimSuffix(text[1:], string(q))
	if q == '\'' {
		what = "the '"
	}
	return slipAt(at, at+len(text), "write "+assign+quoteText(inner), "%s inside the text ends it, before %q", what, atMost(rest))
}

// closeQuote looks for the end of a text in quotation marks on a further line.
func (r *yamlReader) closeQuote(raw string) {
	if _, closed := quoteEnd(raw, 0, r.quote); closed {
		r.quote, r.open = 0, nil
	}
}

// quoteEnd is the offset behind the quotation mark that closes a text, of which text holds the part from i on.
func quoteEnd(text string, i int, q byte) (int, bool) {
	for ; i < len(text); i++ {
		switch {
		case text[i] == '\\' && q == '"':
			i++
		case text[i] == q && q == '\'' && i+1 < len(text) && text[i+1] == q:
			i++
		case text[i] == q:
			return i + 1, true
		}
	}
	return len(text), false
}

// brackets counts the [ ] { } of a line outside quotation marks, and returns what follows the last one that closes.
func (r *yamlReader) brackets(text string) (rest string, closed bool) {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"', '\'':
			if i > 0 && bytes.IndexByte([]byte(" ,[{"), text[i-1]) < 0 {
				continue // an apostrophe
			}
			j, ok := quoteEnd(text, i+1, c)
			if ok {
				i = j - 1
			}
		case '#':
			if i > 0 && text[i-1] == ' ' {
				return "", r.flow == 0
			}
		case '[', '{':
			r.flow++
		case ']', '}':
			if r.flow--; r.flow == 0 {
				r.open = nil
				return strings.TrimSpace(text[i+1:]), true
			}
		}
	}
	return "", false
}
