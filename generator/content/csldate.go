package content

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gloss/generator/diag"
)

// SourceDate is when a source appeared or was read, as exactly as its record says and no more. Dates of CSL and of EDTF
// (ISO 8601-2) say more than a [Date] can: a season, a range, "about", a year before our era, or just some words.
type SourceDate struct {
	Span       diag.Span
	Start, End When // End is zero unless the date is a range
	// OpenStart and OpenEnd are for a range with one end: until 1998, 1998 or later.
	OpenStart, OpenEnd bool
	// None is a date that the record says is not known: "n.d.".
	None bool
	// Text is what the record says, where the fields above do not say all of it.
	Text string
}

// When is one end of a [SourceDate].
type When struct {
	Year               int // counted without a year 0: -44 is 44 BC
	Month, Day, Season int // 0: not said; seasons are 1 to 4, from spring
	Unknown            int // how many of the last digits of the year are not known: 1 for 199X
	Circa, Uncertain   bool
}

// IsZero says whether the record gives no date.
func (d SourceDate) IsZero() bool {
	return d.Start == When{} && d.End == When{} && d.Text == "" && !d.None
}

// plain says whether a [Date] can say the same.
func (w When) plain() bool {
	return w.Year > 0 && w.Year <= 9999 && w.Season == 0 && w.Unknown == 0 && !w.Circa && !w.Uncertain
}

// date is the calendar's part of it.
func (w When) date() Date {
	switch {
	case w.Day > 0:
		return Date{ISO: fmt.Sprintf("%04d-%02d-%02d", w.Year, w.Month, w.Day)}
	case w.Month > 0:
		return Date{ISO: fmt.Sprintf("%04d-%02d", w.Year, w.Month)}
	}
	return Date{ISO: fmt.Sprintf("%04d", w.Year)}
}

// Plain is the date as a [Date], or zero when that would say more or less than the record.
func (d SourceDate) Plain() Date {
	if d.Text != "" || d.End != (When{}) || d.OpenStart || d.OpenEnd || !d.Start.plain() {
		return Date{}
	}
	return d.Start.date()
}

// First is what is certain about the start: the year of a season, nothing of "about 1998".
func (d SourceDate) First() Date {
	w := d.Start
	w.Season = 0
	if !w.plain() {
		return Date{}
	}
	return w.date()
}

// EDTF writes the date for programs, as ISO 8601-2 has it; "" when it is known in words only.
func (d SourceDate) EDTF() string {
	switch {
	case d.Start.Year == 0 && d.End.Year == 0:
		return ""
	case d.OpenStart:
		return "../" + d.End.edtf()
	case d.OpenEnd:
		return d.Start.edtf() + "/.."
	case d.End != When{}:
		return d.Start.edtf() + "/" + d.End.edtf()
	}
	return d.Start.edtf()
}

func (w When) edtf() string {
	y := w.Year
	if y < 0 {
		y++ // there, 1 BC is the year 0
	}
	s := fmt.Sprintf("%04d", y)
	if y < 0 {
		s = fmt.Sprintf("-%04d", -y)
	}
	s = s[:len(s)-w.Unknown] + strings.Repeat("X", w.Unknown)
	switch {
	case w.Season > 0:
		s += fmt.Sprintf("-%d", 20+w.Season)
	case w.Day > 0:
		s += fmt.Sprintf("-%02d-%02d", w.Month, w.Day)
	case w.Month > 0:
		s += fmt.Sprintf("-%02d", w.Month)
	}
	switch {
	case w.Circa && w.Uncertain:
		s += "%"
	case w.Circa:
		s += "~"
	case w.Uncertain:
		s += "?"
	}
	return s
}

// FormatSourceDate writes the date of a source for readers: "c. 2011", "spring 2017", "25 May 2011 – 26 June 2012".
func (l Language) FormatSourceDate(d SourceDate) string {
	switch {
	case d.None:
		return l.Time.NoDate
	case d.Text != "" && d.Start.Circa:
		return fmt.Sprintf(l.Time.Circa, d.Text)
	case d.Text != "":
		return d.Text
	case d.OpenStart:
		return "–" + l.formatWhen(d.End)
	case d.OpenEnd:
		return l.formatWhen(d.Start) + "–"
	case d.End == When{}:
		return l.formatWhen(d.Start)
	}
	from, to := d.Start, d.End
	if from.Circa && to.Circa { // said once
		from.Circa, to.Circa = false, false
		d.Start, d.End = from, to
		return fmt.Sprintf(l.Time.Circa, l.FormatSourceDate(d))
	}
	switch {
	case from.plain() && to.plain() && from.Year >= 1000:
		return l.FormatRange(from.date(), to.date())
	case from.Month+from.Season+to.Month+to.Season == 0:
		return l.formatWhen(from) + "–" + l.formatWhen(to)
	}
	return l.formatWhen(from) + " – " + l.formatWhen(to)
}

func (l Language) formatWhen(w When) string {
	if w.Year == 0 {
		return ""
	}
	year := strconv.Itoa(max(w.Year, -w.Year))
	if w.Unknown > 0 {
		step := 10
		if w.Unknown > 1 {
			step = 100
		}
		year += "–" + strconv.Itoa(max(w.Year, -w.Year)+step-1)
	}
	switch {
	case w.Year < 0:
		year = fmt.Sprintf(l.Time.BC, year)
	case w.Year < 1000:
		year = fmt.Sprintf(l.Time.AD, year)
	}
	out := year
	switch {
	case w.Season > 0:
		out = l.Time.Seasons[w.Season-1] + " " + year
	case w.Day > 0:
		out = fmt.Sprintf("%d %s %s", w.Day, l.Time.Months[w.Month-1], year)
	case w.Month > 0:
		out = l.Time.Months[w.Month-1] + " " + year
	}
	if w.Uncertain {
		out += "?"
	}
	if w.Circa {
		out = fmt.Sprintf(l.Time.Circa, out)
	}
	return out
}

// cslDateKeys are the fields of a date in CSL-JSON, in the YAML of Pandoc and in what Zotero and Crossref add.
var cslDateKeys = strings.Fields("date-parts year month day season circa literal raw edtf date-time timestamp dateType type")

// sourceDate reads a date of CSL in each form that there is: date-parts, maps with a year or lists of them, a text.
func (r *records) sourceDate(f *fields, key string) SourceDate {
	v, ok := f.get(key)
	if !ok {
		return SourceDate{}
	}
	d, why := r.cslDate(v)
	d.Span = v.span
	if why != "" {
		hint := dateForms + "; words that are no date go into literal"
		if h, likely := DateHint(v.text, english); likely {
			hint = h
		}
		r.warn("bad-date", v.span, hint, "%s is not a date: %s; readers see it as it is written", key, why)
	}
	return d
}

// cslDate reads one value; why says what is wrong with it, and Text of the date then has its words.
func (r *records) cslDate(v value) (d SourceDate, why string) {
	switch v.kind {
	case kTable:
		return r.dateTable(v)
	case kList:
		return r.dateList(v.list)
	}
	return readSourceDate(v.text)
}

// dateList reads a list: of one or two maps, texts or lists of parts, or of the parts of one date.
func (r *records) dateList(list []value) (d SourceDate, why string) {
	switch {
	case len(list) == 0:
		return d, ""
	case len(list) == 1 && (list[0].kind == kTable || list[0].kind == kText):
		return r.cslDate(list[0])
	case list[0].kind == kList:
		return readParts(list)
	case list[0].kind == kTable && len(list) == 2:
		a, bad := r.dateTable(list[0])
		b, worse := r.dateTable(list[1])
		if bad == "" {
			bad = worse
		}
		if bad != "" || a.Text != "" || b.Text != "" || a.End != (When{}) || b.End != (When{}) {
			return SourceDate{Text: strings.TrimSpace(textOfDate(a) + " – " + textOfDate(b))}, bad
		}
		return ranged(a.Start, b.Start)
	case len(list) == 2 && list[0].kind != kTable && len(list[0].text) > 4:
		return readSourceDate(list[0].text + " – " + list[1].text)
	case list[0].kind == kTable || len(list) > 3:
		return d, fmt.Sprintf("it is a list of %d", len(list))
	}
	return readParts([]value{{kind: kList, list: list}})
}

func textOfDate(d SourceDate) string {
	if d.Text != "" {
		return d.Text
	}
	return d.EDTF()
}

func (r *records) dateTable(v value) (d SourceDate, why string) {
	for _, e := range v.keys {
		near := diag.Suggest(e.key, cslDateKeys)
		if near != e.key {
			hint := "its fields are date-parts, season, circa, literal and raw"
			if near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			r.warn("unknown-key", e.span, hint, "a date has no key %q", e.key)
		}
	}
	text := func(key string) string {
		x, _ := v.get(key)
		return strings.TrimSpace(x.text)
	}
	parts, _ := v.get("date-parts")
	switch {
	case len(parts.list) > 0 && parts.list[0].kind != kList: // [2017, 3] for [[2017, 3]]
		d, why = readParts([]value{parts})
	case len(parts.list) > 0:
		d, why = readParts(parts.list)
	case text("year") != "":
		var list []value
		for _, k := range []string{"year", "month", "day"} {
			if x, ok := v.get(k); ok && strings.TrimSpace(x.text) != "" {
				list = append(list, x)
			}
		}
		if d, why = readParts([]value{{kind: kList, list: list}}); why != "" { // such as month: "June–July"
			if got, bad := readSourceDate(strings.TrimSpace(text("day") + " " + text("month") + " " + text("year"))); bad == "" {
				d, why = got, ""
			}
		}
	}
	for _, k := range []string{"edtf", "raw"} {
		if d.IsZero() && why == "" && text(k) != "" {
			d, why = readSourceDate(text(k))
		}
	}
	if s := text("literal"); d.IsZero() && why == "" && s != "" {
		if d, why = readSourceDate(s); why != "" { // words are what it is for
			d, why = SourceDate{Text: s}, ""
		}
	}
	if s := text("season"); s != "" && s != "0" && d.Start.Year != 0 && d.Start.Month == 0 {
		if d.Start.Season = readSeason(s); d.Start.Season == 0 && d.Text == "" {
			d.Text = s + " " + english.FormatSourceDate(SourceDate{Start: d.Start}) // Michaelmas 2017
		}
	}
	switch strings.ToLower(text("circa")) {
	case "", "false", "0", "no":
	default:
		d.Start.Circa = d.Start.Year != 0 || d.Text != ""
		d.End.Circa = d.End.Year != 0
	}
	return d, why
}

// readParts reads the date-parts of CSL: one date or two, each of one to three numbers or texts.
func readParts(list []value) (SourceDate, string) {
	var whens []When
	var words []string
	why := ""
	for _, p := range list {
		var n [3]int
		var word []string
		for i, x := range p.list {
			s := ASCIIDigits(strings.TrimSpace(x.text))
			if s == "" || i > 2 {
				continue
			}
			k, err := strconv.Atoi(s)
			if err != nil && len(list)+len(p.list) == 2 { // [["2017-03"]]
				return readSourceDate(x.text)
			}
			if err != nil && i == 1 {
				for _, l := range spoken {
					k = max(k, l.month(s))
				}
			}
			if k == 0 && i > 0 && err == nil { // not known, as some programs write it
				break
			}
			if k == 0 && err != nil && why == "" {
				why = fmt.Sprintf("%q is no number", x.text)
			}
			n[i] = k
			word = append(word, s)
		}
		if len(word) == 0 || word[0] == "0" && len(word) == 1 { // Better BibTeX writes 0 for the open end of a range
			whens = append(whens, When{})
			continue
		}
		w := When{Year: n[0], Month: n[1], Day: n[2]}
		if w.Day == 0 && (w.Month >= 21 && w.Month <= 24 || len(list) == 2 && w.Month >= 13 && w.Month <= 16) {
			// The seasons of EDTF; Better BibTeX writes a range of them as the months 13 to 16.
			w.Month, w.Season = 0, (w.Month-1)%4+1
		}
		whens, words = append(whens, w), append(words, strings.Join(word, "-"))
		if bad := w.wrong(); bad != "" && why == "" {
			why = bad
		}
	}
	switch {
	case why != "" || len(whens) > 2:
		if why == "" {
			why = fmt.Sprintf("it has %d dates", len(whens))
		}
		return SourceDate{Text: strings.Join(words, " – ")}, why
	case len(whens) == 0:
		return SourceDate{}, ""
	case len(whens) == 1 || whens[0] == whens[1]:
		return SourceDate{Start: whens[0]}, ""
	case whens[0] == When{}:
		return SourceDate{End: whens[1], OpenStart: true}, ""
	case whens[1] == When{}:
		return SourceDate{Start: whens[0], OpenEnd: true}, ""
	}
	return ranged(whens[0], whens[1])
}

// ranged is a range, unless it ends before it starts.
func ranged(a, b When) (SourceDate, string) {
	if b == a || b == (When{}) {
		return SourceDate{Start: a}, ""
	}
	if order(a) > order(b) {
		d := SourceDate{Start: a, End: b}
		return SourceDate{Text: strings.Replace(d.EDTF(), "/", " – ", 1)}, "it ends before it starts"
	}
	return SourceDate{Start: a, End: b}, ""
}

// order compares dates as far as both are known to begin.
func order(w When) int { return w.Year*10000 + w.Month*100 + w.Day }

// wrong says why there is no such day.
func (w When) wrong() string {
	switch {
	case w.Year == 0:
		return "there is no year 0"
	case w.Year > 9999 || w.Year < -9999:
		return fmt.Sprintf("the year %d has more than four digits", w.Year)
	case w.Month < 0 || w.Month > 12:
		return fmt.Sprintf("there is no month %d", w.Month)
	case w.Month == 0 && w.Day != 0:
		return "it has a day and no month"
	case w.Day < 0 || w.Day > 0 && time.Date(max(w.Year, 1), time.Month(w.Month), w.Day, 0, 0, 0, 0, time.UTC).Month() != time.Month(w.Month):
		if w.Year < 0 && w.Day == 29 && w.Month == 2 {
			return ""
		}
		return fmt.Sprintf("%s %d has no day %d", time.Month(w.Month), w.Year, w.Day)
	}
	return ""
}

// readSeason reads a season by its number, as EDTF numbers it, or by its name.
func readSeason(s string) int {
	s = strings.ToLower(s)
	if n, err := strconv.Atoi(s); err == nil {
		switch {
		case n >= 1 && n <= 4:
			return n
		case n >= 21 && n <= 32: // 25 to 32 say the half of the earth, too
			return (n-21)%4 + 1
		}
		return 0
	}
	if s == "fall" {
		return 3
	}
	for _, l := range spoken {
		for i, name := range l.Time.Seasons {
			if s == name {
				return i + 1
			}
		}
	}
	return 0
}

var (
	noDate    = regexp.MustCompile(`(?i)^\[?(?:n\. ?d\.?|nd|no date|undated|unknown|s\. ?d\.?|o\. ?j\.?|s\. ?a\.?|د\.ت\.?)\]?$`)
	edtfWhen  = regexp.MustCompile(`^(-?)(\d{4}|\d{3}[Xx]|\d{2}[Xx]{2})(?:-(\d{2}|[Xx]{2})(?:-(\d{2}|[Xx]{2}))?)?([?~%]?)$`)
	someYear  = regexp.MustCompile(`^(\d{1,4})$`)
	eraAfter  = regexp.MustCompile(`(?i)^(.*\d) ?(b\.? ?c\.?(?: ?e\.?)?|a\.? ?d\.?|c\.? ?e\.?)$`)
	eraBefore = regexp.MustCompile(`(?i)^(a\.? ?d\.?) ?(\d.*)$`)
	yearRange = regexp.MustCompile(`^(\d{4}) ?(?:-|--|–|—|/) ?(\d{4})$`)
	unknownMD = regexp.MustCompile(`^(\d{4})(?:-00|(-\d\d)-00)(?:-00)?$`) // 2017-03-00, as databases write it
)

// readSourceDate reads a date that is written as a text: EDTF, or as people write it in the languages there are.
func readSourceDate(s string) (d SourceDate, why string) {
	written := strings.Join(strings.Fields(s), " ")
	if written == "" || written == "0" {
		return SourceDate{}, ""
	}
	s = ASCIIDigits(written)
	if noDate.MatchString(s) {
		return SourceDate{None: true}, ""
	}
	fail := func(why string) (SourceDate, string) { return SourceDate{Text: written}, why }
	if w, bad := readWhen(s); bad == "" && w != (When{}) {
		return SourceDate{Start: w}, ""
	} else if bad != "" {
		return fail(bad)
	}
	open := strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	if m := yearRange.FindStringSubmatch(open); m != nil {
		open = m[1] + "/" + m[2]
	}
	for _, sep := range []string{"/", "..", " – ", " - ", " — ", " to ", "–"} {
		a, b, cut := strings.Cut(open, sep)
		if !cut || strings.Contains(b, sep) {
			continue
		}
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
		from, bad := readWhen(a)
		to, worse := readWhen(b)
		if bad == "" {
			bad = worse
		}
		nothing := func(s string) bool { return s == "" || s == ".." }
		switch {
		case bad != "":
			return fail(bad)
		case from != (When{}) && to != (When{}):
			d, why := ranged(from, to)
			if why != "" {
				d.Text = written
			}
			return d, why
		case nothing(a) && to != (When{}):
			return SourceDate{End: to, OpenStart: true}, ""
		case nothing(b) && from != (When{}):
			return SourceDate{Start: from, OpenEnd: true}, ""
		}
		if from, to, ok := borrowed(a, b); ok { // 3–5 May 2017, May–June 2017, 3 May – 5 June 2017
			d, why := ranged(from, to)
			if why != "" {
				d.Text = written
			}
			return d, why
		}
	}
	if w, bad := readWhen(open); open != s && bad == "" && w != (When{}) { // [1998], as libraries write what they infer
		w.Uncertain = true
		return SourceDate{Start: w, Text: written}, ""
	}
	return fail(fmt.Sprintf("%q is written in none of the forms that are known", written))
}

// borrowed reads a range whose first part lacks what the second says for both.
func borrowed(a, b string) (from, to When, ok bool) {
	to, why := readWhen(b)
	if why != "" || to.Year == 0 || to.Month == 0 && to.Season == 0 {
		return
	}
	for _, l := range spoken {
		first, okFirst := l.readDate(a)
		switch n, err := strconv.Atoi(a); {
		case err == nil && n >= 1 && n <= 31 && to.Day > 0:
			from = When{Year: to.Year, Month: to.Month, Day: n}
		case okFirst && first.third == whole && first.year == 0 && first.month > 0 && (first.day > 0) == (to.Day > 0):
			from = When{Year: to.Year, Month: first.month, Day: first.day}
		case to.Season > 0 && readSeason(a) > 0:
			from = When{Year: to.Year, Season: readSeason(a)}
		default:
			continue
		}
		return from, to, from.wrong() == ""
	}
	return
}

// readWhen reads one date. Text that is none gives the zero When; why is for what is written as a date and is none.
func readWhen(s string) (w When, why string) {
	if i := strings.IndexAny(s, "T "); i == 10 && len(s) > 12 && s[11] >= '0' && s[11] <= '9' && s[4] == '-' {
		s = s[:i] // the time of the day
	}
	if m := unknownMD.FindStringSubmatch(s); m != nil {
		s = m[1] + m[2]
	}
	if m := edtfWhen.FindStringSubmatch(s); m != nil {
		digits := strings.TrimRight(m[2], "Xx")
		w.Unknown = len(m[2]) - len(digits)
		w.Year, _ = strconv.Atoi(digits + strings.Repeat("0", w.Unknown))
		w.Month, _ = strconv.Atoi(m[3])
		w.Day, _ = strconv.Atoi(m[4])
		w.Circa, w.Uncertain = m[5] == "~" || m[5] == "%", m[5] == "?" || m[5] == "%"
		if m[1] == "-" {
			w.Year = -w.Year - 1
		}
		if w.Month >= 21 && w.Month <= 32 && w.Day == 0 {
			w.Season, w.Month = readSeason(m[3]), 0
		}
		if m[3] == "00" || m[4] == "00" {
			return When{}, "there is no month or day 00"
		}
		return w, w.wrong()
	}
	if m := eraBefore.FindStringSubmatch(s); m != nil {
		s = m[2] + " AD"
	}
	if m := eraAfter.FindStringSubmatch(s); m != nil {
		w, why = readWhen(m[1])
		if w.Year > 0 && (m[2][0] == 'b' || m[2][0] == 'B') {
			w.Year = -w.Year
		}
		return w, why
	}
	if someYear.MatchString(s) && len(s) > 1 {
		w.Year, _ = strconv.Atoi(s)
		return w, w.wrong()
	}
	lower := strings.ToLower(s)
	for _, l := range spoken {
		for _, hedge := range append([]string{"c", "ca", "cca."}, l.Hedges...) {
			if rest, ok := strings.CutPrefix(lower, hedge); ok && rest != "" && (rest[0] == ' ' || strings.HasSuffix(hedge, ".") || hedge == "~" || hedge == "c" && rest[0] <= '9') {
				if w, why = readWhen(strings.TrimSpace(s[len(hedge):])); w != (When{}) {
					w.Circa = true
					return w, why
				}
			}
		}
	}
	if name, year, ok := strings.Cut(strings.ReplaceAll(s, ",", ""), " "); ok && readSeason(name) > 0 && name[0] > '9' && someYear.MatchString(year) {
		w.Season = readSeason(name)
		w.Year, _ = strconv.Atoi(year)
		return w, w.wrong()
	}
	for _, l := range spoken {
		if d, ok := l.readDate(s); ok && d.third == whole && d.year > 0 {
			w = When{Year: d.year, Month: d.month, Day: d.day}
			return w, w.wrong()
		}
	}
	if d, _, _ := otherForm(s); !d.IsZero() {
		w.Year, w.Month, w.Day = d.Parts()
	}
	return w, ""
}
