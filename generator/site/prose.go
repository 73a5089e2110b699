package site

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"gloss/generator/content"
	"gloss/generator/diag"
)

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

// insert is what [](fact:x) prints (contract section 4).
func (s *Site) insert(f *content.Fact, past int) string {
	v := s.valueOf(f, past)
	switch {
	case len(f.Display) > 0:
		return strings.ReplaceAll(f.Display[0], "{value}", v)
	case f.Approx && len(s.Lang.Hedges) > 0:
		return s.Lang.Hedges[0] + " " + v
	}
	return v
}

// says reports whether link text may stand for the fact (contract section 4). The first letter's case and the kind of
// blank do not count.
func (s *Site) says(f *content.Fact, past int, text string) bool {
	v := s.valueOf(f, past)
	norm := func(t string) string {
		t = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
			switch r {
			case '\u00a0', '\u202f', '\u2009':
				return ' '
			case '−':
				return '-'
			}
			return r
		}, t)), " ")
		t = content.ASCIIDigits(t)
		r, size := utf8.DecodeRuneInString(t)
		return string(unicode.ToLower(r)) + t[size:]
	}
	text = norm(text)
	unit := func(t string) bool {
		if text == norm(t) || f.Unit != "" && text == norm(t+" "+f.Unit) {
			return true
		}
		sign, _ := utf8.DecodeRuneInString(f.Unit) // 45% and 45 %
		return f.Unit != "" && !unicode.IsLetter(sign) && text == norm(t+f.Unit)
	}
	for _, d := range f.Display {
		if text == norm(strings.ReplaceAll(d, "{value}", v)) {
			return true
		}
	}
	if !f.Approx {
		return unit(v)
	}
	for _, h := range s.Lang.Hedges {
		if unit(h + " " + v) {
			return true
		}
	}
	return false
}

var numeral = regexp.MustCompile(`[-−]?\p{Nd}(?:[\p{Nd}.,\x{00a0}\x{202f}]*\p{Nd})?`)

// mend returns link text that agrees: the writer's words with the right number, or else what would be inserted.
func (s *Site) mend(f *content.Fact, past int, text string) string {
	v := s.valueOf(f, past)
	ins := s.insert(f, past)
	if hits := numeral.FindAllStringIndex(text, -1); len(hits) == 1 {
		before, after := text[:hits[0][0]], text[hits[0][1]:]
		for _, t := range []string{before + v + after, ins + after, v + after} { // keep the hedge, else the unit
			if s.says(f, past, t) {
				return t
			}
		}
	}
	if r, size := utf8.DecodeRuneInString(text); unicode.IsUpper(r) {
		if first, n := utf8.DecodeRuneInString(ins); size > 0 && unicode.IsLower(first) {
			return string(unicode.ToUpper(first)) + ins[n:]
		}
	}
	return ins
}

// checkProse holds the checked numbers and dates of a page against their records.
func (s *Site) checkProse(p *Page) {
	for i := range p.Refs {
		r := &p.Refs[i]
		s.checkRef(r, p.Targets[i], r.Block < 0 || p.Blocks[r.Block].Kind == "figure" || p.Blocks[r.Block].Kind == "front")
	}
}

// checkData does the same for the records' own texts.
func (s *Site) checkData() {
	for _, d := range s.data {
		for i := range d.Refs {
			s.checkRef(&d.Refs[i], s.dataRefs[d][i], true)
		}
	}
}

// checkRef checks one reference. inText says that it stands in a text of YAML, TOML or CSV.
func (s *Site) checkRef(r *content.Ref, t Target, inText bool) {
	if r.Answer && !r.Hidden && (r.Kind == content.RefLink || r.Kind == content.RefExternal || r.Kind == content.RefEmbed || r.Kind == content.RefClaim) {
		s.add("answer-link", r.Span, "write the words without the link; a checked number, date or citation may stay", "the answer stands alone, so it has no links to other pages")
	}
	if t.Thing == nil {
		return
	}
	switch {
	case (r.Kind == content.RefFact || r.Kind == content.RefEmbed) && t.Thing.Fact != nil:
		f := t.Thing.Fact
		if f.Status == "withdrawn" { // a mere link may still lead to it
			s.add("fact-withdrawn", r.Span, "take it out, or use another fact", "the fact %q is withdrawn: %s", f.ID, f.Reason)
			return
		}
		if r.Kind == content.RefEmbed || r.Hidden || r.Label == "" && r.Words.File == "" || s.says(f, t.Past, r.Label) {
			return
		}
		right := s.mend(f, t.Past, r.Label)
		span := r.Words
		if span.File == "" {
			span = r.Span
		}
		fixes, hint := fixWords(r, right, inText)
		fd := s.add("fact-mismatch", span, hint, "the text says %q, the fact %q says %q", r.Label, f.ID, s.insert(f, t.Past))
		fd.Related = []diag.Related{{Span: f.ValueSpan, Message: "the value stands here"}}
		fd.Fixes = fixes
	case r.Kind == content.RefEvent && t.Thing.Event != nil:
		e := t.Thing.Event
		if r.Hidden || r.Label == "" && r.Words.File == "" {
			return
		}
		if e.DateText != "" && strings.EqualFold(strings.TrimSpace(r.Label), e.DateText) {
			return
		}
		agrees, isDate := s.Lang.DateSays(r.Label, e.Date, e.End)
		if agrees {
			return
		}
		right := s.Lang.DateLike(r.Label, e.Date, e.End)
		fixes, hint := fixWords(r, right, inText)
		if e.Date.IsZero() {
			right, hint = e.DateText, "the event has no date; link to it with [[…]] instead"
			fixes, _ = fixWords(r, right, inText)
		}
		msg := fmt.Sprintf("the text says %q, the event %q is dated %s", r.Label, t.Thing.ID, s.when(e))
		if !isDate {
			msg = fmt.Sprintf("%q is not a date; an event: link says when the event was", r.Label)
			hint = fmt.Sprintf("write %q, or link the words with [[%s|…]]", right, t.Thing.ID)
		}
		span := r.Words
		if span.File == "" {
			span = r.Span
		}
		fd := s.add("date-mismatch", span, hint, "%s", msg)
		if isDate && right != "" {
			fd.Fixes = fixes
		}
	}
}

var markdownSign = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "&", `\&`, "|", `\|`, "~", `\~`, "$", `\$`)

// fixWords is the fix that puts the right words in, with the hint that goes with it. In prose, signs of markdown are
// escaped. In front matter, records and fences a sign may end the text that the words stand in, so there is no fix.
func fixWords(r *content.Ref, right string, inText bool) ([]diag.Fix, string) {
	hint := fmt.Sprintf("write %q", right)
	text := markdownSign.Replace(right)
	// Signs around all the words, as in [**2,400**](fact:x), stay.
	if n := (r.Words.End - r.Words.Start - len(r.Label)) / 2; n > 0 && n <= 3 && r.Words.End-r.Words.Start == len(r.Label)+2*n {
		r2 := *r
		r2.Words.Start, r2.Words.End = r.Words.Start+n, r.Words.End-n
		r = &r2
	}
	if r.Words.File == "" || inText && (text != right || strings.ContainsAny(right, "\"'#:{}\n\r")) {
		return nil, hint
	}
	return []diag.Fix{{Span: r.Words, Text: text}}, hint + ", or run check --fix"
}

// when is an event's date as prose.
func (s *Site) when(e *Event) string {
	if e.DateText != "" {
		return e.DateText
	}
	if e.Date.IsZero() {
		return s.Lang.UI.DateNotGiven
	}
	return s.Lang.FormatRange(e.Date, e.End)
}
