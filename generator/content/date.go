package content

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"gloss/generator/diag"
)

// Date is a partial date of the Gregorian calendar: a year, a month or a day, never more exact than its source. The
// zero Date is "not given".
type Date struct {
	ISO  string // "2020", "2020-01" or "2020-01-05"
	Span diag.Span
}

var isoDate = regexp.MustCompile(`^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$`)

// ParseDate reads a partial date; why says in words what is wrong with it, or is "". A time after the day is dropped,
// since YAML and TOML may add one.
func ParseDate(s string) (d Date, why string) {
	if i := strings.IndexAny(s, "T "); i == 10 && len(s) > 11 && s[11] >= '0' && s[11] <= '9' {
		s = s[:i]
	}
	m := isoDate.FindStringSubmatch(s)
	if m == nil {
		return d, fmt.Sprintf("%q is not written year-month-day", s)
	}
	y, _ := strconv.Atoi(m[1])
	mo, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	if m[2] != "" && (mo < 1 || mo > 12) {
		return d, fmt.Sprintf("there is no month %s", m[2])
	}
	if m[3] != "" {
		if t := time.Date(y, time.Month(mo), day, 0, 0, 0, 0, time.UTC); t.Month() != time.Month(mo) {
			return d, fmt.Sprintf("%s %d has no day %d", time.Month(mo), y, day)
		}
	}
	return Date{ISO: s}, ""
}

// IsZero says whether the date is not given.
func (d Date) IsZero() bool { return d.ISO == "" }

// Parts returns year, month and day; what is not known is 0.
func (d Date) Parts() (year, month, day int) {
	if len(d.ISO) >= 4 {
		year, _ = strconv.Atoi(d.ISO[:4])
	}
	if len(d.ISO) >= 7 {
		month, _ = strconv.Atoi(d.ISO[5:7])
	}
	if len(d.ISO) >= 10 {
		day, _ = strconv.Atoi(d.ISO[8:10])
	}
	return
}

// First and Last are the first and last day that the date can mean, as ISO days.
func (d Date) First() string {
	switch len(d.ISO) {
	case 4:
		return d.ISO + "-01-01"
	case 7:
		return d.ISO + "-01"
	}
	return d.ISO
}

// Last is the last day that the date can mean.
func (d Date) Last() string {
	switch len(d.ISO) {
	case 4:
		return d.ISO + "-12-31"
	case 7:
		y, m, _ := d.Parts()
		return fmt.Sprintf("%s-%02d", d.ISO, time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day())
	}
	return d.ISO
}

// Time is the middle of what the date can mean, as a fractional year, for axes.
func (d Date) Time() float64 {
	return (fraction(d.First()) + fraction(d.Last())) / 2
}

func fraction(iso string) float64 {
	t, err := time.Parse("2006-01-02", iso)
	if err != nil {
		return math.NaN()
	}
	days := 365.0
	if time.Date(t.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay() == 366 {
		days = 366
	}
	return float64(t.Year()) + (float64(t.YearDay())-0.5)/days
}

// FormatDate writes a date at its own precision: "5 January 2020", "January 2020", "2020".
func (l Language) FormatDate(d Date) string {
	y, m, day := d.Parts()
	switch {
	case d.ISO == "":
		return ""
	case day > 0:
		return fmt.Sprintf("%d %s %d", day, l.Time.Months[m-1], y)
	case m > 0:
		return fmt.Sprintf("%s %d", l.Time.Months[m-1], y)
	}
	return strconv.Itoa(y)
}

// FormatRange writes a date and its end without saying anything twice: "3–5 January 2020".
func (l Language) FormatRange(from, to Date) string {
	if to.IsZero() || to.ISO == from.ISO {
		return l.FormatDate(from)
	}
	y1, m1, d1 := from.Parts()
	y2, m2, d2 := to.Parts()
	switch {
	case y1 == y2 && m1 == m2 && d1 > 0 && d2 > 0:
		return fmt.Sprintf("%d–%s", d1, l.FormatDate(to))
	case y1 == y2 && d1 > 0 && d2 > 0:
		return fmt.Sprintf("%d %s – %s", d1, l.Time.Months[m1-1], l.FormatDate(to))
	case y1 == y2 && d1 == 0 && d2 == 0 && m1 > 0 && m2 > 0:
		return fmt.Sprintf("%s–%s", l.Time.Months[m1-1], l.FormatDate(to))
	case m1 == 0 && m2 == 0:
		return fmt.Sprintf("%d–%d", y1, y2)
	}
	return l.FormatDate(from) + " – " + l.FormatDate(to)
}

// part of a year or month that a word such as "early" names, as thirds.
type third int

const (
	whole third = iota
	early
	mid
	late
	last // the end of it
)

// said is a date as prose says it; what is not said is 0.
type said struct {
	year, month, day int
	third            third
}

// readDate reads one of the language's date forms (contract section 5).
func (l Language) readDate(s string) (said, bool) {
	s = ASCIIDigits(strings.ToLower(strings.Join(strings.Fields(strings.NewReplacer(",", " ", "،", " ").Replace(s)), " ")))
	var out said
	after := s // what follows the longest of the words that fit: "early in", not "early"
	for t, words := range map[third][]string{early: l.Time.Early, mid: l.Time.Mid, late: l.Time.Late, last: l.Time.End} {
		for _, w := range words {
			if rest, ok := strings.CutPrefix(s, w); ok && rest != "" && (rest[0] == ' ' || rest[0] == '-' || strings.HasSuffix(w, "-")) && len(rest) < len(after) {
				after, out.third = rest, t
			}
		}
	}
	if out.third != whole {
		s = strings.TrimLeft(after, " -")
	}
	for _, w := range strings.Fields(s) {
		switch {
		case l.month(w) > 0 && out.month == 0:
			out.month = l.month(w)
		default:
			n, err := strconv.Atoi(w)
			switch {
			case err != nil:
				return said{}, false
			case len(w) == 4 && out.year == 0:
				out.year = n
			case n >= 1 && n <= 31 && len(w) <= 2 && out.day == 0:
				out.day = n
			default:
				return said{}, false
			}
		}
	}
	if out.day > 0 && out.month == 0 || out.year == 0 && out.month == 0 || out.day > 0 && out.third != whole {
		return said{}, false
	}
	return out, true
}

// ReadDate reads a date of prose that has a year and no word such as “early”: 5 January 2020, January 2020.
func (l Language) ReadDate(text string) (Date, bool) {
	s, ok := l.readDate(text)
	switch {
	case !ok || s.year == 0 || s.third != whole:
		return Date{}, false
	case s.day > 0:
		return Date{ISO: fmt.Sprintf("%04d-%02d-%02d", s.year, s.month, s.day)}, true
	case s.month > 0:
		return Date{ISO: fmt.Sprintf("%04d-%02d", s.year, s.month)}, true
	}
	return Date{ISO: fmt.Sprintf("%04d", s.year)}, true
}

func (l Language) month(w string) int {
	w = strings.TrimSuffix(w, ".")
	for i := range l.Time.Months {
		if strings.EqualFold(w, l.Time.Months[i]) || strings.EqualFold(w, l.Time.Short[i]) {
			return i + 1
		}
	}
	return 0
}

// DateSays reports whether prose may say text of a happening on date (to end, when that is given): coarser passes,
// finer or different does not. ok is false when text is no date form of the language at all.
func (l Language) DateSays(text string, date, end Date) (agrees, ok bool) {
	if a, b, cut := cutRange(text); cut {
		to, okTo := l.readDate(b)
		from, okFrom := l.readDate(a)
		if !okFrom { // "3–5 January 2020": the first part borrows from the second
			if n, err := strconv.Atoi(strings.TrimSpace(a)); err == nil && okTo {
				from, okFrom = said{year: to.year, month: to.month, day: n}, true
			}
		} else if from.year == 0 {
			from.year = to.year
		}
		if okFrom && okTo {
			return !end.IsZero() && from.fits(date) && to.fits(end), true
		}
	}
	s, ok := l.readDate(text)
	if !ok {
		return false, false
	}
	if s.fits(date) || !end.IsZero() && s.fits(end) {
		return true, true
	}
	// A coarse date inside a long happening: "2020" for one that lasted from 2019 to 2021.
	if !end.IsZero() && s.day == 0 && s.third == whole && s.year > 0 {
		d := Date{ISO: fmt.Sprintf("%04d", s.year)}
		if s.month > 0 {
			d.ISO += fmt.Sprintf("-%02d", s.month)
		}
		return d.First() >= date.First() && d.Last() <= end.Last(), true
	}
	return false, true
}

func cutRange(s string) (a, b string, ok bool) {
	for _, sep := range []string{"–", "—", " to ", " - "} {
		if a, b, ok = strings.Cut(s, sep); ok {
			return strings.TrimSpace(a), strings.TrimSpace(b), true
		}
	}
	// A hyphen for a dash, as in 3-5 January; mid-January is no range.
	if a, b, ok = strings.Cut(s, "-"); ok && a != "" && b != "" && a[len(a)-1] <= '9' && b[0] <= '9' {
		return a, b, true
	}
	return s, "", false
}

func (s said) fits(d Date) bool {
	y, m, day := d.Parts()
	if s.year > 0 && s.year != y || s.month > 0 && s.month != m || s.day > 0 && s.day != day {
		return false
	}
	if s.third == whole {
		return true
	}
	n, of := day, 31.0 // which part of the month
	if s.month == 0 {
		n, of = m, 12.0
	}
	if n == 0 {
		return false // finer than what is known
	}
	share := float64(n) / of
	switch s.third {
	case early:
		return share <= 0.5
	case mid:
		return share >= 0.25 && share <= 0.75
	case late:
		return share > 0.5
	}
	return share >= 0.8 // October, or the 25th
}

// DateLike writes the date of a happening (to end, when that is given) as exactly as the text does, or as exactly as it
// is known: what check --fix puts in.
func (l Language) DateLike(text string, d, end Date) string {
	if _, _, isRange := cutRange(text); isRange && !end.IsZero() {
		return l.FormatRange(d, end)
	}
	s, ok := l.readDate(text)
	y, m, day := d.Parts()
	if !ok || y == 0 {
		return l.FormatDate(d)
	}
	switch {
	case s.day > 0 && day > 0 && s.year == 0:
		return fmt.Sprintf("%d %s", day, l.Time.Months[m-1])
	case s.day > 0 && day > 0 && l.month(strings.Fields(text)[0]) > 0: // January 5, 2020
		return fmt.Sprintf("%s %d, %d", l.Time.Months[m-1], day, y)
	case s.day == 0 && s.month > 0 && m > 0 && s.third == whole:
		return l.FormatDate(Date{ISO: d.ISO[:7]})
	case s.month == 0 && s.third == whole:
		return l.FormatDate(Date{ISO: d.ISO[:4]})
	}
	return l.FormatDate(d)
}

// Gap says in words how long a gap between two dates is, or "" when it is 6 months or less (reader.md 2.8).
func (l Language) Gap(from, to Date) string {
	if from.IsZero() || to.IsZero() {
		return ""
	}
	years := fraction(to.First()) - fraction(from.Last())
	months := int(math.Round(years * 12))
	switch {
	case years*12 <= 6:
		return ""
	case years*12 < 18 && months != 12:
		return l.Time.About + " " + l.Time.MonthCount.of(l.Tag, months, l.count(months))
	}
	n := max(1, int(math.Round(years)))
	return l.Time.About + " " + l.Time.YearCount.of(l.Tag, n, l.count(n))
}

func (l Language) count(n int) string {
	if n < len(l.Time.Numbers) && l.Time.Numbers[n] != "" {
		return l.Time.Numbers[n]
	}
	return strconv.Itoa(n)
}

// ISOLike is the part of a date that the text names, for <time datetime>: no day where the words give none.
func (l Language) ISOLike(text string, d Date) string {
	s, ok := l.readDate(text)
	switch {
	case !ok || len(d.ISO) < 7:
		return d.ISO
	case s.day == 0 && s.month > 0:
		return d.ISO[:7]
	case s.day == 0 && s.year > 0:
		return d.ISO[:4]
	}
	return d.ISO
}

// ASCIIDigits writes the digits of every script as 0 to 9, and the Arabic signs of numbers as comma and point.
func ASCIIDigits(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r > 0x7f }) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '٬':
			return ','
		case r == '٫':
			return '.'
		case r > 0x7f && unicode.IsDigit(r):
			return '0' + digit(r)
		}
		return r
	}, s)
}

// digit is the value of a decimal digit: the digits of a script stand in tens, and the ranges of the table start with a
// zero.
func digit(r rune) rune {
	for _, x := range unicode.Nd.R16 {
		if r >= rune(x.Lo) && r <= rune(x.Hi) {
			return (r - rune(x.Lo)) % 10
		}
	}
	for _, x := range unicode.Nd.R32 {
		if r >= rune(x.Lo) && r <= rune(x.Hi) {
			return (r - rune(x.Lo)) % 10
		}
	}
	return 0
}
