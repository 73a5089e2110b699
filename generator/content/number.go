package content

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gloss/generator/diag"
)

// Number is a number or date of a page's prose that stands outside links, code and quotations, so that no record checks
// it. Years alone, ordinals, numbers of lists, parts of names (F-16, Resolution 2254), times of day and ages are none.
type Number struct {
	Block     int // index into Doc.Blocks
	From, To  int // byte range in the block's text
	Span      diag.Span
	Kind      NumberKind
	Low, High float64 // with its scale: 38.5 million is 38500000; equal but in a range; 0 for dates
	Sign      string  // of a currency or percentage; ""
	Words     bool    // written in words
}

// NumberKind says what a number is, for messages.
type NumberKind string

// The kinds of number.
const (
	PlainNumber NumberKind = "number"
	Amount      NumberKind = "amount of money"
	Percentage  NumberKind = "percentage"
	NumberRange NumberKind = "range"
	DateNumber  NumberKind = "date"
)

// HasNumber says whether a text holds a digit or a number word of English.
func HasNumber(text string) bool {
	if strings.ContainsFunc(text, unicode.IsDigit) {
		return true
	}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if _, ok := smallNumbers[strings.ToLower(w)]; ok {
			return true
		}
	}
	return false
}

// smallNumbers are the number words of English below a hundred; one is left out, as it is mostly a pronoun.
var smallNumbers = map[string]float64{
	"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
	"fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
	"fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

// scales are the words that multiply the number before them. Arabic ones stand beside those of English.
var scales = map[string]float64{"hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mn": 1e6, "bn": 1e9, "tn": 1e12, "k": 1e3,
	"ألف": 1e3, "آلاف": 1e3, "مليون": 1e6, "ملايين": 1e6, "مليار": 1e9}

// Scale is what a word multiplies the number before it by, or 0: 1,000,000 for "million".
func Scale(word string) float64 { return scales[strings.ToLower(word)] }

// ReadNumberWords reads a whole text that is a number in English words: "two thousand five hundred", "twenty-two".
func ReadNumberWords(text string) (float64, bool) {
	ws := splitWords(text)
	n, used := wordNumber(ws, 0)
	return n, used == len(ws) && used > 0
}

// word is a word of a text: a run of anything but blanks, with the signs around it left out.
type word struct {
	text     string
	from, to int // in the text
	before   string
	after    string // signs that follow it: "," or ")."
	digit    bool   // it holds one
}

// splitWords cuts a text at blanks and long dashes, and words that are hyphenated number words at the hyphen.
func splitWords(text string) []word {
	out := make([]word, 0, 2+len(text)/5)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) || r == '—' {
			i += size
			continue
		}
		j := i
		w := word{}
		for j < len(text) {
			r, size := utf8.DecodeRuneInString(text[j:])
			if r == '—' || unicode.IsSpace(r) && !(r != ' ' && groupAt(text, i, j, size)) {
				break
			}
			w.digit = w.digit || unicode.IsDigit(r)
			j += size
		}
		trim := func(c rune) bool {
			return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.Is(unicode.Sc, c) && !unicode.IsMark(c) && !strings.ContainsRune("%‰−-–~≈+#@/\\_°", c)
		}
		body := strings.TrimLeftFunc(text[i:j], trim)
		w.before = text[i : j-len(body)]
		w.from = j - len(body)
		body = strings.TrimRightFunc(body, trim)
		w.after = text[w.from+len(body) : j]
		w.to = w.from + len(body)
		w.text = body
		if a, b, ok := strings.Cut(body, "-"); ok && len(a) < 8 && smallNumbers[strings.ToLower(a)] >= 20 && smallUnder10(b) {
			out = append(out, word{text: a, from: w.from, to: w.from + len(a), before: w.before}, word{text: b, from: w.from + len(a) + 1, to: w.to, after: w.after})
		} else if body != "" {
			out = append(out, w)
		}
		i = j
	}
	return out
}

func smallUnder10(w string) bool {
	n := smallNumbers[strings.ToLower(w)]
	return n > 0 && n < 10 || strings.EqualFold(w, "one")
}

// groupAt says whether the blank at j of a number that starts at i, which is no plain space, separates thousands: three
// digits follow, and no fourth.
func groupAt(text string, i, j, size int) bool {
	if j == i || text[j-1] < '0' || text[j-1] > '9' || j+size+3 > len(text) {
		return false
	}
	for _, c := range []byte(text[j+size : j+size+3]) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return j+size+3 == len(text) || text[j+size+3] < '0' || text[j+size+3] > '9'
}

// wordNumber reads a number in words that starts at word i, and says how many words it takes.
func wordNumber(ws []word, i int) (value float64, used int) {
	total, part, last := 0.0, 0.0, math.Inf(1)
	at := i
	for at < len(ws) {
		w := strings.ToLower(ws[at].text)
		n, small := smallNumbers[w]
		if !small && w == "one" && (at > i || at+1 < len(ws) && scales[strings.ToLower(ws[at+1].text)] > 0) {
			n, small = 1, true
		}
		if small {
			if last < 100 && !(last >= 20 && n < 10) { // "three four" are two numbers
				break
			}
			part += n
			last = n
		} else if m := scales[w]; m > 0 && len(w) > 2 && at > i {
			if m == 100 {
				part *= 100
			} else {
				total += part * m
				part = 0
			}
			last = m
		} else if w == "and" && at > i && last >= 100 && at+1 < len(ws) && smallNumbers[strings.ToLower(ws[at+1].text)] > 0 {
			// two hundred and five
		} else {
			break
		}
		at++
		if ws[at-1].after != "" {
			break
		}
	}
	return total + part, at - i
}

// numeral is a word that says a number in digits.
type numeral struct {
	low, high float64
	sign      string
	unit      string // letters that follow without a blank, after a hyphen or not
	plain     bool   // digits alone
	grouped   bool   // with separators, a sign or a decimal mark, so that it is no name's
	digits    int
	first     int // bytes before the sign or the first digit
}

// readNumeral reads one word as a number in digits: 2,500 · −3.5 · €40 · US$5bn · 45% · 10–15 · 30-day.
func readNumeral(w string) (numeral, bool) {
	var n numeral
	s := ASCIIDigits(w)
	if i := strings.IndexAny(s, "0123456789"); i < 0 || strings.IndexByte(s, '#') >= 0 || strings.IndexByte(s, '_') >= 0 || strings.IndexByte(s, '/') >= 0 || strings.IndexByte(s, '@') >= 0 || strings.IndexByte(s, '\\') >= 0 {
		return n, false
	}
	neg := false
	cutSigns := func() {
		for s != "" {
			r, size := utf8.DecodeRuneInString(s)
			switch {
			case r == '-' || r == '−':
				neg = true
			case r == '+' || r == '~' || r == '≈':
			case unicode.Is(unicode.Sc, r):
				n.sign = string(r)
			default:
				return
			}
			s = s[size:]
		}
	}
	cutSigns()
	if i := strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Sc, r) }); i > 0 && i <= 3 && !strings.ContainsFunc(s[:i], func(r rune) bool { return !unicode.IsUpper(r) && r != '-' && r != '−' }) {
		s = strings.TrimLeft(s[i:], "-−") // US$, A$
		cutSigns()
	}
	read := func() (v float64, ok bool) {
		i, dots := 0, 0
		for i < len(s) {
			switch c := s[i]; {
			case c >= '0' && c <= '9':
				n.digits++
			case (c == ',' || c == '.') && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' && i > 0:
				n.grouped = true
				if c == '.' {
					dots++
				}
			default:
				if r, size := utf8.DecodeRuneInString(s[i:]); unicode.IsSpace(r) && i+size < len(s) && s[i+size] >= '0' && s[i+size] <= '9' {
					n.grouped = true
					s = s[:i] + s[i+size:]
					continue
				}
				goto end
			}
			i++
		}
	end:
		text := s[:i]
		if i == 0 || dots > 1 || len(text) > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9' {
			return 0, false // a version, or a number with zeros before it
		}
		groups := strings.Split(strings.SplitN(text, ".", 2)[0], ",")
		for k, g := range groups {
			if k > 0 && len(g) != 3 {
				return 0, false // 1,5 or 24,7: who knows
			}
		}
		s = s[i:]
		v, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
		return v, err == nil
	}
	var ok bool
	if n.low, ok = read(); !ok {
		return n, false
	}
	n.high = n.low
	for _, dash := range []string{"–", "-", "−"} {
		rest, has := strings.CutPrefix(s, dash)
		if has && rest != "" && (rest[0] >= '0' && rest[0] <= '9' || n.sign != "" && strings.HasPrefix(rest, n.sign)) {
			s = strings.TrimPrefix(rest, n.sign)
			if n.high, ok = read(); !ok || n.high <= n.low || neg {
				return n, false // a score, a season, an id
			}
			break
		}
	}
	if neg {
		n.low, n.high = -n.high, -n.low
	}
	if r, size := utf8.DecodeRuneInString(s); unicode.Is(unicode.Sc, r) || r == '%' || r == '٪' || r == '‰' {
		if r == '٪' {
			r = '%'
		}
		n.sign, s = string(r), s[size:]
	}
	s = strings.TrimPrefix(s, "-")
	n.unit = s
	n.plain = s == "" && n.sign == ""
	if n.sign != "" {
		n.grouped = true
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && r != '-' || unicode.IsUpper(r) {
			return n, s == "K" || s == "M" || s == "B" || len(s) > 1 && attachable[strings.ToLower(s)]
		}
	}
	return n, true
}

// Words around a number that tell what it is. labels name things that are numbered; timely make a bare number of four
// digits a year.
var (
	labelWords = wordSet(`article articles resolution chapter chapters section sections figure figures fig table tables page pages p pp no nos number numbers nr
		version versions release step steps note notes part parts volume vol issue act paragraph para line lines item items room route highway level grade
		class type phase tower day week season episode lesson question option point rule clause appendix annex footnote port pin code id track channel
		flight bus platform gate exit form box unit model series sheet slide verse psalm round stage zone ward district apartment suite`)
	ageWords    = wordSet("aged age")
	timeWords   = wordSet("am pm a.m p.m o’clock o'clock hrs gmt utc")
	attachable  = wordSet("km m cm mm kg g mg t l ml ha kw mw gw kwh mwh gwh b kb mb gb tb pb kbps mbps gbps hz khz mhz ghz ms µs ns s min h px mph kmh k mn bn tn")
	percentWord = wordSet("percent per cent")
)

func wordSet(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// Numbers finds the numbers and dates of a text, in order: ranges of bytes with what they say. Where they stand in a page
// is not its matter. Quotations are the words of others and have none.
func (l Language) Numbers(text string) []Number {
	english := strings.HasPrefix(strings.ToLower(l.Tag), "en")
	digits := false
	for i := range len(text) {
		if c := text[i]; c >= '0' && c <= '9' || c >= 0xD9 && c <= 0xDB { // or the lead byte of an Arabic digit
			digits = true
			break
		}
	}
	if !digits && (!english || !mayCount(text) && !oneMany(text)) {
		return nil
	}
	ws := splitWords(text)
	var out []Number
	for i := 0; i < len(ws); {
		// Most words are neither digits, nor number words, nor months before a day or year.
		if !ws[i].digit && !(english && (mayCount(ws[i].text) || len(ws[i].text) == 3 && strings.EqualFold(ws[i].text, "one"))) && !(i+1 < len(ws) && ws[i+1].digit) {
			i++
			continue
		}
		n, used := l.numberAt(ws, i, english)
		if n.Kind != "" {
			n.From, n.To = ws[i].from, ws[i+used-1].to
			out = append(out, n)
		}
		i += max(1, used)
	}
	if len(out) > 0 {
		quoted := quotations(text)
		out = slices.DeleteFunc(out, func(n Number) bool {
			return slices.ContainsFunc(quoted, func(r [2]int) bool { return n.From < r[1] && r[0] < n.To })
		})
	}
	return out
}

// oneMany says whether a text holds “one hundred” or the like.
func oneMany(text string) bool {
	for _, w := range []string{"ne hundred", "ne thousand", "ne million", "ne billion"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// mayCount says quickly whether a text may hold a number word.
func mayCount(text string) bool {
	start := -1
	for i := 0; i <= len(text); i++ {
		letter := i < len(text) && (text[i]|0x20) >= 'a' && (text[i]|0x20) <= 'z'
		switch {
		case letter && start < 0:
			start = i
		case !letter && start >= 0:
			if n := i - start; n >= 3 && n <= 9 && strings.IndexByte("tfsen", text[start]|0x20) >= 0 {
				if _, ok := smallNumbers[strings.ToLower(text[start:i])]; ok {
					return true
				}
			}
			start = -1
		}
	}
	return false
}

// quotations finds the stretches between quotation marks, for what is quoted is the words of others.
func quotations(text string) [][2]int {
	var out [][2]int
	for _, pair := range [][2]string{{"“", "”"}, {"«", "»"}, {"„", "“"}, {`"`, `"`}} {
		for at := 0; ; {
			i := strings.Index(text[at:], pair[0])
			if i < 0 {
				break
			}
			from := at + i
			j := strings.Index(text[from+len(pair[0]):], pair[1])
			if j < 0 {
				break
			}
			at = from + len(pair[0]) + j + len(pair[1])
			out = append(out, [2]int{from, at})
		}
	}
	return out
}

// numberAt reads a number or date that starts at word i. used is how many words it takes, 0 when there is none; a Number
// without a kind is something that only looks like one.
func (l Language) numberAt(ws []word, i int, english bool) (n Number, used int) {
	w := ws[i]
	next := func(k int) string { // the word k further on, if nothing stands between
		for j := i; j < i+k; j++ {
			if j+1 >= len(ws) || ws[j].after != "" || ws[j+1].before != "" {
				return ""
			}
		}
		return ws[i+k].text
	}
	if used := l.dateAt(ws, i); used > 0 {
		return Number{Kind: DateNumber}, used
	}
	num, ok := readNumeral(w.text)
	if !ok {
		if w.digit {
			return n, 1
		}
		if !english {
			return n, 0
		}
		head, tail, hyphened := strings.Cut(w.text, "-")
		v, k := wordNumber(ws, i)
		switch {
		case k > 0 && !hyphened:
			n = Number{Kind: PlainNumber, Low: v, High: v, Words: true}
			if p := l.percentAfter(ws, i+k-1); p > 0 {
				n.Kind, n.Sign = Percentage, "%"
				k += p
			}
			if i+k < len(ws) && isAge(ws, i+k) {
				n.Kind = ""
			}
			return n, k
		case hyphened && smallNumbers[strings.ToLower(head)] > 0:
			if strings.HasPrefix(tail, "year-old") || isFraction(tail) {
				return Number{}, 1
			}
			v := smallNumbers[strings.ToLower(head)]
			return Number{Kind: PlainNumber, Low: v, High: v, Words: true}, 1
		}
		return n, 0
	}
	n = Number{Kind: PlainNumber, Low: num.low, High: num.high, Sign: num.sign}
	used = 1
	unit := num.unit
	bare := num.plain && !num.grouped && num.low == num.high
	prev, prevAfter := "", ""
	if i > 0 {
		prev, prevAfter = ws[i-1].text, ws[i-1].after
	}
	lower := strings.ToLower(prev)
	switch {
	case slices.Contains([]string{"st", "nd", "rd", "th"}, unit), unit == "s" && (isYear(numeral{plain: true, low: num.low}) || num.low < 100 && math.Mod(num.low, 10) == 0), // an ordinal, a decade
		strings.HasPrefix(unit, "year-old"), timeWords[unit],
		strings.HasPrefix(w.after, ":") && i+1 < len(ws) && ws[i].to+1 == ws[i+1].from && len(ws[i+1].text) > 0: // 14:30 is cut at no blank, so this is a ratio
		return Number{}, 1
	case unit != "" && !strings.Contains(w.text, "-"+unit) && !attachable[strings.ToLower(unit)] && Scale(unit) == 0 && unit != "m" && unit != "M" && unit != "B":
		return Number{}, 1 // 4x, 2nd: a name
	}
	if m := Scale(unit); m > 0 && !strings.Contains(w.text, "-"+unit) {
		n.Low, n.High = n.Low*m, n.High*m
		bare = false
	} else if num.sign != "" && (strings.EqualFold(unit, "m") || unit == "B" || unit == "b") {
		m := 1e6
		if unit != "m" && unit != "M" {
			m = 1e9
		}
		n.Low, n.High = n.Low*m, n.High*m
	}
	// 10 to 15, 10 and 15 after between.
	if n.Low == n.High && (next(1) == "to" || next(1) == "and" && lower == "between") && next(2) != "" && (bare || num.grouped) {
		if other, ok := readNumeral(next(2)); ok && other.low > num.low && other.low == other.high && (!isYear(num) || !isYear(other)) && i+2 < len(ws) {
			n.High, used = other.low, 3
			if n.Sign == "" {
				n.Sign = other.sign
			}
			bare = false
		}
	}
	if m := Scale(next(used)); m > 0 && next(used) != "k" {
		if used == 3 && num.low < n.High && n.Low == num.low {
			n.Low *= m // 10 to 15 million
		} else if used == 1 {
			n.Low *= m
		}
		n.High *= m
		used++
		bare = false
	}
	if p := l.percentAfter(ws, i+used-1); p > 0 {
		n.Sign = "%"
		used += p
		bare = false
	}
	if num.plain && strings.Contains(w.text, ".") && !strings.Contains(w.text, ",") && num.low < 100 && used == 1 && (isName(ws, i-1) || prevAfter == "" && labelWords[lower]) {
		return Number{}, 1 // Attribution 4.0, version 3.11
	}
	if bare {
		alone := w.before == "(" && strings.HasPrefix(w.after, ")") || w.before == "[" && strings.HasPrefix(w.after, "]") || strings.HasPrefix(w.after, ")") && w.before == ""
		switch {
		case isYear(num), alone, timeWords[strings.ToLower(strings.Trim(next(1), "."))],
			prevAfter == "" && (labelWords[lower] || ageWords[lower]),
			prevAfter == "." && (labelWords[lower] || ageWords[lower]) && len(lower) <= 4, // No. 5, p. 12
			isAge(ws, i+1), prevAfter == "," && w.after != "" && w.after[0] == ',' && num.digits <= 2, // Soleimani, 62, was
			prevAfter == "" && isName(ws, i-1):
			return Number{}, 1
		}
	}
	if n.Low != n.High && isYear(num) && num.plain && !num.grouped {
		return Number{}, used // 2019–2021, 2019-20
	}
	if strings.Contains(w.text, "-") && num.digits >= 6 && !num.grouped {
		return Number{}, 1 // a telephone number, a standard
	}
	switch {
	case n.Sign == "%" || n.Sign == "‰":
		n.Kind = Percentage
	case n.Sign != "":
		n.Kind = Amount
	case n.Low != n.High:
		n.Kind = NumberRange
	}
	return n, used
}

// isYear says whether digits alone may be a year.
func isYear(n numeral) bool {
	return n.plain && !n.grouped && n.low >= 1000 && n.low <= 2100 && n.low == math.Trunc(n.low)
}

func isFraction(w string) bool {
	return slices.Contains([]string{"half", "halves", "third", "thirds", "quarter", "quarters", "fifth", "fifths", "tenth", "tenths", "fold"}, w)
}

// isAge says whether "years old" or "years of age" starts at word i.
func isAge(ws []word, i int) bool {
	if i+1 >= len(ws) || !strings.HasPrefix(strings.ToLower(ws[i].text), "year") && !strings.HasPrefix(strings.ToLower(ws[i].text), "month") {
		return false
	}
	return ws[i+1].text == "old" || ws[i+1].text == "of" && i+2 < len(ws) && ws[i+2].text == "age"
}

// isName says whether word i starts with a capital letter and does not start a sentence: the number after it is part of
// a name, as in Tower 22 or Windows 11.
func isName(ws []word, i int) bool {
	if i < 0 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(ws[i].text)
	if !unicode.IsUpper(r) {
		return false
	}
	if i == 0 || strings.ContainsAny(ws[i-1].after, ".!?:") || ws[i].before != "" {
		// The first word of a sentence says nothing, unless it is no ordinary word: ISO 8601, GPT-4.
		return len(ws[i].text) > 1 && strings.ToUpper(ws[i].text) == ws[i].text
	}
	return true
}

func (l Language) percentAfter(ws []word, i int) int {
	if i+1 >= len(ws) || ws[i].after != "" || ws[i+1].before != "" {
		return 0
	}
	switch w := strings.ToLower(ws[i+1].text); {
	case w == "percent" || w == "%" || w == "٪" || w == "بالمئة" || w == "بالمائة":
		return 1
	case w == "per" && i+2 < len(ws) && ws[i+1].after == "" && strings.EqualFold(ws[i+2].text, "cent"),
		w == "في" && i+2 < len(ws) && (ws[i+2].text == "المئة" || ws[i+2].text == "المائة"):
		return 2
	}
	return 0
}

// dateAt says how many words from word i on are a date with a month: 3 April 2019, April 3, 2019, 3–5 April, 2019-04-03.
// A month alone, or a year, is none.
func (l Language) dateAt(ws []word, i int) int {
	w := ASCIIDigits(ws[i].text)
	if _, why := ParseDate(w); why == "" && len(w) > 4 {
		return 1
	}
	day := func(s string) bool {
		s = ASCIIDigits(s)
		for _, end := range []string{"st", "nd", "rd", "th"} {
			s = strings.TrimSuffix(s, end)
		}
		a, b, is := cutRange(s)
		if is {
			n, err := strconv.Atoi(a)
			m, err2 := strconv.Atoi(b)
			return err == nil && err2 == nil && n >= 1 && n < m && m <= 31
		}
		n, err := strconv.Atoi(s)
		return err == nil && n >= 1 && n <= 31 && len(s) <= 2
	}
	year := func(s string) bool {
		n, err := strconv.Atoi(ASCIIDigits(s))
		return err == nil && n >= 1000 && n <= 2100
	}
	month := func(k int) bool {
		if k >= len(ws) {
			return false
		}
		r, _ := utf8.DecodeRuneInString(ws[k].text)
		return l.month(ws[k].text) > 0 && !unicode.IsLower(r)
	}
	joined := func(k int) bool { return ws[k-1].after == "" && ws[k].before == "" } // nothing between k-1 and k
	switch {
	case day(w) && i+3 < len(ws) && (ws[i+1].text == "and" || ws[i+1].text == "or" || ws[i+1].text == "to") && joined(i+1) && joined(i+2) && day(ws[i+2].text) && month(i+3):
		return 2 + max(2, l.dateAt(ws, i+2)) // 7 and 8 August 2023
	case day(w) && month(i+1) && joined(i+1):
		if i+2 < len(ws) && year(ws[i+2].text) && (joined(i+2) || ws[i+1].after == "," || ws[i+1].after == ".") {
			return 3
		}
		return 2
	case month(i) && i+1 < len(ws) && ws[i+1].before == "" && (ws[i].after == "" || ws[i].after == "."):
		if day(ws[i+1].text) && !(i+2 < len(ws) && joined(i+2) && Scale(ws[i+2].text) > 0) {
			if i+2 < len(ws) && year(ws[i+2].text) && (ws[i+1].after == "," || ws[i+1].after == "") && ws[i+2].before == "" {
				return 3
			}
			return 2
		}
		if year(ws[i+1].text) {
			return 2
		}
	}
	return 0
}

// segment is a stretch of a block's text and where it stands in the text at hand.
type segment struct{ at, to, src, raw int }

// counting starts looking for the numbers of the block at hand. The function that it returns ends it: it is given the
// text of the block, and from where on that is new.
func (b *builder) counting() func(text string, start int) {
	segs, shut, refs := len(b.segs), len(b.shut), len(b.doc.Refs)
	return func(text string, start int) {
		if b.block >= 0 && b.quotes+b.heading == 0 && !b.records {
			switch b.doc.Blocks[b.block].Kind {
			case "paragraph", "item", "definition", "front", "note":
				b.count(text, start, refs, b.segs[segs:], b.shut[shut:])
			}
		}
		b.segs, b.shut = b.segs[:segs], b.shut[:shut]
	}
}

// count enters the numbers of a text from byte start on. refs is the first reference that may stand in it.
func (b *builder) count(text string, start, refs int, segs []segment, shut [][2]int) {
	lead := len(text) - len(strings.TrimLeft(text, " ")) // which the block's text does not have
	for i, n := range b.lang.Numbers(text) {
		if i == 0 { // most texts have none
			shut = slices.Clone(shut)
			for _, r := range b.doc.Refs[refs:] {
				if r.Block == b.block && r.To > r.From {
					shut = append(shut, [2]int{r.From, r.To})
				}
			}
		}
		if n.From < start || slices.ContainsFunc(shut, func(r [2]int) bool { return n.From < r[1] && r[0] < n.To }) {
			continue
		}
		from, ok := b.sourceOf(segs, text, n.From, false)
		to, ok2 := b.sourceOf(segs, text, n.To, true)
		if !ok || !ok2 {
			continue
		}
		n.Span = b.span(from, to)
		n.Block, n.From, n.To = b.block, n.From-lead, n.To-lead
		b.doc.Numbers = append(b.doc.Numbers, n)
	}
}

// sourceOf finds where a byte of a block's text is written; for an end, the byte before it.
func (b *builder) sourceOf(segs []segment, text string, at int, end bool) (int, bool) {
	add := 0
	if end {
		at, add = at-1, 1
	}
	for _, s := range slices.Backward(segs) { // the last one counts, as words that are struck out give their place back
		if at < s.at || at >= s.to {
			continue
		}
		if s.to-s.at == s.raw {
			return s.src + at - s.at + add, true
		}
		// Escapes and entities are longer than what they stand for.
		places, ok := align(string(b.src.text[s.src:s.src+s.raw]), text[s.at:min(s.to, len(text))], false)
		k := utf8.RuneCountInString(text[s.at:at])
		if !ok || k >= len(places) {
			return 0, false
		}
		if end {
			return s.src + places[k].to, true
		}
		return s.src + places[k].from, true
	}
	return 0, false
}
