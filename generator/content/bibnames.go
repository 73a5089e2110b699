package content

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"gloss/generator/diag"
)

// cut splits a value where sep stands outside braces. sep is a sign, or " and " in any letters between blanks.
func (t *bibText) cut(sep string) []*bibText {
	var out []*bibText
	depth, last := 0, 0
	blank := func(i int) bool { return i < len(t.raw) && strings.IndexByte(" \t\r\n", t.raw[i]) >= 0 }
	for i := 0; i < len(t.raw); i++ {
		switch c := t.raw[i]; {
		case c == '\\':
			i++
		case c == '{':
			depth++
		case c == '}':
			depth--
		case depth > 0:
		case sep != " and " && c == sep[0]:
			out = append(out, t.part(last, i))
			last = i + 1
		case sep == " and " && blank(i) && i+4 < len(t.raw) && strings.EqualFold(t.raw[i+1:i+4], "and") && blank(i+4):
			out = append(out, t.part(last, i))
			last = i + 4
			i += 3
		}
	}
	return append(out, t.part(last, len(t.raw)))
}

// braced says whether all of a value stands in one pair of braces.
func (t *bibText) braced() bool {
	if !strings.HasPrefix(t.raw, "{") || !strings.HasSuffix(t.raw, "}") {
		return false
	}
	depth := 0
	for i := range len(t.raw) {
		switch t.raw[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 && i < len(t.raw)-1 {
				return false
			}
		}
	}
	return depth == 0
}

// words splits a name where blanks, or the ~ that joins words, stand outside braces.
func (t *bibText) words() []*bibText {
	var out []*bibText
	depth, last := 0, 0
	flush := func(i int) {
		if p := t.part(last, i); p.raw != "" {
			out = append(out, p)
		}
		last = i + 1
	}
	for i := 0; i < len(t.raw); i++ {
		switch c := t.raw[i]; {
		case c == '\\' && i+1 < len(t.raw):
			i++
		case c == '{':
			depth++
		case c == '}':
			depth--
		case depth <= 0 && strings.IndexByte(" \t\r\n~", c) >= 0:
			flush(i)
		}
	}
	flush(len(t.raw))
	return out
}

// isParticle says whether a word of a name is written small, as in "van der Berg". What stands in braces is not looked at,
// but for a command.
func (r *bibReader) isParticle(t *bibText) bool {
	if strings.HasPrefix(t.raw, "{") && !strings.HasPrefix(t.raw, `{\`) {
		return false
	}
	for _, c := range r.plain(t) {
		if unicode.IsLetter(c) {
			return unicode.IsLower(c)
		}
	}
	return false
}

var bibTag = regexp.MustCompile(`</?(?:i|b|sub|sup|span)(?: [^<>]*)?>`)

// plain is a value without markup.
func (r *bibReader) plain(t *bibText) string { return bibTag.ReplaceAllString(r.text(t), "") }

// people reads a list of names.
func (r *bibReader) people(t *bibText) value {
	out := value{kind: kList, span: t.span}
	for _, n := range t.cut(" and ") {
		if n.raw == "" {
			continue
		}
		if p := r.person(n); len(p.keys) > 0 {
			out.list = append(out.list, p)
		}
	}
	return out
}

var bibNamePart = regexp.MustCompile(`^"?(?i:family|given|prefix|suffix|useprefix|last|first|id|family-i|given-i|prefix-i|suffix-i)\s*=`)

// extended says whether a name is written in the parts that BibLaTeX has: family=…, given=….
func (t *bibText) extended() bool { return bibNamePart.MatchString(t.raw) }

func (t *bibText) unquoted() *bibText {
	if n := len(t.raw); n > 1 && t.raw[0] == '"' && t.raw[n-1] == '"' {
		return t.part(1, n-1)
	}
	return t
}

// person reads one name, in the forms of BibTeX (First von Last; von Last, First; von Last, Jr, First) and of BibLaTeX
// (family=…, given=…).
func (r *bibReader) person(t *bibText) value {
	v := value{kind: kTable, span: t.span}
	put := func(key string, words ...*bibText) {
		var parts []string
		for _, w := range words {
			if s := r.plain(w); s != "" {
				parts = append(parts, s)
			}
		}
		if len(parts) > 0 {
			v.keys = append(v.keys, entry{key, t.span, value{kind: kText, text: strings.Join(parts, " "), span: t.span}})
		}
	}
	if strings.EqualFold(t.raw, "others") {
		v.keys = append(v.keys, entry{"literal", t.span, value{kind: kText, text: andOthers, span: t.span}})
		return v
	}
	if t.braced() {
		if in := t.part(1, len(t.raw)-1); !in.extended() { // some programs put the parts of a name into braces, too
			put("literal", t)
			return v
		}
		t = t.part(1, len(t.raw)-1)
	}
	parts := t.cut(",")
	for len(parts) > 1 && parts[len(parts)-1].raw == "" {
		parts = parts[:len(parts)-1]
	}
	if t.extended() {
		particle := "non-dropping-particle"
		for i, p := range parts {
			parts[i] = p.unquoted()
			if k, x, _ := strings.Cut(strings.ToLower(parts[i].raw), "="); strings.TrimSpace(k) == "useprefix" && strings.TrimSpace(x) == "false" {
				particle = "dropping-particle"
			}
		}
		for _, p := range parts {
			k, _, _ := strings.Cut(p.raw, "=")
			x := p.part(min(len(k)+1, len(p.raw)), len(p.raw)).unquoted()
			if key := map[string]string{"family": "family", "last": "family", "given": "given", "first": "given", "prefix": particle, "suffix": "suffix"}[strings.ToLower(strings.TrimSpace(k))]; key != "" {
				put(key, x)
			}
		}
		return v
	}
	family := parts[0].words()
	var given []*bibText
	switch len(parts) {
	case 1:
		// The name of one word, and the last word, are the family name; what is written small before it belongs to it.
		first := -1
		for i, w := range family[:max(0, len(family)-1)] {
			if r.isParticle(w) {
				first = i
				break
			}
		}
		if first < 0 {
			first = max(0, len(family)-1)
		}
		given, family = family[:first], family[first:]
	case 2:
		given = parts[1].words()
	case 3:
		given = parts[2].words()
	default:
		r.add(diag.Warning, t.span, "write and between two names: Doe, Jane and Roe, Richard", "this name has %d commas, so it is shown as it is", len(parts)-1)
		put("literal", t)
		return v
	}
	von := 0
	for i, w := range family[:max(0, len(family)-1)] {
		if r.isParticle(w) {
			von = i + 1
		}
	}
	if von > 0 && !r.isParticle(family[0]) && len(parts) > 1 { // Ortega y Gasset
		von = 0
	}
	put("non-dropping-particle", family[:von]...)
	put("family", family[von:]...)
	put("given", given...)
	if len(parts) == 3 {
		put("suffix", parts[1])
	}
	return v
}

var bibMonths = [...]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// bibMonth is the number of a month, or of a season as EDTF has them; 0 for what is none.
func bibMonth(s string) int {
	s = strings.ToLower(strings.Trim(s, " .,\u00A0"))
	var n int
	if _, err := fmt.Sscanf(s, "%d", &n); err == nil && len(s) <= 2 && n >= 1 && n <= 12 && strings.Trim(s, "0123456789") == "" {
		return n
	}
	for i, m := range bibMonths {
		if full := strings.ToLower(english.Time.Months[i]); len(s) >= 3 && strings.HasPrefix(full, s) || s == "sept" && m == "sep" {
			return i + 1
		}
	}
	for i, names := range []string{"spring", "summer", "autumn fall", "winter"} {
		for _, name := range strings.Fields(names) {
			if s == name {
				return 21 + i
			}
		}
	}
	return 0
}

var (
	bibYear    = regexp.MustCompile(`^-?\d{4}$`)
	oldYear    = regexp.MustCompile(`^-(\d{1,3})$`)
	bibDay     = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)?[., \x{A0}]*$`)
	monthDay   = regexp.MustCompile(`^(\pL+)[. \x{A0}]+(\d{1,2})(?:st|nd|rd|th)?$`)
	dayMonth   = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|\.)?[ \x{A0}]+(\pL+)\.?$`)
	monthRange = regexp.MustCompile(`^(\pL+|\d{1,2})\.?\s*(?:[-–—/]|\band\b|\bto\b)\s*(\pL+|\d{1,2})\.?$`)
	notYet     = regexp.MustCompile(`(?i)^\W*(?:n\.? ?d\.?|no date|undated|forthcoming|to appear|in press|in preparation|submitted|accepted|under review|in review|in print|s\. ?a\.?|s\. ?d\.?|o\. ?j\.?)\W*$`)
)

// oldDate makes a date of the fields year, month and day, which BibTeX has for what BibLaTeX writes as one.
func oldDate(year, month, day string) string {
	month = strings.Join(strings.Fields(strings.ReplaceAll(month, "\u00A0", " ")), " ")
	if month == "" || !bibYear.MatchString(year) {
		if month != "" && !strings.ContainsAny(year, "/–") {
			return strings.TrimSpace(strings.TrimSpace(day+" "+month) + " " + year)
		}
		return year
	}
	two := func(n int) string { return fmt.Sprintf("%s-%02d", year, n) }
	whole := func(n int, day string) string {
		if d := bibDay.FindStringSubmatch(day); d != nil && n <= 12 {
			return two(n) + fmt.Sprintf("-%02s", d[1])
		}
		return two(n)
	}
	if n := bibMonth(month); n > 0 && (day == "" || bibDay.MatchString(day)) {
		return whole(n, day)
	}
	if m := monthDay.FindStringSubmatch(month); m != nil && bibMonth(m[1]) > 0 {
		return whole(bibMonth(m[1]), m[2])
	}
	if m := dayMonth.FindStringSubmatch(month); m != nil && bibMonth(m[2]) > 0 {
		return whole(bibMonth(m[2]), m[1])
	}
	if m := monthRange.FindStringSubmatch(month); m != nil && bibMonth(m[1]) > 0 && bibMonth(m[2]) > 0 {
		return two(bibMonth(m[1])) + "/" + two(bibMonth(m[2]))
	}
	if len(month) > 10 && bibYear.MatchString(month[:4]) && utf8.ValidString(month) { // a whole date
		return month
	}
	return strings.TrimSpace(strings.TrimSpace(day+" "+month) + " " + year)
}
