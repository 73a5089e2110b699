package site

import (
	"fmt"
	"strings"
	"unicode"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// checkProse holds the checked numbers and dates of a page against their records.
func (s *Site) checkProse(p *Page) {
	for i := range p.Refs {
		s.checkRef(&p.Refs[i], p.Targets[i], p)
	}
}

// checkData does the same for the records' own texts.
func (s *Site) checkData() {
	for _, d := range s.data {
		for i := range d.Refs {
			s.checkRef(&d.Refs[i], s.dataRefs[d][i], nil)
		}
	}
}

// asOfItsDay makes a number without a date of its own, in a text that has one, the value that was in force on that day:
// what a change said is not rewritten when the number changes later.
func (s *Site) asOfItsDay(r *content.Ref, t *Target) {
	if r.On != "" && r.At == "" && t.Thing != nil && t.Thing.Fact != nil && (r.Kind == content.RefFact || r.Kind == content.RefLink) && !r.Hidden {
		t.Past, _, _ = inForce(t.Thing.Fact, r.On)
	}
}

// checked is the kind as which the words of a reference are checked: a link to a fact whose words hold a number counts as
// fact:, one to an event whose words are a date as event:, however it is written.
func (s *Site) checked(r *content.Ref, t Target) content.RefKind {
	if r.Kind != content.RefLink || t.Thing == nil || r.Hidden || r.Words.File == "" {
		return r.Kind
	}
	if t.Thing.Fact != nil && content.HasNumber(r.Label) {
		return content.RefFact
	}
	if e := t.Thing.Event; e != nil && (strings.ContainsFunc(r.Label, unicode.IsDigit)) {
		if _, isDate := s.Lang.DateSays(r.Label, e.Date, e.End); isDate {
			return content.RefEvent
		}
	}
	return r.Kind
}

// checkRef checks one reference of a page, or of a record when p is nil.
func (s *Site) checkRef(r *content.Ref, t Target, p *Page) {
	if r.Answer && !r.Hidden && (r.Kind == content.RefLink || r.Kind == content.RefExternal || r.Kind == content.RefEmbed || r.Kind == content.RefClaim) {
		s.add("answer-link", r.Span, "write the words without the link; a checked number, date or citation may stay", "the answer stands alone, so it has no links to other pages")
	}
	if t.Thing == nil {
		return
	}
	if rec := s.Records[t.Fragment]; rec != nil && t.Thing.Page == nil && rec.URL == t.Thing.URL+"#"+t.Fragment {
		t.Thing = rec // facts#id, the row of a fact in the list
	}
	switch kind := s.checked(r, t); {
	case (kind == content.RefFact || kind == content.RefEmbed) && t.Thing.Fact != nil:
		s.checkFact(r, t, p, kind)
	case kind == content.RefEvent && t.Thing.Event != nil:
		s.checkDate(r, t, p)
	}
}

// checkFact holds the words of a link to a fact against its value.
func (s *Site) checkFact(r *content.Ref, t Target, p *Page, kind content.RefKind) {
	f := t.Thing.Fact
	if f.Status == "withdrawn" && r.On == "" { // a mere link may still lead to it, and so may the entry of a day before
		s.add("fact-withdrawn", r.Span, "take it out, or use another fact", "the fact %q is withdrawn: %s", f.ID, f.Reason)
		return
	}
	if kind == content.RefEmbed || r.Hidden || f.ValueSpan.File == "" { // a fact without a value has a finding of its own
		return
	}
	said := r.Label != "" || r.Words.File != "" // else the site puts the value in
	if r.On != "" && r.At == "" {
		s.checkFactOfDay(r, t, said)
		return
	}
	if !said || s.says(f, t.Past, r.Label) {
		return
	}
	right := s.mend(f, t.Past, r.Label)
	fixes, hint := s.reword(r, p, right)
	fd := s.add("fact-mismatch", placeOf(r), hint, "the text says %q, the fact %q says %q", r.Label, f.ID, s.insert(f, t.Past))
	fd.Related = []diag.Related{{Span: f.ValueSpan, Message: "the value stands here"}}
	fd.Fixes = fixes
}

// checkFactOfDay holds the words of a dated text, such as an entry of changes.toml, against the value that was in force
// on its day. There is no fix: what was published on a day stays as it was.
func (s *Site) checkFactOfDay(r *content.Ref, t Target, said bool) {
	f := t.Thing.Fact
	day := s.Lang.FormatDate(content.Date{ISO: r.On})
	_, maybe, ok := inForce(f, r.On)
	for _, i := range maybe {
		if !said || s.says(f, i, r.Label) {
			return
		}
	}
	if !ok {
		fd := s.add("fact-mismatch", placeOf(r), fmt.Sprintf("add the value of that day to its history: history = [{ value = …, as_of = %q, source = … }]", r.On),
			"the fact %q has no value of %s or before; its first is %q, as of %s", f.ID, day, s.insert(f, t.Past), s.Lang.FormatDate(asOf(f, t.Past)))
		fd.Related = []diag.Related{{Span: f.ValueSpan, Message: "the value stands here"}}
		return
	}
	hint := fmt.Sprintf("write %q, or add the value that was known then to the history of the fact", s.mend(f, t.Past, r.Label))
	for i := -1; i < len(f.History); i++ {
		if i != t.Past && s.says(f, i, r.Label) {
			hint = fmt.Sprintf("write %q, or for the value of %s link to fact:%s@%s", s.mend(f, t.Past, r.Label), s.Lang.FormatDate(asOf(f, i)), f.ID, asOf(f, i).ISO)
		}
	}
	fd := s.add("fact-mismatch", placeOf(r), hint, "this text of %s says %q, the fact %q said %q then", day, r.Label, f.ID, s.insert(f, t.Past))
	fd.Related = []diag.Related{{Span: f.ValueSpan, Message: "the value stands here"}}
}

// asOf is the date of a fact's value, or of an earlier one.
func asOf(f *content.Fact, past int) content.Date {
	if past >= 0 {
		return f.History[past].AsOf
	}
	return f.AsOf
}

// checkDate holds the words of a link to an event against its date.
func (s *Site) checkDate(r *content.Ref, t Target, p *Page) {
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
	if e.Date.IsZero() {
		right = e.DateText
	}
	fixes, hint := s.reword(r, p, right)
	if e.Date.IsZero() {
		hint = "the event has no date; link to it with [[…]] instead"
	}
	msg := fmt.Sprintf("the text says %q, the event %q is dated %s", r.Label, t.Thing.ID, s.when(e))
	if !isDate {
		msg = fmt.Sprintf("%q is not a date; an event: link says when the event was", r.Label)
		hint = fmt.Sprintf("write %q, or link the words with [[%s|…]]", right, t.Thing.ID)
	}
	fd := s.add("date-mismatch", placeOf(r), hint, "%s", msg)
	if isDate && right != "" {
		fd.Fixes = fixes
	}
}

// placeOf is where the words of a reference stand, or else the whole of it.
func placeOf(r *content.Ref) diag.Span {
	if r.Words.File == "" {
		return r.Span
	}
	return r.Words
}

// reword is the fix that puts the right words in, written for where they stand, with the hint that goes with it. There is
// none in a dated text, which stays as it was written, and where the words cannot be written safely.
func (s *Site) reword(r *content.Ref, p *Page, right string) ([]diag.Fix, string) {
	hint := fmt.Sprintf("write %q", right)
	if r.Words.File == "" || r.On != "" || right == "" {
		return nil, hint
	}
	table, around := false, ""
	if p != nil && r.Block >= 0 {
		b := &p.Blocks[r.Block]
		table = b.Kind == "table"
		if around = b.Text; r.From <= r.To && r.To <= len(around) {
			around = around[:r.From] + "\n" + around[r.To:]
		}
	}
	raw, ok := r.Reword(right, around, table)
	if !ok && r.Quote != 0 {
		return nil, hint + ", and put the whole text in double quotation marks"
	}
	if !ok {
		return nil, hint
	}
	return []diag.Fix{{Span: r.Words, Text: raw}}, hint + ", or run check --fix"
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
