package content

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"
)

// Reword returns the source of the reference's words with other words in their place, written for the place where they
// stand: signs of markdown are escaped where markdown would read them, and quotation marks as the file's format wants it.
// Only what differs from the present words is written anew. around is the text around the words, in which a $ could make
// mathematics of theirs; table says that they stand in a table. ok is false where the words cannot be written safely.
func (r *Ref) Reword(words, around string, table bool) (raw string, ok bool) {
	text, at := unquote(r.Raw, r.Quote)
	label := strings.TrimSpace(r.Label)
	places, ok := align(text, label, r.Wiki)
	if !ok || len(places) == 0 {
		return "", false
	}
	old, now := []rune(label), []rune(words)
	same := 0
	for same < min(len(old), len(now)) && old[same] == now[same] {
		same++
	}
	tail := 0
	for tail < min(len(old), len(now))-same && old[len(old)-1-tail] == now[len(now)-1-tail] {
		tail++
	}
	var from, to int // of the bytes of text that are replaced
	switch {
	case same+tail < len(old):
		from, to = places[same].from, places[len(old)-1-tail].to
		for i := same + 1; i < len(old)-tail; i++ {
			if places[i].from != places[i-1].to { // signs of markup between them: all words are written anew
				same, tail = 0, 0
				from, to = 0, len(text)
				break
			}
		}
	case same > 0:
		from = places[same-1].to
		to = from
	default:
		from = places[0].from
		to = from
	}
	// A $ that stays is followed by something else now.
	if same > 0 && strings.HasSuffix(text[:from], "$") && places[same-1] == (place{from - 1, from}) {
		same, from = same-1, from-1
	}
	put, ok := r.markdown(string(now[same:len(now)-tail]), text[:from], text[to:], around+r.Around, table)
	if !ok {
		return "", false
	}
	if put, ok = quoted(put, r.Quote); !ok {
		return "", false
	}
	raw = r.Raw[:at[from]] + put + r.Raw[at[to]:]
	if r.Quote == unmarked && (strings.Contains(raw, ": ") || strings.Contains(raw, " #") || strings.HasSuffix(raw, ":")) {
		return "", false // YAML would read a key or a comment
	}
	return raw, true
}

// markdown writes words between two stretches of markdown. What stands between the brackets of a link cannot start a
// block, so only signs of inline markup count.
func (r *Ref) markdown(words, before, after, around string, table bool) (string, bool) {
	if r.Wiki {
		return words, !strings.ContainsAny(words, "|[]\n")
	}
	if strings.Contains(before, "`") && strings.ContainsAny(words, "`\\") {
		return "", false // in code nothing can be escaped
	}
	var b strings.Builder
	for i, c := range words {
		rest := words[i+utf8.RuneLen(c):] + after
		next, _ := utf8.DecodeRuneInString(rest)
		escape := false
		switch c {
		case '\\', '`', '*', '_', '[', ']', '~':
			escape = true
		case '<':
			escape = next == '/' || next == '!' || next == '?' || next < utf8.RuneSelf && (next|0x20) >= 'a' && (next|0x20) <= 'z'
		case '&':
			end := strings.IndexByte(rest, ';')
			escape = end > 0 && end < 40 && !strings.ContainsAny(rest[:end], " \t&")
		case '=':
			escape = next == '=' || strings.HasSuffix(before+words[:i], "=")
		case '$':
			// Mathematics ends with a $ that no letter or digit follows, so $40 can only be its start.
			others := around + "\n" + before + words[:i] + "\n" + rest
			escape = strings.Contains(others, "$") && !unicode.IsDigit(next) || lastDollar.MatchString(others)
		case '|':
			escape = table
		case '\n':
			return "", false
		}
		if escape {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String(), true
}

// lastDollar is a sign that can end mathematics.
var lastDollar = regexp.MustCompile(`[^\s\\]\$(?:[^\pL\p{Nd}$]|$)`)

// quoted writes text inside a quotation of its file's format.
func quoted(text string, quote byte) (string, bool) {
	switch quote {
	case escaping:
		return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text), true
	case doubling:
		return strings.ReplaceAll(text, `'`, `''`), true
	case cell:
		return strings.ReplaceAll(text, `"`, `""`), true
	case literal:
		return text, !strings.Contains(text, `'`)
	}
	return text, true
}

// unquote returns what a stretch inside a quotation stands for, and for each byte of that and for its end the offset in
// raw that it comes from.
func unquote(raw string, quote byte) (text string, at []int) {
	var b strings.Builder
	put := func(s string, from int) {
		b.WriteString(s)
		for range len(s) {
			at = append(at, from)
		}
	}
	for i := 0; i < len(raw); {
		switch {
		case quote == escaping && raw[i] == '\\':
			n := min(escapeLen([]byte(raw[i:])), len(raw)-i)
			put(escapedText(raw[i:i+n]), i)
			i += n
		case quote == doubling && strings.HasPrefix(raw[i:], "''"), quote == cell && strings.HasPrefix(raw[i:], `""`):
			put(raw[i:i+1], i)
			i += 2
		default:
			put(raw[i:i+1], i)
			i++
		}
	}
	return b.String(), append(at, len(raw))
}

// escapedText is what an escape of JSON, TOML or YAML stands for: \n, é, \x2d and the like.
func escapedText(esc string) string {
	if len(esc) < 2 {
		return esc
	}
	switch esc[1] {
	case 'n', 'r', '\n', '\r':
		return "\n"
	case 't', '\t':
		return "\t"
	case '_':
		return "\u00a0"
	case 'x', 'u', 'U':
		if s, err := strconv.Unquote(`"` + esc + `"`); err == nil {
			return s
		}
		if len(esc) == 12 { // the two halves of one character
			hi, err1 := strconv.ParseUint(esc[2:6], 16, 16)
			lo, err2 := strconv.ParseUint(esc[8:12], 16, 16)
			if err1 == nil && err2 == nil {
				return string(rune((hi-0xD800)<<10 + (lo - 0xDC00) + 0x10000))
			}
		}
		return "\uFFFD"
	}
	return esc[1:]
}

// place is where a character of a label is written, in bytes of the markdown.
type place struct{ from, to int }

// align finds each character of a label in the markdown that it is written as: escapes, entities and line ends count as
// what they stand for, and signs of emphasis, marks and code between characters are passed over.
func align(text, label string, wiki bool) ([]place, bool) {
	var out []place
	i := 0
	for _, c := range label {
		found := false
		for i < len(text) && !found {
			n := 0 // bytes that stand for c
			r, size := utf8.DecodeRuneInString(text[i:])
			switch {
			case wiki && strings.HasPrefix(text[i:], `\|`) && c == '|':
				n = 2
			case wiki && c == ' ' && unicode.IsSpace(r): // blanks of every kind are one there
				n = len(text[i:]) - len(strings.TrimLeftFunc(text[i:], unicode.IsSpace))
				if strings.ContainsAny(text[i:i+n], "\r\n") { // in a box or quotation, the next line starts with its sign
					n = len(text[i:]) - len(strings.TrimLeftFunc(text[i:], func(r rune) bool { return unicode.IsSpace(r) || r == '>' }))
				}
			case !wiki && text[i] == '\\' && i+1 < len(text) && util.IsPunct(text[i+1]) && rune(text[i+1]) == c:
				n = 2
			case !wiki && text[i] == '&' && strings.IndexByte(text[i:min(len(text), i+40)], ';') > 1:
				end := strings.IndexByte(text[i:], ';')
				if s, ok := entity(text[i+1 : i+end]); ok && s == string(c) {
					n = end + 1
				} else if c == '&' {
					n = 1
				}
			case c == ' ' && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r'):
				// A line end stands for one blank, with what is left of the text on the next line.
				run := len(text[i:]) - len(strings.TrimLeft(text[i:], " \t\r\n"))
				switch {
				case strings.ContainsAny(text[i:i+run], "\r\n"):
					n = len(text[i:]) - len(strings.TrimLeft(text[i:], " \t\r\n>"))
				default:
					n = 1
				}
			case r == c:
				n = size
			}
			if n > 0 {
				out = append(out, place{i, i + n})
				i += n
				found = true
				break
			}
			if wiki || bytes.IndexByte([]byte("*_~=`\\"), text[i]) < 0 {
				return nil, false
			}
			i++
		}
		if !found {
			return nil, false
		}
	}
	return out, true
}
