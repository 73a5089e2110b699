package content

import (
	"strings"
	"testing"
)

// readIssued reads a date as it stands behind issued: in a file of YAML, of which JSON is a part.
func readIssued(t *testing.T, issued string) (SourceDate, []string) {
	t.Helper()
	text := "- id: a\n  type: book\n  title: A\n  issued: " + issued + "\n"
	in := DataInput{File: File{Name: "content/data/sources.yaml", Text: []byte(text)}, Settings: Settings{Language: "en"}}
	p := ParseData(in)
	var found []string
	for _, f := range p.Findings {
		found = append(found, f.Severity.String()+" "+f.Code+": "+f.Message)
	}
	if len(p.Data.Sources) != 1 {
		t.Fatalf("%s: %d sources, %q", issued, len(p.Data.Sources), found)
	}
	return p.Data.Sources[0].Issued, found
}

// TestSourceDates reads each form in which programs and people write the date of a source, and says it to readers and to
// programs.
func TestSourceDates(t *testing.T) {
	for _, c := range []struct{ issued, shown, edtf, first string }{
		// CSL-JSON of Zotero, Mendeley, citeproc-js
		{`{date-parts: [[2017, 3, 1]]}`, "1 March 2017", "2017-03-01", "2017-03-01"},
		{`{date-parts: [["2017", "03"]]}`, "March 2017", "2017-03", "2017-03"},
		{`{date-parts: [["2017"]]}`, "2017", "2017", "2017"},
		{`{date-parts: [[2017, 0, 0]]}`, "2017", "2017", "2017"},
		{`{date-parts: [[2017, 3, null]]}`, "March 2017", "2017-03", "2017-03"},
		{`{date-parts: [["2017", "", ""]]}`, "2017", "2017", "2017"},
		{`{date-parts: [["2017-03"]]}`, "March 2017", "2017-03", "2017-03"},
		{`{date-parts: [2017, 3]}`, "March 2017", "2017-03", "2017-03"},
		{`{date-parts: [[]]}`, "", "", ""},
		{`{date-parts: [[null]]}`, "", "", ""},
		{`{date-parts: []}`, "", "", ""},
		{`{}`, "", "", ""},
		{`{date-parts: [[2011, 5, 25], [2012, 6, 26]]}`, "25 May 2011 – 26 June 2012", "2011-05-25/2012-06-26", "2011-05-25"},
		{`{date-parts: [[2011, 5, 3], [2011, 5, 5]]}`, "3–5 May 2011", "2011-05-03/2011-05-05", "2011-05-03"},
		{`{date-parts: [[2011], [2012]]}`, "2011–2012", "2011/2012", "2011"},
		{`{date-parts: [[2011, 5], [2011, 5]]}`, "May 2011", "2011-05", "2011-05"},
		{`{date-parts: [[2014, 12, 31], [0]]}`, "31 December 2014–", "2014-12-31/..", "2014-12-31"},
		{`{date-parts: [[0], [2014]]}`, "–2014", "../2014", ""},
		{`{date-parts: [[-100, 7, 12], [-44, 3, 15]]}`, "12 July 100 BC – 15 March 44 BC", "-0099-07-12/-0043-03-15", ""},
		{`{date-parts: [[-44]]}`, "44 BC", "-0043", ""},
		{`{date-parts: [[-1]]}`, "1 BC", "0000", ""},
		{`{date-parts: [[476]]}`, "AD 476", "0476", "0476"},
		{`{date-parts: [[79], [81]]}`, "AD 79–AD 81", "0079/0081", "0079"},
		{`{date-parts: [["1998"]], season: 1}`, "spring 1998", "1998-21", "1998"},
		{`{date-parts: [[1998]], season: "04"}`, "winter 1998", "1998-24", "1998"},
		{`{date-parts: [[1998]], season: Fall}`, "autumn 1998", "1998-23", "1998"},
		{`{date-parts: [[1998]], season: Michaelmas}`, "Michaelmas 1998", "1998", "1998"},
		{`{date-parts: [[1998, 2]], season: 1}`, "February 1998", "1998-02", "1998-02"},
		{`{date-parts: [[2017, 21]]}`, "spring 2017", "2017-21", "2017"},
		{`{date-parts: [[2017, 15], [2017, 16]]}`, "autumn 2017 – winter 2017", "2017-23/2017-24", "2017"},
		{`{date-parts: [[2011]], circa: true}`, "c. 2011", "2011~", ""},
		{`{date-parts: [[2011]], circa: 1}`, "c. 2011", "2011~", ""},
		{`{date-parts: [[2011]], circa: "true"}`, "c. 2011", "2011~", ""},
		{`{date-parts: [[2011]], circa: false}`, "2011", "2011", "2011"},
		{`{date-parts: [[2011]], circa: 0}`, "2011", "2011", "2011"},
		{`{circa: true, date-parts: [[2011, 5, 25], [2012, 6, 26]]}`, "c. 25 May 2011 – 26 June 2012", "2011-05-25~/2012-06-26~", ""},
		{`{raw: "2017-03"}`, "March 2017", "2017-03", "2017-03"},
		{`{raw: "2017-03-00"}`, "March 2017", "2017-03", "2017-03"},
		{`{edtf: "1998~"}`, "c. 1998", "1998~", ""},
		{`{literal: spring 2017}`, "spring 2017", "2017-21", "2017"},
		{`{literal: 13th cent}`, "13th cent", "", ""},
		{`{literal: early 2011}`, "early 2011", "", ""},
		{`{literal: 2017-14/2017-15}`, "2017-14/2017-15", "", ""},
		{`{literal: about Easter, circa: true}`, "c. about Easter", "", ""},
		{`{literal: n.d.}`, "n.d.", "", ""},
		{`{literal: o. J.}`, "n.d.", "", ""},
		{`{literal: "", date-parts: [[2017]]}`, "2017", "2017", "2017"},
		{`{timestamp: 1488326400000, date-time: "2017-03-01T00:00:00Z", date-parts: [[2017, 3, 1]]}`, "1 March 2017", "2017-03-01", "2017-03-01"}, // Crossref
		// CSL-YAML of Pandoc and Better BibTeX
		{`[{year: 2017, month: 3}]`, "March 2017", "2017-03", "2017-03"},
		{`{year: 2017, month: 3, day: 1}`, "1 March 2017", "2017-03-01", "2017-03-01"},
		{`{year: "2017", month: "03"}`, "March 2017", "2017-03", "2017-03"},
		{`{year: 2017, month: March}`, "March 2017", "2017-03", "2017-03"},
		{`[{year: 2014, month: 12, day: 31}, {year: 2015, month: 1, day: 1}]`, "31 December 2014 – 1 January 2015", "2014-12-31/2015-01-01", "2014-12-31"},
		{`[{year: 2017, season: 3}, {year: 2017, season: 4}]`, "autumn 2017 – winter 2017", "2017-23/2017-24", "2017"},
		{`[{literal: 2017-14/2017-15}]`, "2017-14/2017-15", "", ""},
		{`{year: 1650, circa: true}`, "c. 1650", "1650~", ""},
		// Texts: EDTF, and as people write
		{`2017`, "2017", "2017", "2017"},
		{`2017-03-01`, "1 March 2017", "2017-03-01", "2017-03-01"},
		{`2017-03-01T10:30:00Z`, "1 March 2017", "2017-03-01", "2017-03-01"},
		{`"2011-05-25/2012-06-26"`, "25 May 2011 – 26 June 2012", "2011-05-25/2012-06-26", "2011-05-25"},
		{`"2017-21"`, "spring 2017", "2017-21", "2017"},
		{`"2017-33"`, "!2017-33", "", ""},
		{`1998~`, "c. 1998", "1998~", ""},
		{`2004?`, "2004?", "2004?", ""},
		{`2004-06%`, "c. June 2004?", "2004-06%", ""},
		{`"[1998..]"`, "1998–", "1998/..", "1998"},
		{`[1998..]`, "1998–", "1998/..", "1998"}, // a list for YAML
		{`"[..1998]"`, "–1998", "../1998", ""},
		{`1998/..`, "1998–", "1998/..", "1998"},
		{`1998/`, "1998–", "1998/..", "1998"},
		{`"[1998]"`, "[1998]", "1998?", ""},
		{`199X`, "1990–1999", "199X", ""},
		{`19XX`, "1900–1999", "19XX", ""},
		{`2017-XX`, "2017", "2017", "2017"},
		{`"-0043"`, "44 BC", "-0043", ""},
		{`May 25, 2011`, "25 May 2011", "2011-05-25", "2011-05-25"},
		{`25 May 2011`, "25 May 2011", "2011-05-25", "2011-05-25"},
		{`May 2011`, "May 2011", "2011-05", "2011-05"},
		{`3–5 May 2011`, "3–5 May 2011", "2011-05-03/2011-05-05", "2011-05-03"},
		{`May–June 2011`, "May–June 2011", "2011-05/2011-06", "2011-05"},
		{`25 May 2011 – 26 June 2012`, "25 May 2011 – 26 June 2012", "2011-05-25/2012-06-26", "2011-05-25"},
		{`2011-2012`, "2011–2012", "2011/2012", "2011"},
		{`2011--2012`, "2011–2012", "2011/2012", "2011"},
		{`2011-12`, "December 2011", "2011-12", "2011-12"},
		{`2017/03/01`, "1 March 2017", "2017-03-01", "2017-03-01"},
		{`1.3.2017`, "1 March 2017", "2017-03-01", "2017-03-01"},
		{`25/05/2011`, "25 May 2011", "2011-05-25", "2011-05-25"},
		{`c. 1650`, "c. 1650", "1650~", ""},
		{`ca. 1650`, "c. 1650", "1650~", ""},
		{`c1650`, "c. 1650", "1650~", ""},
		{`circa 1650`, "c. 1650", "1650~", ""},
		{`44 BCE`, "44 BC", "-0043", ""},
		{`c. 44 BC`, "c. 44 BC", "-0043~", ""},
		{`AD 79`, "AD 79", "0079", "0079"},
		{`n.d.`, "n.d.", "", ""},
		{`"[n.d.]"`, "n.d.", "", ""},
		{`Spring 2017`, "spring 2017", "2017-21", "2017"},
		{`آذار 2017`, "March 2017", "2017-03", "2017-03"},
		{`"   "`, "", "", ""},
		// What is no date: a warning, and the text as it is
		{`{date-parts: [[2017, 13, 1]]}`, "!2017-13-1", "", ""},
		{`{date-parts: [[2017, 2, 30]]}`, "!2017-2-30", "", ""},
		{`{date-parts: [[2017, 13]]}`, "!2017-13", "", ""},
		{`{date-parts: [[20117]]}`, "!20117", "", ""},
		{`{date-parts: [[soon]]}`, "!soon", "", ""},
		{`{date-parts: [[2012], [2011]]}`, "!2012 – 2011", "", ""},
		{`2024-02-30`, "!2024-02-30", "", ""},
		{`2024-13`, "!2024-13", "", ""},
		{`03/04/2011`, "!03/04/2011", "", ""},
		{`some day`, "!some day", "", ""},
		{`{raw: März 2017}`, "!März 2017", "", ""},
		{`2012/2011`, "!2012/2011", "", ""},
		{`"0000"`, "!0000", "", ""},
		{`{date_parts: [[2017]]}`, "!", "", ""},
	} {
		d, found := readIssued(t, c.issued)
		want, warned := strings.CutPrefix(c.shown, "!")
		if got := english.FormatSourceDate(d); got != want || d.EDTF() != c.edtf || d.First().ISO != c.first {
			t.Errorf("%s: shown %q, for programs %q, starts %q; want %q, %q, %q", c.issued, got, d.EDTF(), d.First().ISO, want, c.edtf, c.first)
		}
		if warned != (len(found) == 1) || warned && !strings.HasPrefix(found[0], "warning ") {
			t.Errorf("%s: found %q", c.issued, found)
		}
		if p := d.Plain(); !p.IsZero() && p.ISO != d.EDTF() {
			t.Errorf("%s: plain %q is not %q", c.issued, p.ISO, d.EDTF())
		}
		// What programs are told says the same when it is read again.
		if e := d.EDTF(); e != "" && d.Text == "" && e != "0000" {
			if again, why := readSourceDate(e); why != "" || again.EDTF() != e {
				t.Errorf("%s: %q is read as %q %s", c.issued, e, again.EDTF(), why)
			}
		}
	}
}

// TestSourceDatesInArabic says the same dates in the language of the page.
func TestSourceDatesInArabic(t *testing.T) {
	for issued, want := range map[string]string{
		`{literal: spring 2017}`:              "ربيع 2017",
		`{date-parts: [[2011]], circa: true}`: "نحو 2011",
		`{date-parts: [[-44]]}`:               "44 ق.م",
		`n.d.`:                                "د.ت.",
		`{date-parts: [[2011, 5, 25]]}`:       "25 مايو 2011",
		`{literal: 13th cent}`:                "13th cent",
	} {
		d, _ := readIssued(t, issued)
		if got := arabic.FormatSourceDate(d); got != want {
			t.Errorf("%s: %q, want %q", issued, got, want)
		}
	}
}
