package content

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Forms of dates that people and spreadsheets write and that are none of ours.
var (
	shortISO   = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?$`)
	compactISO = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	dotted     = regexp.MustCompile(`^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$`)
	slashed    = regexp.MustCompile(`^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$`)
	monthYear  = regexp.MustCompile(`^(\d{1,2})[/.-](\d{4})$`)
	dayNumber  = regexp.MustCompile(`^\d{5}(?:\.\d+)?$`)
)

const dateForms = `write "2020", "2020-01" or "2020-01-05", as exact as it is known`

// DateHint says how a text that is no date to [ParseDate] should be written, in the languages given. likely says that
// the text is a date in another form; a number of five digits, as spreadsheets store days, is one only among dates.
func DateHint(s string, langs ...Language) (hint string, likely bool) {
	d, hint, likely := otherForm(s, langs...)
	if !d.IsZero() {
		hint = "write " + d.ISO
	}
	return hint, likely
}

// otherForm reads a date that is written in none of our forms. Without exactly one date that it can mean, hint says what
// to write.
func otherForm(s string, langs ...Language) (d Date, hint string, likely bool) {
	s = strings.TrimSpace(s)
	iso := func(parts ...string) Date {
		for i, p := range parts {
			if len(p) == 1 {
				parts[i] = "0" + p
			}
		}
		d, _ := ParseDate(strings.Join(parts, "-"))
		return d
	}
	one := func(parts ...string) (Date, string, bool) { return iso(parts...), dateForms, true }
	if m := shortISO.FindStringSubmatch(s); m != nil {
		parts := m[1:]
		if m[3] == "" {
			parts = m[1:3]
		}
		return one(parts...)
	}
	if m := compactISO.FindStringSubmatch(s); m != nil {
		if d := iso(m[1], m[2], m[3]); !d.IsZero() {
			return d, "", true
		}
	}
	if m := dotted.FindStringSubmatch(s); m != nil {
		return one(m[3], m[2], m[1])
	}
	if m := slashed.FindStringSubmatch(s); m != nil {
		dayFirst, monthFirst := iso(m[3], m[2], m[1]), iso(m[3], m[1], m[2])
		switch {
		case dayFirst.IsZero():
			return monthFirst, dateForms, true
		case monthFirst.IsZero() || monthFirst == dayFirst:
			return dayFirst, "", true
		}
		return Date{}, fmt.Sprintf("write %s or %s, whichever day is meant", monthFirst.ISO, dayFirst.ISO), true
	}
	if m := monthYear.FindStringSubmatch(s); m != nil {
		return one(m[2], m[1])
	}
	for _, l := range langs {
		d, ok := l.readDate(s)
		if !ok || d.third != whole || d.year == 0 {
			continue
		}
		parts := []string{strconv.Itoa(d.year)}
		if d.month > 0 {
			parts = append(parts, strconv.Itoa(d.month))
		}
		if d.day > 0 {
			parts = append(parts, strconv.Itoa(d.day))
		}
		return one(parts...)
	}
	if dayNumber.MatchString(s) {
		// Spreadsheets count days from 30 December 1899 (ECMA-376 part 1, 18.17.4.1, the 1900 date base).
		n, _ := strconv.Atoi(s[:5])
		day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly)
		return Date{}, fmt.Sprintf("write %s, if this is the number that a spreadsheet keeps for a day; there, choose the format YYYY-MM-DD before you save", day), false
	}
	return Date{}, dateForms, false
}
