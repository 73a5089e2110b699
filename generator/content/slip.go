package content

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"gloss/generator/diag"
)

// A slip is what keeps a data file or front matter from being read, in the words of its writer. The parsers of the
// formats stop where a text cannot go on, which is often lines after what was mistyped, and speak of grammar. So when one
// of them fails, slips_toml.go, slips_yaml.go and slips_json.go read the text again for what people mistype. They only
// report what is certainly wrong; otherwise the message of the parser stands.
type slip struct {
	start, end    int // bytes in the text that was given
	message, hint string
}

func slipAt(start, end int, hint, format string, args ...any) *slip {
	return &slip{start, end, fmt.Sprintf(format, args...), hint}
}

// finding is the slip as a finding of a file; at maps an offset in the text to one in the file.
func (s *slip) finding(file, code string, at func(int) int) diag.Finding {
	return diag.Finding{Code: code, Span: diag.Span{File: file, Start: at(s.start), End: max(at(s.start), at(s.end))}, Message: s.message, Hint: s.hint}
}

// smartQuotes are the quotation marks of typography, which no format of data takes for its own.
const smartQuotes = "“”„‟«»‹›‘’‚‛″`´"

// startsSmart returns the typographic quotation mark that a text starts with.
func startsSmart(s string) (string, bool) {
	r, size := utf8.DecodeRuneInString(s)
	if size > 0 && strings.ContainsRune(smartQuotes, r) {
		return s[:size], true
	}
	return "", false
}

// straight is a text between straight quotation marks, without the typographic ones around it.
func straight(s string) string {
	return quoteText(strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '"' || strings.ContainsRune(smartQuotes, r) }))
}

// quoteText writes a text as TOML, YAML and JSON read it: between " with \ before what would end it.
func quoteText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// atMost shortens a text that a message repeats.
func atMost(s string) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > 60 {
		return string([]rune(s)[:59]) + "…"
	}
	return s
}

// otherFormat says that a text is in a format that people take for another one, by how it starts.
func otherFormat(src []byte) *slip {
	start := len(src) - len(bytes.TrimLeft(src, " \t\r\n"))
	text := src[start:]
	is := func(s string) bool { return len(text) >= len(s) && strings.EqualFold(string(text[:len(s)]), s) }
	end := start + lineEnd(text, 0)
	switch {
	case is("<!doctype html") || is("<html"):
		return slipAt(start, end, "get the data itself: what was saved is the page that shows it", "this is a web page")
	case is("<?xml") || is("<"):
		return slipAt(start, end, "save or export it again in the format that the file’s name says", "this is XML")
	case is("PK\x03\x04"):
		return slipAt(start, start, "open it in the program that wrote it, and save it in the format that the file’s name says", "this is a packed file, such as one of Excel or Numbers")
	case bibStart.Match(text):
		return slipAt(start, end, "give the file the ending .bib", "this is BibTeX")
	case is("TY  - "):
		return slipAt(start, end, "export it from your reference manager as CSL JSON", "this is RIS")
	}
	return nil
}

var bibStart = regexp.MustCompile(`^@[A-Za-z]+\s*[{(]`)

// A number that a format does not read, and what may stand beside it.
var (
	mostlyNumber = regexp.MustCompile(`^(\D{0,4}?)\s*([+\-–−]?\d(?:[\d.,' ’]*\d)?)\s*(\D{0,30})$`)
	onlyDigits   = regexp.MustCompile(`^[+-]?\d+$`)
)

// numberSlip says how a text that starts or ends with digits is written as a number. assign is how the format gives a key
// a value: "value = " or "value: ".
func numberSlip(text, assign string) (message, hint string) {
	say := func(why, write string) (string, string) { return fmt.Sprintf("%q is %s", atMost(text), why), write }
	u := unify(strings.ReplaceAll(text, "–", "-"))
	asPoint, asComma := "", ""
	if _, p, ok := ReadNumber(u, '.'); ok {
		asPoint = p
	}
	if _, p, ok := ReadNumber(u, ','); ok {
		asComma = p
	}
	if hint, likely := DateHint(text, english); likely && asPoint == "" && asComma == "" {
		return say("not a date as it is written here", strings.Replace(hint, "write ", "write "+assign, 1))
	}
	switch {
	case onlyDigits.MatchString(u) && strings.TrimLeft(u, "+-0") != "" && strings.HasPrefix(strings.TrimLeft(u, "+-"), "0"):
		return say("a number with a 0 before it", "write "+assign+strings.TrimLeft(u, "+0")+"; or "+assign+quoteText(text)+" if it is no number")
	case asPoint != "" && asComma != "" && asPoint != asComma && strings.Contains(u, ","):
		return say("a number with a comma in it", "write "+assign+asPoint+"; or "+assign+asComma+" if the comma is a decimal mark")
	case asPoint != "" && strings.ContainsAny(u, ",' ’"):
		return say("a number with a mark between its thousands", "write "+assign+asPoint)
	case asComma != "" && strings.Count(u, ".") > 1:
		return say("a number with points between its thousands", "write "+assign+asComma)
	case asComma != "" && strings.Contains(u, ","):
		return say("a number with a decimal comma; the decimal mark is a point", "write "+assign+asComma)
	case asPoint != "":
		return say("a number in another form", "write "+assign+asPoint)
	}
	m := mostlyNumber.FindStringSubmatch(u)
	if m == nil || m[1] == "" && m[3] == "" {
		return "", ""
	}
	before, number, after := strings.TrimSpace(m[1]), m[2], strings.TrimSpace(m[3])
	_, plain, ok := ReadNumber(number, '.')
	if !ok {
		if _, plain, ok = ReadNumber(number, ','); !ok {
			return "", ""
		}
	}
	key := strings.TrimRight(assign, " :=")
	if key != "value" && key != "low" && key != "high" {
		return say("a text without quotation marks", "write "+assign+quoteText(text))
	}
	unit := after
	if unit == "" {
		unit = before
	}
	then := func(key, value string) string {
		return "write " + assign + plain + " and, in a field of its own, " + strings.Replace(assign, "value", key, 1) + value
	}
	switch {
	case strings.ContainsAny(unit, "~≈") || strings.EqualFold(unit, "ca.") || strings.EqualFold(unit, "c.") || strings.EqualFold(unit, "ca"):
		return say("an approximate number", then("approx", "true"))
	case strings.ContainsAny(unit, "<>≤≥"):
		return say("a bound", then("display", `["…"], with the words around {value}`))
	}
	return say("a number with a unit", then("unit", quoteText(unit)))
}
