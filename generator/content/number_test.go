package content

import (
	"fmt"
	"strings"
	"testing"
)

// TestNumbersOfProse holds what counts as a number of prose: what is found, and what only looks like one.
func TestNumbersOfProse(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"There were 2,500 US troops and 900 more.", "number 2,500 · number 900"},
		{"It cost €38.5 million, or US$41m, or 40 euros.", "amount of money €38.5 million=38500000 · amount of money US$41m=41000000 · number 40"},
		{"From 12% to 45 percent, or 3 per cent.", "percentage 12% to 45 percent=12–45 · percentage 3 per cent"},
		{"Between 10 and 15 people, 10–15 days, 10 to 15 million.", "range 10 and 15=10–15 · range 10–15=10–15 · range 10 to 15 million=10000000–15000000"},
		{"It opened on 3 April 2019, on April 3, 2019 and on 2019-04-03, from 3–5 May, or on 7 and 8 August 2023.", "date 3 April 2019 · date April 3, 2019 · date 2019-04-03 · date 3–5 May · date 7 and 8 August 2023"},
		{"In January 2024 they met.", "date January 2024"},
		{"One hundred and fifty.", "number One hundred and fifty=150"},
		{"one million", "number one million=1000000"},
		{"Two thousand five hundred men, twenty-two women, a hundred and four others.", "number Two thousand five hundred=2500 · number twenty-two=22 · number four=4"},
		{"three of the four five-year plans", "number three=3 · number four=4 · number five-year=5"},
		{"It fell to −3.5 degrees and to -12.", "number −3.5=-3.5 · number -12=-12"},
		{"about 400kB, ~100ms, 30k users, a 30-day plan", "number 400kB=400 · number ~100ms=100 · number 30k=30000 · number 30-day=30"},
		{"بلغ العدد ٢٬٥٠٠ و 45%", "number ٢٬٥٠٠=2500 · percentage 45%=45"},
		{"12\u2009400 seats by a thin blank", "number 12\u2009400=12400"},
		// Years, ordinals, decades, ages, times of day.
		{"In 2007, since 1998/2001, from 2019–2021, the 1990s and the 3rd, second and 21st of them, 62, a 20-year-old, aged 45, 30 years old.", ""},
		{"Soleimani, 62, was killed at 14:30, at 3 pm, at 5 o’clock.", ""},
		// Names and ids.
		{"An F-16 at Tower 22 under Resolution 2254, Article 5, para. 9, page 12, No. 7, version 2.1.3, v1.2, IPv6, COVID-19, 4G, ISO 8601, Windows 11, CC BY 4.0.", ""},
		{"see report-2024.pdf, #12, 007, https://example.org/5 and a_b_7, 24/7, 3/4, 1.2.3", ""},
		// Quotations.
		{"He said “about 500 men” and \"60 more\", but 70 came.", "number 70"},
		{"(1) first, 2) second, 3–1 at half time", ""},
		{"one of them, two-thirds, hundreds, the second", ""},
	} {
		var got []string
		lang := "en"
		if strings.ContainsRune(tt.text, 'ب') {
			lang = "ar"
		}
		for _, n := range LanguageOf(lang).Numbers(tt.text) {
			s := fmt.Sprintf("%s %s", n.Kind, tt.text[n.From:n.To])
			plain := strings.NewReplacer(",", "", "€", "", "%", "").Replace(tt.text[n.From:n.To])
			switch v := fmt.Sprintf("%.10g", n.Low); {
			case n.Low != n.High:
				s += fmt.Sprintf("=%s–%.10g", v, n.High)
			case n.Kind != DateNumber && v != plain && !strings.HasPrefix(plain, v+" "):
				s += "=" + v
			}
			got = append(got, s)
		}
		want := strings.Split(tt.want, " · ")
		for i := range want {
			if w, _, has := strings.Cut(want[i], "="); has && i < len(got) && !strings.Contains(got[i], "=") {
				want[i] = w
			}
		}
		if g, w := strings.Join(got, " · "), strings.Join(want, " · "); g != w {
			t.Errorf("%s\n got %s\nwant %s", tt.text, g, w)
		}
	}
}

// TestNumbersOfAPage holds where the numbers of a page are looked for, and that each has the place where it is written.
func TestNumbersOfAPage(t *testing.T) {
	text := "---\ntitle: T\nsummary: \"There are \\\"about\\\" 30 seats\"\ntakeaways:\n- It has [40](fact:x) and 41 trips\n---\n\n# 12 reasons\n\n" +
		"Text with `50` and [51](x.md), [[x|52 cars]], $53$ and \\$54 and 55&nbsp;000 cars[^a]. **56** <https://example.org/57>\n\n> Quoted 60\n\n" +
		"1. Has 70\n2. Has ~~71~~ 72\n\n> [!note]\n> Holds 80\n\n| 90 | 91 |\n|---|---|\n| 92 | 93 |\n\n```\n94\n```\n\n[^a]: Under 95 and ^[96]\n"
	p := ParseDoc(DocInput{File: File{Name: "content/terms/t.md", Text: []byte(text)}})
	var got []string
	for _, n := range p.Doc.Numbers {
		b := p.Doc.Blocks[n.Block]
		got = append(got, fmt.Sprintf("%s:%s:%s", b.Kind, b.Text[n.From:n.To], text[n.Span.Start:n.Span.End]))
	}
	want := "front:30:30 front:41:41 note:96:96 note:95:95 paragraph:$54:\\$54 paragraph:55\u00a0000:55&nbsp;000 paragraph:56:56 item:70:70 item:72:72 paragraph:80:80"
	if g := strings.Join(got, " "); g != want {
		t.Errorf(" got %s\nwant %s", g, want)
	}
}
