package site

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// This file holds the numbers and dates that stand in prose without a link against the records: [content.Doc.Numbers]
// says where they are. What it reports of a page depends on that page's text and on the records alone, so that an edit of
// prose is judged again on its own page only.

// figures are the facts and events as unlinked numbers are compared with them.
type figures struct {
	facts   []figure
	byWord  map[string][]int  // of label and unit, into facts
	byValue map[float64][]int // current and earlier, into facts
	events  []happening
	eventBy map[string][]int // words of the title, into events
}

// figure is a fact with a number.
type figure struct {
	thing  *Thing
	values []float64 // the current one first; with the scale of the unit
	label  []string  // its words that mean something
	unit   []string  // without scales and signs
	head   string    // the last word of the unit that says what is counted; "" for money and percentages
	sign   string    // of a currency or percentage, where the unit or a pattern has one
}

// happening is an event with a date.
type happening struct {
	event *Event
	title []string
}

// figuresOf prepares the records for comparison.
func (s *Site) figuresOf() *figures {
	f := &figures{byWord: map[string][]int{}, byValue: map[float64][]int{}, eventBy: map[string][]int{}}
	for _, t := range s.Facts {
		fact := t.Fact
		if fact.Status == "withdrawn" || !fact.Number {
			continue
		}
		x := figure{thing: t, label: s.meaning(fact.Label)}
		scale := 1.0
		for _, w := range unitWords(fact.Unit) {
			switch m := content.Scale(w); {
			case m > 0:
				scale *= m
			case w == "%" || hasCurrency(w):
				x.sign = w
			default:
				x.unit = append(x.unit, stem(w))
			}
		}
		for _, w := range unitWords(fact.Unit + " " + strings.Join(fact.Display, " ")) {
			if w == "%" || hasCurrency(w) {
				x.sign = cmp.Or(x.sign, w)
			}
			for sign, words := range signWords {
				if _, size := utf8.DecodeRuneInString(sign); size == len(sign) && !unicode.IsLetter([]rune(sign)[0]) && words[0] == w {
					x.sign = cmp.Or(x.sign, sign)
				}
			}
		}
		if words := s.meaning(strings.Join(x.unit, " ")); len(words) > 0 && x.sign == "" {
			x.head = words[len(words)-1]
			if i := slices.IndexFunc(x.unit, func(w string) bool { return slices.Contains([]string{"a", "per", "of", "in", "each"}, w) }); i > 0 {
				x.head = x.unit[i-1] // vehicles a day
			}
		}
		if v, ok := number(fact.Value); ok {
			x.values = append(x.values, v*scale)
		}
		for _, h := range fact.History {
			if v, ok := number(h.Value); ok {
				x.values = append(x.values, v*scale)
			}
		}
		i := len(f.facts)
		f.facts = append(f.facts, x)
		for _, v := range x.values {
			f.byValue[v] = append(f.byValue[v], i)
		}
		for _, w := range distinctWords(append(slices.Clone(x.label), x.unit...)) {
			f.byWord[w] = append(f.byWord[w], i)
		}
	}
	for _, e := range s.Events {
		if e.Date.IsZero() {
			continue
		}
		i := len(f.events)
		f.events = append(f.events, happening{e, s.meaning(e.Title)})
		for _, w := range distinctWords(f.events[i].title) {
			f.eventBy[w] = append(f.eventBy[w], i)
		}
	}
	return f
}

// alone says whether no other fact counts the same.
func (f *figures) alone(x *figure) bool {
	return x.head != "" && !slices.ContainsFunc(f.facts, func(o figure) bool { return o.head == x.head && o.thing != x.thing })
}

func distinctWords(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

// meaning are the words of a text that mean something, as they are compared: without small words, numbers and the s of
// the plural.
func (s *Site) meaning(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '’' && r != '\'' }) {
		w, _, _ = strings.Cut(strings.ReplaceAll(w, "’", "'"), "'")
		lower := strings.ToLower(w)
		if utf8.RuneCountInString(w) < 2 || slices.Contains(s.Lang.Small, lower) || slices.Contains(emptyWords, lower) {
			continue
		}
		out = append(out, stem(lower))
	}
	return out
}

// stem cuts the endings of English verbs and nouns off a word, so that “opens” and “opened” are one.
func stem(w string) string {
	for _, end := range []string{"ing", "ed", "es", "s"} {
		if rest, ok := strings.CutSuffix(w, end); ok && len(rest) > 2 && !strings.HasSuffix(w, "ss") {
			w = rest
			break
		}
	}
	if len(w) > 3 {
		w = strings.TrimSuffix(w, "e")
	}
	return w
}

// emptyWords say nothing of what a number counts.
var emptyWords = strings.Fields("as by from with or per each all that this these those it its is was were are be been has have had not than total given number")

// sentence is the sentence that a number stands in, with what else stands there.
type sentence struct {
	text     string
	from, to int      // of the number
	words    []string // that mean something
	facts    []*Thing // that links in it lead to
}

func (s *Site) sentenceAt(p *Page, n *content.Number) sentence {
	text := p.Blocks[n.Block].Text
	from, to := min(n.From, len(text)), min(n.To, len(text))
	a, b := content.Sentence(text, from, to)
	a, b = min(a, from), max(b, to)
	out := sentence{text: text[a:b], from: from - a, to: to - a}
	out.words = s.meaning(out.text)
	for i := range p.Refs {
		if r := &p.Refs[i]; r.Block == n.Block && r.From >= a && r.To <= b && p.Targets[i].Thing != nil {
			out.facts = append(out.facts, p.Targets[i].Thing)
		}
	}
	return out
}

// share is how much of the first list stands in the second.
func share(of, in []string) float64 {
	if len(of) == 0 {
		return 0
	}
	n := 0
	for _, w := range of {
		if slices.Contains(in, w) {
			n++
		}
	}
	return float64(n) / float64(len(of))
}

// counts says whether the words right after a number, or its sign, are the unit of a fact.
func (x *figure) counts(s *Site, n *content.Number, st sentence) bool {
	if n.Sign != "" {
		return n.Sign == x.sign
	}
	after := st.text[st.to:]
	if x.head == "" {
		if x.sign == "" {
			return false
		}
		words := unitWords(strings.Join(firstWords(after, 2), " ")) // 40 euros
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(signWords[x.sign], w) })
	}
	if attached := strings.TrimLeftFunc(st.text[st.from:st.to], func(r rune) bool { return !unicode.IsLetter(r) }); attached != "" && !n.Words {
		return stem(strings.ToLower(attached)) == x.head // 400kB
	}
	for _, w := range firstWords(after, 3) {
		if stem(strings.ToLower(strings.Trim(w, ".,;:!?)"))) == x.head {
			return true
		}
		if strings.ContainsAny(w, ".,;:!?)") {
			return false
		}
	}
	return false
}

func firstWords(text string, n int) []string {
	words := strings.Fields(strings.TrimLeft(text, "-"))
	return words[:min(n, len(words))]
}

// nearest is the fact that a number most likely is: one of its value before one whose label and unit stand in the
// sentence, and that before one whose value is near. nil when there is no sign of any.
func (s *Site) nearest(f *figures, p *Page, n *content.Number, st sentence) *figure {
	var best *figure
	top := 0.0
	seen := map[int]bool{}
	judge := func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		x := &f.facts[i]
		points := 40*share(x.label, st.words) + 20*share(x.unit, st.words)
		unit := x.counts(s, n, st)
		if unit {
			points += 30
		} else if n.Sign != x.sign && (n.Sign != "" || x.sign == "%") {
			points -= 60
		}
		same := slices.Index(x.values, n.Low)
		if n.Low != n.High {
			same = -1
		}
		switch {
		case same == 0:
			points += 60
		case same > 0:
			points += 50
		case len(x.values) > 0 && x.values[0] > 0 && n.Low > 0:
			points += max(0, 15-10*math.Abs(math.Log(n.Low/x.values[0])))
		}
		if contains(p.links, x.thing) {
			points += 5
		}
		own := share(slices.DeleteFunc(slices.Clone(x.label), func(w string) bool { return slices.Contains(x.unit, w) }), st.words)
		if same >= 0 && points < 70 || same < 0 && (points < 45 || !unit || own < 0.5) {
			return // the same number by chance, or words in common
		}
		if points > top {
			best, top = x, points
		}
	}
	for _, i := range f.byValue[n.Low] {
		judge(i)
	}
	for _, w := range st.words {
		for _, i := range f.byWord[w] {
			judge(i)
		}
	}
	return best
}

// happened is the event whose date a date of prose most likely is: one of whose title words most stand in the sentence,
// and at least two.
func (s *Site) happened(f *figures, st sentence, least float64) (best *Event, top float64) {
	seen := map[int]bool{}
	for _, w := range st.words {
		for _, i := range f.eventBy[w] {
			if seen[i] {
				continue
			}
			seen[i] = true
			e := &f.events[i]
			if sh := share(e.title, st.words); sh >= least && len(e.title) >= 2 && sh*float64(len(e.title)) >= 2 && sh > top {
				best, top = e.event, sh
			}
		}
	}
	return best, top
}

// checkContradictions reports the numbers of a page that say something else than a record whose words stand beside them.
func (s *Site) checkContradictions(p *Page) {
	for i := range p.Numbers {
		if f := s.contradicts(p, &p.Numbers[i], s.sentenceAt(p, &p.Numbers[i])); f != nil {
			*s.into = append(*s.into, *f)
		}
	}
}

// checkUnlinkedNumbers reports every other number that no record checks.
func (s *Site) checkUnlinkedNumbers(p *Page) {
	*s.into = append(*s.into, s.Unlinked(p)...)
}

// Unlinked are the numbers and dates of a page that no record checks, with the nearest record: what check --all reports as
// unlinked-number.
func (s *Site) Unlinked(p *Page) []diag.Finding {
	var out []diag.Finding
	own := *s
	own.into = &out
	for i := range p.Numbers {
		n := &p.Numbers[i]
		if st := s.sentenceAt(p, n); !s.wants("contradicts-fact") || s.contradicts(p, n, st) == nil {
			own.unlinked(p, n, st)
		}
	}
	return out
}

// unlinked reports a number that no record checks, with the nearest fact or event and the link that would check it. It
// has no fix: which record is meant is for the writer to say.
func (s *Site) unlinked(p *Page, n *content.Number, st sentence) {
	words := st.text[st.from:st.to]
	if n.Kind == content.DateNumber {
		e := s.onDay(words, st)
		if by, top := s.happened(s.figures, st, 0.5); by != nil {
			if agrees, _ := s.Lang.DateSays(words, by.Date, by.End); agrees || top >= 0.75 && withDay(words) {
				e = slices.Insert(e, 0, by)
			}
		}
		if len(e) == 0 && !withDay(words) {
			return // January 2024 says when, as a year does
		}
		hint := "record it in content/data/events.csv, then link it: [" + words + "](event:id)"
		for _, e := range e {
			if agrees, _ := s.Lang.DateSays(words, e.Date, e.End); agrees {
				hint = fmt.Sprintf("if it is the date of %q, link it: [%s](event:%s)", e.Title, words, e.Thing.ID)
				break
			}
			hint = fmt.Sprintf("the nearest event is %q, dated %s; if that is meant, write [%s](event:%s)", e.Title, s.when(e), s.Lang.DateLike(words, e.Date, e.End), e.Thing.ID)
		}
		s.add("unlinked-number", n.Span, hint, "no record checks the date %q", words)
		return
	}
	hint := "record it in content/data/facts.toml, then link it: [" + words + "](fact:id)"
	x := s.nearest(s.figures, p, n, st)
	if n.Words && n.Low <= 12 && (x == nil || !slices.Contains(x.values, n.Low)) {
		return // two reasons, three of them
	}
	if x != nil {
		f := x.thing.Fact
		if label, at, ok := s.linkable(x, n, st); ok {
			hint = fmt.Sprintf("if it is %q, link it: [%s](fact:%s%s)", f.Label, label, f.ID, at)
		} else {
			hint = fmt.Sprintf("the nearest fact is %q, %s as of %s; if that is meant, write [%s](fact:%s)", f.Label, s.full(f, -1), s.Lang.FormatDate(f.AsOf), s.mend(f, -1, words), f.ID)
		}
	}
	s.add("unlinked-number", n.Span, hint, "no record checks the %s %q", n.Kind, words)
}

// withDay says whether a date of prose has a day: two numbers, or a month and no year.
func withDay(words string) bool {
	numbers, inside := 0, false
	year := false
	digits := 0
	for _, r := range words + " " {
		if unicode.IsDigit(r) {
			digits++
			inside = true
			continue
		}
		if inside {
			numbers++
			year = year || digits == 4
		}
		digits, inside = 0, false
	}
	return numbers > 1 || !year
}

// onDay is the one event of which prose may say a date, if a word of its title stands in the sentence. A date without a
// year or without a day names too many.
func (s *Site) onDay(words string, st sentence) []*Event {
	var out []*Event
	if !withDay(words) || !strings.ContainsFunc(words, unicode.IsDigit) || len(strings.Fields(words)) < 3 {
		return nil
	}
	for _, e := range s.Events {
		if agrees, _ := s.Lang.DateSays(words, e.Date, e.End); agrees && !e.Date.IsZero() {
			out = append(out, e)
		}
	}
	if len(out) > 1 || len(out) == 1 && share(s.meaning(out[0].Title), st.words) == 0 {
		return nil
	}
	return out
}

// linkable is the stretch of a sentence that can be linked to a fact as it stands: the number with the hedge and the unit
// around it, as far as the fact allows. at is "@" and a date for an earlier value.
func (s *Site) linkable(x *figure, n *content.Number, st sentence) (label, at string, ok bool) {
	f := x.thing.Fact
	before := strings.Fields(st.text[:st.from])
	after := strings.Fields(st.text[st.to:])
	var tries []string
	for _, b := range []int{0, 1, 2} {
		for _, a := range []int{0, 1, 2, 3} {
			if b > len(before) || a > len(after) {
				continue
			}
			lead := strings.Join(before[len(before)-b:], " ")
			tail := strings.Join(after[:a], " ")
			tries = append(tries, strings.TrimRight(strings.TrimSpace(lead+" "+st.text[st.from:st.to]+" "+tail), ".,;:!?)"))
		}
	}
	for past := -1; past < len(f.History); past++ {
		for _, t := range tries {
			if s.says(f, past, t) {
				if past >= 0 {
					at = "@" + f.History[past].AsOf.ISO
				}
				return t, at, true
			}
		}
	}
	return "", "", false
}

// Words that say that a number is not the one that a fact records.
var (
	otherNumbers = strings.Fields("by another additional extra further every each per first last next other of up between more less fewer only than nearly almost over under least most until")
	otherTimes   = strings.Fields("ago earlier previously previous former formerly once then time before after until later originally initially would could planned expected if last next since")
)

// contradicts reports a number that differs from a fact whose unit and whose label stand in the same sentence, and a full
// date that differs from an event whose title stands there. It wants strong evidence, as most numbers of one unit are
// numbers of different things: half of the label's words and two at least, or a link of this page to the fact; no other
// fact that has this value, no other time in the sentence, and no checked number of that fact.
func (s *Site) contradicts(p *Page, n *content.Number, st sentence) *diag.Finding {
	if n.Kind == content.DateNumber {
		return s.contradictsEvent(p, n, st)
	}
	if n.Low != n.High {
		return nil
	}
	lower := strings.Fields(strings.ToLower(st.text[:st.from]))
	if len(lower) > 0 && slices.Contains(otherNumbers, strings.TrimFunc(lower[len(lower)-1], unicode.IsPunct)) || s.otherTime(st) {
		return nil
	}
	var best *figure
	top := 0.0
	for _, w := range distinctWords(slices.Clone(st.words)) {
		for _, i := range s.figures.byWord[w] {
			x := &s.figures.facts[i]
			f := x.thing.Fact
			if f.Status != "current" || len(x.values) == 0 || !x.counts(s, n, st) || contains(st.facts, x.thing) {
				continue
			}
			label := slices.DeleteFunc(slices.Clone(x.label), func(w string) bool { return slices.Contains(x.unit, w) })
			sh := share(label, st.words)
			enough := sh >= 0.5 && sh*float64(len(label)) >= 2
			if len(label) == 0 { // a label that says the unit and nothing else
				enough = s.figures.alone(x) && contains(p.links, x.thing)
			}
			if sh > 0 && (contains(p.links, x.thing) && sh >= 0.5 || s.figures.alone(x) && share(x.label, st.words) >= 0.5) {
				enough = true
			}
			if enough && (best == nil || sh > top) {
				best, top = x, sh
			}
		}
	}
	if best == nil || slices.Contains(best.values, n.Low) {
		return nil
	}
	for _, i := range s.figures.byValue[n.Low] { // the number of another fact
		if x := &s.figures.facts[i]; x.counts(s, n, st) {
			return nil
		}
	}
	for i := range p.Numbers { // which of two is meant, nobody knows
		o := &p.Numbers[i]
		if o.Block == n.Block && o.From != n.From && o.Low != n.Low && o.From < n.From-st.from+len(st.text) && o.To > n.From-st.from {
			other := st
			other.from, other.to = o.From-(n.From-st.from), o.To-(n.From-st.from)
			if other.from >= 0 && other.to <= len(st.text) && best.counts(s, o, other) {
				return nil
			}
		}
	}
	f := best.thing.Fact
	if v := best.values[0]; f.Approx && v != 0 && math.Abs(n.Low-v) <= 0.05*math.Abs(v) {
		return nil // rounded otherwise
	}
	words := st.text[st.from:st.to]
	return &diag.Finding{Code: "contradicts-fact", Span: n.Span, Hint: fmt.Sprintf("if that fact is meant, write [%s](fact:%s); if this is another number, record it and link it to its own fact", s.mend(f, -1, words), f.ID),
		Message: fmt.Sprintf("this says %q, the fact %q (%s) says %q", words, f.ID, f.Label, s.full(f, -1)), Related: []diag.Related{{Span: f.ValueSpan, Message: "the value stands here"}}}
}

// otherTime says whether a sentence speaks of a time: a year, a date, or a word such as “earlier”.
func (s *Site) otherTime(st sentence) bool {
	for i, w := range strings.FieldsFunc(st.text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if slices.Contains(otherTimes, strings.ToLower(w)) {
			return true
		}
		if len(w) >= 4 && w[0] >= '1' && w[0] <= '2' && (len(w) == 4 || len(w) == 5 && w[4] == 's') && strings.Trim(w[:4], "0123456789") == "" && !strings.HasPrefix(st.text[st.from:st.to], w) {
			return true
		}
		first, _ := utf8.DecodeRuneInString(w)
		for m := range s.Lang.Time.Months {
			if unicode.IsUpper(first) && i > 0 && (w == s.Lang.Time.Months[m] || w == s.Lang.Time.Short[m]) {
				return true
			}
		}
	}
	return false
}

// contradictsEvent reports a date with its day that differs from the event that the sentence names.
func (s *Site) contradictsEvent(p *Page, n *content.Number, st sentence) *diag.Finding {
	words := st.text[st.from:st.to]
	if !strings.ContainsFunc(words, unicode.IsDigit) || len(strings.Fields(words)) < 3 {
		return nil
	}
	e, top := s.happened(s.figures, st, 0.75)
	if e == nil || top < 0.75 || contains(st.facts, e.Thing) || len(e.Date.ISO) < 10 {
		return nil
	}
	agrees, isDate := s.Lang.DateSays(words, e.Date, e.End)
	// A slip in the day, or in the year; another month is another happening, unless the title is said in full.
	said, whole := s.Lang.ReadDate(words)
	otherDate := slices.ContainsFunc(p.Numbers, func(o content.Number) bool {
		return o.Block == n.Block && o.From != n.From && o.Kind == content.DateNumber && o.From >= n.From-st.from && o.To <= n.From-st.from+len(st.text)
	})
	slip := whole && len(said.ISO) == 10 && (said.ISO[:7] == e.Date.ISO[:7] || said.ISO[4:] == e.Date.ISO[4:] || top == 1 && said.ISO[:4] == e.Date.ISO[:4] && !otherDate)
	if agrees || !isDate || !slip || slices.ContainsFunc(s.Events, func(o *Event) bool {
		same, _ := s.Lang.DateSays(words, o.Date, o.End)
		return same && !o.Date.IsZero()
	}) {
		return nil
	}
	return &diag.Finding{Code: "contradicts-fact", Span: n.Span, Hint: fmt.Sprintf("if that event is meant, write [%s](event:%s); if this is another day, link it to its own event", s.Lang.DateLike(words, e.Date, e.End), e.Thing.ID),
		Message: fmt.Sprintf("this says %q, the event %q (%s) is dated %s", words, e.Thing.ID, e.Title, s.when(e)), Related: []diag.Related{{Span: e.Thing.Span, Message: "the event stands here"}}}
}
