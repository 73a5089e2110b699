package content

import (
	"reflect"
	"testing"
)

func TestParseDate(t *testing.T) {
	for _, c := range []struct{ in, iso, why string }{
		{"2020", "2020", ""},
		{"2020-01", "2020-01", ""},
		{"2020-01-05", "2020-01-05", ""},
		{"2020-02-29", "2020-02-29", ""},
		{"2020-01-05T10:00:00Z", "2020-01-05", ""},
		{"2020-01-05 10:00", "2020-01-05", ""},
		{"2020-02-30", "", "February 2020 has no day 30"},
		{"2021-02-29", "", "February 2021 has no day 29"},
		{"1900-02-29", "", "February 1900 has no day 29"},
		{"2020-04-31", "", "April 2020 has no day 31"},
		{"2020-13", "", "there is no month 13"},
		{"2020-00", "", "there is no month 00"},
		{"2020-01-00", "", "January 2020 has no day 0"},
		{"2020-1-5", "", `"2020-1-5" is not written year-month-day`},
		{"2020-01-05 or so", "", `"2020-01-05 or so" is not written year-month-day`},
		{"20", "", `"20" is not written year-month-day`},
		{"2020-", "", `"2020-" is not written year-month-day`},
		{"5 January 2020", "", `"5 January 2020" is not written year-month-day`},
		{"٢٠٢٠", "", `"٢٠٢٠" is not written year-month-day`},
		{"", "", `"" is not written year-month-day`},
	} {
		d, why := ParseDate(c.in)
		if d.ISO != c.iso || why != c.why {
			t.Errorf("ParseDate(%q) = %q, %q; want %q, %q", c.in, d.ISO, why, c.iso, c.why)
		}
	}
}

func TestDateReach(t *testing.T) {
	for _, c := range []struct{ iso, first, last string }{
		{"2020", "2020-01-01", "2020-12-31"},
		{"2020-02", "2020-02-01", "2020-02-29"},
		{"2021-02", "2021-02-01", "2021-02-28"},
		{"2021-12", "2021-12-01", "2021-12-31"},
		{"2020-01-05", "2020-01-05", "2020-01-05"},
		{"", "", ""},
	} {
		d := Date{ISO: c.iso}
		if d.First() != c.first || d.Last() != c.last {
			t.Errorf("%q reaches from %q to %q; want %q to %q", c.iso, d.First(), d.Last(), c.first, c.last)
		}
	}
}

// TestDateSays covers contract section 5: coarser passes, finer or different does not.
func TestDateSays(t *testing.T) {
	const day, month, year = "2020-01-05", "2020-01", "2020"
	for _, c := range []struct {
		text, date, end string
		agrees, ok      bool
	}{
		{"5 January 2020", day, "", true, true},
		{"January 5, 2020", day, "", true, true},
		{"January 5 2020", day, "", true, true},
		{"5 Jan. 2020", day, "", true, true},
		{"5 JANUARY 2020", day, "", true, true},
		{"5 \u00a0January\n2020", day, "", true, true},
		{"January 2020", day, "", true, true},
		{"2020", day, "", true, true},
		{"5 January", day, "", true, true},
		{"January 5", day, "", true, true},
		{"early January 2020", day, "", true, true},
		{"early January", day, "", true, true},
		{"Early in 2020", day, "", true, true},
		{"the start of 2020", day, "", true, true},
		{"mid-January 2020", day, "", false, true},
		{"late January 2020", day, "", false, true},
		{"end of January 2020", day, "", false, true},
		{"end of 2020", day, "", false, true},
		{"6 January 2020", day, "", false, true},
		{"5 February 2020", day, "", false, true},
		{"5 January 2021", day, "", false, true},
		{"30 February 2020", day, "", false, true},
		{"2021", day, "", false, true},

		{"5 January 2020", month, "", false, true}, // finer than the record
		{"early January 2020", month, "", false, true},
		{"January 2020", month, "", true, true},
		{"early 2020", month, "", true, true},
		{"January 2020", year, "", false, true},
		{"early 2020", year, "", false, true},
		{"2020", year, "", true, true},

		{"early 2020", "2020-05", "", true, true},
		{"early 2020", "2020-07", "", false, true},
		{"mid 2020", "2020-06", "", true, true},
		{"mid-2020", "2020-07", "", true, true},
		{"mid-2020", "2020-02", "", false, true},
		{"mid-2020", "2020-11", "", false, true},
		{"late 2020", "2020-10", "", true, true},
		{"late 2020", "2020-06", "", false, true},
		{"End of 2020", "2020-12", "", true, true},
		{"end of 2020", "2020-07", "", false, true},
		{"the end of January 2020", "2020-01-31", "", true, true},
		{"end of January 2020", "2020-01-17", "", false, true},
		{"mid-January 2020", "2020-01-15", "", true, true},

		{"3–5 January 2020", "2020-01-03", day, true, true},
		{"3-5 January 2020", "2020-01-03", day, true, true},
		{"3–6 January 2020", "2020-01-03", day, false, true},
		{"3–5 January 2020", "2020-01-03", "", false, true},
		{"30 January – 2 February 2020", "2020-01-30", "2020-02-02", true, true},
		{"30 January to 2 February 2020", "2020-01-30", "2020-02-02", true, true},
		{"January–March 2020", "2020-01-30", "2020-03", true, true},
		{"2019–2021", "2019-03", "2021-05-06", true, true},
		{"2019-2021", "2019-03", "2021-05-06", true, true},
		{"2019–2022", "2019-03", "2021-05-06", false, true},
		{"2020", "2019-03", "2021-05-06", true, true}, // within
		{"June 2020", "2019-03", "2021-05-06", true, true},
		{"2022", "2019-03", "2021-05-06", false, true},
		{"3 January 2020", "2020-01-03", day, true, true},
		{"5 January 2020", "2020-01-03", day, true, true},

		{"last winter", day, "", false, false},
		{"5", day, "", false, false},
		{"5 2020", day, "", false, false},
		{"early 5 January 2020", day, "", false, false},
		{"32 January 2020", day, "", false, false},
		{"January January 2020", day, "", false, false},
		{"2020 2020", day, "", false, false},
		{"2020-01-05", day, "", false, false},
		{"early", day, "", false, false},
		{"", day, "", false, false},
		{",", day, "", false, false},
		{"–", day, "", false, false},
	} {
		agrees, ok := english.DateSays(c.text, Date{ISO: c.date}, Date{ISO: c.end})
		if agrees != c.agrees || ok != c.ok {
			t.Errorf("DateSays(%q, %q, %q) = %t, %t; want %t, %t", c.text, c.date, c.end, agrees, ok, c.agrees, c.ok)
		}
	}
}

func TestDateWords(t *testing.T) {
	date := func(s string) Date { return Date{ISO: s} }
	for _, c := range []struct{ what, got, want string }{
		{"day", english.FormatDate(date("2020-01-05")), "5 January 2020"},
		{"month", english.FormatDate(date("2020-01")), "January 2020"},
		{"year", english.FormatDate(date("2020")), "2020"},
		{"none", english.FormatDate(date("")), ""},
		{"range in a month", english.FormatRange(date("2020-01-03"), date("2020-01-05")), "3–5 January 2020"},
		{"range in a year", english.FormatRange(date("2020-01-30"), date("2020-02-02")), "30 January – 2 February 2020"},
		{"range of months", english.FormatRange(date("2020-01"), date("2020-03")), "January–March 2020"},
		{"range of years", english.FormatRange(date("2019"), date("2021")), "2019–2021"},
		{"range over years", english.FormatRange(date("2019-12-30"), date("2020-01-02")), "30 December 2019 – 2 January 2020"},
		{"uneven range", english.FormatRange(date("2019-12"), date("2020")), "December 2019 – 2020"},
		{"no range", english.FormatRange(date("2020"), date("2020")), "2020"},
		{"no end", english.FormatRange(date("2020-01"), date("")), "January 2020"},

		{"like a day", english.DateLike("6 January 2020", date("2020-01-05"), Date{}), "5 January 2020"},
		{"like the American form", english.DateLike("January 6, 2020", date("2020-01-05"), Date{}), "January 5, 2020"},
		{"like a day without a year", english.DateLike("6 January", date("2020-02-05"), Date{}), "5 February"},
		{"like a month", english.DateLike("February 2020", date("2020-01-05"), Date{}), "January 2020"},
		{"like a year", english.DateLike("2021", date("2020-01-05"), Date{}), "2020"},
		{"finer than known", english.DateLike("6 January 2020", date("2020-01"), Date{}), "January 2020"},
		{"month finer than known", english.DateLike("January 2020", date("2019"), Date{}), "2019"},
		{"like a range", english.DateLike("3–4 January 2020", date("2020-01-03"), date("2020-01-05")), "3–5 January 2020"},
		{"like no date", english.DateLike("then", date("2020-01-05"), Date{}), "5 January 2020"},

		{"ISO of a day", english.ISOLike("5 January 2020", date("2020-01-05")), "2020-01-05"},
		{"ISO of a month", english.ISOLike("January 2020", date("2020-01-05")), "2020-01"},
		{"ISO of a year", english.ISOLike("early 2020", date("2020-01-05")), "2020"},
		{"ISO of other words", english.ISOLike("then", date("2020-01-05")), "2020-01-05"},

		{"gap of months", english.Gap(date("2020-01"), date("2020-05")), ""},
		{"gap of ten months", english.Gap(date("2020-01-15"), date("2020-11-15")), "about ten months"},
		{"gap of a year", english.Gap(date("2020-01-15"), date("2021-01-15")), "about one year"},
		{"gap of years", english.Gap(date("2008"), date("2020-06")), "about eleven years"},
		{"gap of many years", english.Gap(date("1990"), date("2020-06")), "about 29 years"},
		{"gap without an end", english.Gap(date("1990"), date("")), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, c.got, c.want)
		}
	}
}

// TestDigits: numbers are read in the digits of every script.
func TestDigits(t *testing.T) {
	for in, want := range map[string]string{"2,500": "2,500", "٢٬٥٠٠": "2,500", "۲٫۵": "2.5", "२०२०": "2020", "𝟘𝟡𝟎𝟗": "0909", "x² ½": "x² ½"} {
		if got := ASCIIDigits(in); got != want {
			t.Errorf("%s is read as %s, want %s", in, got, want)
		}
	}
}

// TestArabic: every word has a translation, and dates and lengths of time are said as Arabic says them.
func TestArabic(t *testing.T) {
	ar := LanguageOf("ar-IQ")
	for code, l := range languages {
		words := reflect.ValueOf(l.UI)
		for i := range words.NumField() {
			if words.Field(i).String() == "" {
				t.Errorf("%s has no word for %s", code, words.Type().Field(i).Name)
			}
		}
		for typ := range english.Callouts {
			if l.Callouts[typ] == "" {
				t.Errorf("%s has no title for the box %s", code, typ)
			}
		}
	}
	if got := ar.FormatDate(Date{ISO: "2024-02-05"}); got != "5 فبراير 2024" {
		t.Errorf("the date is %s", got)
	}
	for text, want := range map[string]bool{"5 فبراير 2024": true, "شباط 2024": true, "٥ فبراير ٢٠٢٤": true, "أوائل فبراير 2024": true, "5 مارس 2024": false, "2023": false} {
		if agrees, ok := ar.DateSays(text, Date{ISO: "2024-02-05"}, Date{}); !ok || agrees != want {
			t.Errorf("%s: agrees %v, is a date %v", text, agrees, ok)
		}
	}
	for to, want := range map[string]string{"2021": "بعد نحو سنة", "2022": "بعد نحو سنتين", "2025": "بعد نحو 5 سنوات", "2035": "بعد نحو 15 سنة"} {
		if got := ar.Gap(Date{ISO: "2020-01-01"}, Date{ISO: to + "-01-01"}); got != want {
			t.Errorf("until %s: %s, want %s", to, got, want)
		}
	}
}
