package site

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gloss/generator/content"
)

// This file writes the values of facts, and reads what prose says of them. Every page, file and picture that shows a
// value takes it from insert or full.

// number writes a value in the language's form: 2500 → 2,500. What is no number stays as it is.
func (s *Site) number(v string, isNumber bool) string {
	if !isNumber {
		return v
	}
	sign := ""
	if strings.HasPrefix(v, "-") {
		sign, v = "−", v[1:]
	}
	whole, frac, has := strings.Cut(strings.TrimPrefix(v, "+"), ".")
	for _, c := range whole {
		if !unicode.IsDigit(c) {
			return sign + v // 1e6, inf
		}
	}
	if len(whole) > 3 {
		var b strings.Builder
		for i, c := range whole {
			if i > 0 && (len(whole)-i)%3 == 0 {
				b.WriteString(s.Lang.Thousands)
			}
			b.WriteRune(c)
		}
		whole = b.String()
	}
	if has {
		whole += s.Lang.Decimal + frac
	}
	return sign + whole
}

// valueOf is the bare value of a fact, or of one of its earlier values.
func (s *Site) valueOf(f *content.Fact, past int) string {
	if past >= 0 {
		return s.number(f.History[past].Value, f.History[past].Number)
	}
	return s.number(f.Value, f.Number)
}

// wording is one way to say a value: what stands before and after it.
type wording struct {
	before, after string
	hedged        bool // a hedge of the language is part of it
	worded        bool // words of the writer's own stand before it, or say of which side it is: more than {value}
}

// wordings are the ways in which prose may say a fact: the writer's patterns, each also without its hedge and with the
// unit that it leaves out, and the bare value with or without its unit.
func (s *Site) wordings(f *content.Fact) []wording {
	var out []wording
	add := func(before, after string, w wording) {
		w.before, w.after = before, after
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	for _, d := range f.Display {
		w := s.pattern(f, d)
		hedge, core, tail := s.cutHedge(d)
		rest := restOfUnit(f.Unit, d)
		before, after, _ := strings.Cut(d, "{value}")
		add(before, after, w)
		if rest != "" {
			add(before, after+" "+rest, w)
		}
		if hedge+tail != "" {
			before, after, _ := strings.Cut(core, "{value}")
			plain := s.pattern(f, core)
			add(before, after, plain)
			if rest != "" {
				add(before, after+" "+rest, plain)
			}
		}
	}
	add("", "", wording{})
	if f.Unit != "" {
		add("", " "+f.Unit, wording{})
		if sign, _ := utf8.DecodeRuneInString(f.Unit); !unicode.IsLetter(sign) { // 45% and 45 %
			add("", f.Unit, wording{})
			if unicode.Is(unicode.Sc, sign) {
				add(f.Unit, "", wording{})
			}
		}
	}
	return out
}

// pattern says what a display pattern holds beside the value.
func (s *Site) pattern(f *content.Fact, d string) wording {
	hedge, core, tail := s.cutHedge(d)
	before, after, _ := strings.Cut(core, "{value}")
	w := wording{hedged: hedge+tail != ""}
	for _, word := range strings.Fields(before) {
		letters := strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
		code := len(letters) <= 3 && strings.ToUpper(letters) == letters // US$, EUR
		if letters != "" && !code && !slices.Contains(unitWords(f.Unit), unitWord(letters)) {
			w.worded = true
		}
	}
	for _, b := range s.Lang.Bounds {
		w.worded = w.worded || strings.HasSuffix(strings.ToLower(strings.TrimSpace(after)), b)
	}
	return w
}

// speech is how the language hedges, as patterns for the start and the end of a text.
type speech struct{ before, after *regexp.Regexp }

const blankClass = `[\s\x{00a0}\x{202f}\x{2009}]`

func speechOf(l content.Language) speech {
	list := func(words []string) string {
		words = slices.Clone(words)
		slices.SortFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
		for i, w := range words {
			var b strings.Builder
			for _, r := range w {
				switch {
				case r == ' ':
					b.WriteString(blankClass + "+")
				default:
					b.WriteString(regexp.QuoteMeta(string(r)))
				}
				if unicode.Is(unicode.Arabic, r) {
					b.WriteString(`[\x{064b}-\x{0652}]*`) // vowel signs are written or not
				}
			}
			words[i] = b.String()
		}
		return strings.Join(words, "|")
	}
	var words, signs []string
	for _, h := range l.Hedges {
		if last, _ := utf8.DecodeLastRuneInString(h); unicode.IsLetter(last) {
			words = append(words, h)
		} else {
			signs = append(signs, h) // ~40, c. 40 and c.40
		}
	}
	return speech{
		// Arabic writes “and”, “with” and the like together with the word that follows.
		before: regexp.MustCompile(`^(?i:[وفبلك]{0,2}(?:` + list(words) + `)` + blankClass + `+|(?:` + list(signs) + `)` + blankClass + `*)`),
		after:  regexp.MustCompile(`(?i:,?` + blankClass + `+(?:` + list(l.Afterwords) + `))$`),
	}
}

// cutHedge takes the hedges of the language off a text, each with its blank.
func (s *Site) cutHedge(text string) (before, core, after string) {
	core = text
	before = s.speech.before.FindString(core)
	core = core[len(before):]
	after = s.speech.after.FindString(core)
	core = core[:len(core)-len(after)]
	if core == "" {
		return "", text, ""
	}
	return before, core, after
}

// joined is a value between what stands around it. A minus goes before a sign of currency: −€40.
func joined(before, v, after string) string {
	minus, size := utf8.DecodeRuneInString(v)
	if i := strings.LastIndexFunc(before, unicode.IsSpace) + 1; (minus == '−' || minus == '-') && i < len(before) && hasCurrency(before[i:]) {
		return before[:i] + v[:size] + before[i:] + v[size:] + after
	}
	return before + v + after
}

func hasCurrency(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Sc, r) })
}

// say writes a value in a wording.
func (w wording) say(v string) string {
	return joined(w.before, v, strings.ReplaceAll(w.after, "{value}", v))
}

// insert is what [](fact:x) prints: the first pattern, or else the value; with a hedge if the fact is approximate and the
// pattern has none.
func (s *Site) insert(f *content.Fact, past int) string {
	v := s.valueOf(f, past)
	text, w := v, wording{}
	if len(f.Display) > 0 {
		w = s.pattern(f, f.Display[0])
		w.before, w.after, _ = strings.Cut(f.Display[0], "{value}")
		text = w.say(v)
	}
	if f.Approx && !w.hedged && !w.worded && len(s.Lang.Hedges) > 0 {
		return s.Lang.Hedges[0] + " " + text
	}
	return text
}

// unitAfter is what of its unit has to be written after a fact's value as insert writes it: nothing, where the pattern
// says it.
func unitAfter(f *content.Fact) string {
	if len(f.Display) == 0 {
		return f.Unit
	}
	return restOfUnit(f.Unit, f.Display[0])
}

// full is a value with its hedge and its unit, as a tile shows it.
func (s *Site) full(f *content.Fact, past int) string {
	return strings.TrimSpace(s.insert(f, past) + " " + unitAfter(f))
}

// signWords are the words for signs that stand for a unit, as unitWord leaves them.
var signWords = map[string][]string{
	"$": {"dollar", "usd", "دولار"}, "€": {"euro", "eur", "يورو"}, "£": {"pound", "gbp", "جنيه"}, "¥": {"yen", "yuan", "jpy", "cny"}, "₹": {"rupee", "inr"},
	"₽": {"rouble", "ruble", "rub"}, "₺": {"lira", "try"}, "₪": {"shekel", "ils"}, "₩": {"won", "krw"}, "₴": {"hryvnia", "uah"}, "%": {"percent", "per", "cent"},
	"m": {"million", "metre", "meter"}, "mn": {"million"}, "bn": {"billion"}, "b": {"billion"}, "k": {"thousand"}, "tn": {"trillion"}, "km": {"kilometre", "kilometer"},
	"kg": {"kilogram"}, "t": {"tonne", "ton"}, "ha": {"hectare"}, "cm": {"centimetre", "centimeter"},
}

// unitWord is a word of a unit as it is compared: small, without the s of the plural.
func unitWord(w string) string {
	w = strings.ToLower(w)
	if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
		w = w[:len(w)-1]
	}
	return w
}

// unitWords are the words and signs of a unit or pattern.
func unitWords(text string) []string {
	var out []string
	for _, w := range strings.Fields(text) {
		w = strings.TrimFunc(w, func(r rune) bool { return unicode.IsPunct(r) && r != '%' && r != '‰' })
		start := 0
		for i, r := range w { // a sign is a word by itself: US$
			if unicode.Is(unicode.Sc, r) || r == '%' {
				if i > start {
					out = append(out, unitWord(w[start:i]))
				}
				out = append(out, string(r))
				start = i + utf8.RuneLen(r)
			}
		}
		if start < len(w) {
			out = append(out, unitWord(w[start:]))
		}
	}
	return out
}

// restOfUnit is what a pattern leaves unsaid of a unit: all of it, its last words, or the words that multiply.
func restOfUnit(unit, pattern string) string {
	words := strings.Fields(unit)
	said := unitWords(strings.ReplaceAll(pattern, "{value}", " "))
	for _, w := range slices.Clone(said) {
		said = append(said, signWords[w]...)
	}
	is := make([]bool, len(words)) // said
	first, any := -1, false
	for i, w := range words {
		is[i] = true
		for _, part := range unitWords(w) {
			is[i] = is[i] && (slices.Contains(said, part) || slices.ContainsFunc(signWords[part], func(x string) bool { return slices.Contains(said, x) }))
		}
		any = any || is[i]
		if !is[i] && first < 0 {
			first = i
		}
	}
	switch {
	case first < 0:
		return ""
	case !any:
		return unit
	case !slices.Contains(is[first:], true):
		return strings.Join(words[first:], " ") // {value} vehicles, of vehicles a day
	}
	var scale []string
	for i, w := range words {
		if !is[i] && content.Scale(w) > 0 {
			scale = append(scale, w)
		}
	}
	return strings.Join(scale, " ")
}

// evened is a text as it is compared: one kind of blank, minus and digit, and one blank for several.
func evened(t string) string {
	blank := false
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '\r', '\u00a0', '\u202f', '\u2009':
			if blank {
				return -1
			}
			blank = true
			return ' '
		case '−', '–':
			r = '-'
		}
		blank = false
		return r
	}, content.ASCIIDigits(t))
}

// small is a text with a small first letter, as a sentence may start with any.
func small(t string) string {
	r, size := utf8.DecodeRuneInString(t)
	return string(unicode.ToLower(r)) + t[size:]
}

// apart cuts a text into what a wording has before the value, the value that the text says, and what comes after; all as
// the writer typed them. A minus before a sign of currency belongs to the value.
func (w wording) apart(text string) (before, value, after string, ok bool) {
	want := evened(w.before)
	from := -1
	for i := range len(text) + 1 {
		if (i == len(text) || utf8.RuneStart(text[i])) && (i == 0) == (want == "") && small(evened(text[:i])) == small(want) {
			from = i
			break
		}
	}
	if from < 0 {
		// The minus of −$40 belongs to the value.
		if i := strings.IndexAny(text, "-−"); i >= 0 && hasCurrency(w.before) {
			_, size := utf8.DecodeRuneInString(text[i:])
			if before, value, after, ok = w.apart(text[:i] + text[i+size:]); ok && i < len(before) {
				return before, text[i:i+size] + value, after, ok
			}
		}
		return "", "", "", false
	}
	tail := evened(w.after)
	for i := len(text); i >= from; i-- {
		if (i == len(text) || utf8.RuneStart(text[i])) && (i == len(text)) == (tail == "") && evened(text[i:]) == tail {
			return text[:from], text[from:i], text[i:], i > from
		}
	}
	return "", "", "", false
}

// saysValue reports whether a text is a value: in digits of any script, or in words.
func (s *Site) saysValue(text, v string, isNumber bool) bool {
	if small(evened(text)) == small(evened(v)) {
		return true
	}
	if !isNumber || !s.english() {
		return false
	}
	n, ok := content.ReadNumberWords(text)
	m, isPlain := number(strings.NewReplacer(s.Lang.Thousands, "", "−", "-").Replace(v))
	return ok && isPlain && n == m
}

func (s *Site) english() bool { return strings.HasPrefix(strings.ToLower(s.Lang.Tag), "en") }

// says reports whether link text may stand for the fact: one of its wordings, and for an approximate one a hedge of the
// language before or after it, unless the wording has words of its own. The first letter's case and the kind of blank do
// not count.
func (s *Site) says(f *content.Fact, past int, text string) bool {
	text = strings.TrimSpace(evened(text))
	v := s.valueOf(f, past)
	hedge, core, tail := s.cutHedge(text)
	for _, w := range s.wordings(f) {
		if strings.Contains(w.after, "{value}") {
			w.after = strings.ReplaceAll(w.after, "{value}", v)
		}
		if _, got, _, ok := w.apart(text); ok && s.saysValue(got, v, isNumber(f, past)) && (!f.Approx || w.hedged || w.worded) {
			return true
		}
		if !f.Approx || hedge+tail == "" || w.hedged {
			continue
		}
		if _, got, _, ok := w.apart(core); ok && s.saysValue(got, v, isNumber(f, past)) {
			return true
		}
	}
	return false
}

func isNumber(f *content.Fact, past int) bool {
	if past >= 0 {
		return f.History[past].Number
	}
	return f.Number
}

var (
	numeral   = regexp.MustCompile(`[-−]?\p{Nd}(?:[\p{Nd}.,٬٫\x{00a0}\x{202f}]*\p{Nd})?`)
	valueLike = regexp.MustCompile(`^[-−–\p{Nd}.,٬٫\x{00a0}\x{202f} ]*\p{Nd}[-−–\p{Nd}.,٬٫\x{00a0}\x{202f} ]*$`)
)

// mend returns link text that agrees: the writer's hedge and wording with the right value. An approximate value gets a
// hedge where it has none, an exact one loses it.
func (s *Site) mend(f *content.Fact, past int, text string) string {
	v, ins := s.valueOf(f, past), s.insert(f, past)
	text = strings.TrimSpace(text)
	hedge, core, tail := s.cutHedge(text)
	own := "" // the hedge or the words with which the writer's first pattern starts
	if len(f.Display) > 0 {
		own, _, _ = s.cutHedge(f.Display[0])
		if w := s.pattern(f, f.Display[0]); w.worded {
			own, _, _ = strings.Cut(f.Display[0], "{value}")
		}
	}
	var tries []string
	add := func(hedge, core, tail string) {
		if f.Approx {
			tries = append(tries, hedge+core+tail, core, own+core)
			if len(s.Lang.Hedges) > 0 {
				tries = append(tries, s.Lang.Hedges[0]+" "+core)
			}
		} else {
			tries = append(tries, hedge+core+tail, core)
		}
	}
	ways := s.wordings(f)
	slices.SortStableFunc(ways, func(a, b wording) int { return cmp.Compare(len(b.before)+len(b.after), len(a.before)+len(a.after)) })
	for _, whole := range []bool{false, true} {
		for _, w := range ways {
			if strings.Contains(w.after, "{value}") {
				continue
			}
			from, a, c := core, hedge, tail
			if whole {
				from, a, c = text, "", ""
			}
			before, old, after, ok := w.apart(from)
			if !ok || isNumber(f, past) && !valueLike.MatchString(old) && !s.isWords(old) {
				continue
			}
			add(a, joined(before, s.like(old, v), after), c)
		}
	}
	// No wording of today: the number alone is replaced, or the unit, too.
	if hits := numeral.FindAllStringIndex(core, -1); len(hits) == 1 {
		before, after := core[:hits[0][0]], core[hits[0][1]:]
		v := s.like(core[hits[0][0]:hits[0][1]], v)
		add(hedge, before+v+after, tail)
		add(hedge, v+after, tail)
		if hedge+tail == "" {
			tries = append(tries, ins+after)
		}
	}
	if f.Unit != "" && strings.ContainsFunc(core, unicode.IsLetter) && numeral.MatchString(core) && len(f.Display) == 0 {
		add(hedge, v+" "+f.Unit, tail)
	}
	for _, d := range f.Display {
		_, core, _ := s.cutHedge(d)
		w := wording{}
		w.before, w.after, _ = strings.Cut(core, "{value}")
		add(hedge, w.say(v), tail)
	}
	add(hedge, v, tail)
	tries = append(tries, ins)
	for _, t := range tries {
		if s.says(f, past, t) {
			return capital(text, t)
		}
	}
	return ins
}

// isWords says whether a text is a number in words.
func (s *Site) isWords(text string) bool {
	_, ok := content.ReadNumberWords(text)
	return ok && s.english()
}

// like writes a value in the digits, with the signs, or in words, as the old one was.
func (s *Site) like(old, v string) string {
	if s.isWords(old) {
		for n, w := range s.Lang.Time.Numbers {
			if n > 1 && s.number(strconv.Itoa(n), true) == v {
				return capital(old, w)
			}
		}
		return v
	}
	if strings.HasPrefix(old, "-") {
		v = strings.Replace(v, "−", "-", 1)
	}
	zero := rune(0)
	for _, r := range old {
		if r >= '٠' && r <= '٩' {
			zero = '٠'
		}
		if r >= '۰' && r <= '۹' {
			zero = '۰'
		}
	}
	if zero == 0 {
		return v
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return zero + r - '0'
		case string(r) == s.Lang.Thousands && !strings.Contains(old, s.Lang.Thousands):
			return '٬'
		case string(r) == s.Lang.Decimal && !strings.Contains(old, s.Lang.Decimal):
			return '٫'
		}
		return r
	}, v)
}

// capital gives a text a capital letter where the old one started with the capital of a sentence.
func capital(old, text string) string {
	first, size := utf8.DecodeRuneInString(old)
	second, _ := utf8.DecodeRuneInString(old[min(size, len(old)):])
	r, n := utf8.DecodeRuneInString(text)
	if unicode.IsUpper(first) && (unicode.IsLower(second) || second == ' ') && unicode.IsLower(r) {
		return string(unicode.ToUpper(r)) + text[n:]
	}
	return text
}

// inForce finds the value of a fact that a text of a day may say: the newest among the current and the earlier ones whose
// date is not later; -1 is the current one. Where the dates are too coarse to tell, every value that may have been in
// force is in maybe. ok is false when the fact has no value of so early a day.
func inForce(f *content.Fact, on string) (past int, maybe []int, ok bool) {
	day := content.Date{ISO: on}
	dated := func(i int) content.Date {
		if i < 0 {
			return f.AsOf
		}
		return f.History[i].AsOf
	}
	past = -2
	var known []int
	for i := -1; i < len(f.History); i++ {
		if d := dated(i); !d.IsZero() && d.First() <= day.Last() {
			known = append(known, i)
			// Of two with one date the current one counts, then the later in the record.
			if past == -2 || d.First() > dated(past).First() || d.First() == dated(past).First() && past >= 0 {
				past = i
			}
		}
	}
	for _, i := range known {
		replaced := slices.ContainsFunc(known, func(j int) bool {
			return j != i && dated(j).Last() <= day.First() && dated(j).First() > dated(i).Last()
		})
		if !replaced {
			maybe = append(maybe, i)
		}
	}
	if past == -2 { // the earliest, for want of one
		past = -1
		for i := range f.History {
			if f.History[i].AsOf.First() < dated(past).First() {
				past = i
			}
		}
		return past, nil, false
	}
	return past, maybe, true
}
