package site

import (
	"strings"
	"testing"
)

const ferry = `== index.md
Start [[ferry]] [[piers]]
== data/facts.toml
[seats]
label = "Seats on the ferry"
value = 200
unit = "seats"
as_of = "2024-06-01"
source = "s"
history = [{ value = 180, as_of = "2024-02-02", source = "s" }]
[cost]
label = "Cost of the bridge repair"
value = 38.5
unit = "million euros"
approx = true
display = ["€{value} million"]
as_of = "2024-06-01"
source = "s"
[dead]
label = "Civilians killed in the flood, as reported by the town"
value = 4
unit = "civilians"
as_of = "2024-06-01"
source = "s"
[hurt]
label = "Civilians hurt in the flood"
value = 17
unit = "civilians"
as_of = "2024-06-01"
source = "s"
[share]
label = "Share of trips by ferry"
value = 45
unit = "%"
as_of = "2024-06-01"
source = "s"
== data/events.csv
id,date,title,source
opening,2019-04-02,The new ferry opens,s
closing,2024-03-18,The bridge is closed to lorries,s
== data/sources.json
[{"id":"s","type":"book","title":"S"}]
== piers.md
x
== ferry.md
`

// TestContradictions holds when a number of prose without a link is said to contradict a record: with strong evidence
// alone, as most numbers count something else.
func TestContradictions(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"The ferry has 150 seats.", `this says "150", the fact "seats" (Seats on the ferry) says "200 seats"`},
		{"The ferry has one hundred and fifty seats.", `this says "one hundred and fifty"`},
		{"The repair of the bridge is to cost about €60 million.", `this says "€60 million", the fact "cost" (Cost of the bridge repair) says "about €38.5 million"`},
		{"The town reported 5 civilians killed in the flood.", `this says "5", the fact "dead"`},
		{"By ferry went 12% of trips, a small share.", `this says "12%", the fact "share"`},
		{"The new ferry opened for all on 3 April 2019.", `this says "3 April 2019", the event "opening" (The new ferry opens) is dated 2 April 2019`},
		// Not said, or true.
		{"The ferry has 200 seats.", ""},
		{"The ferry has 180 seats.", ""}, // an earlier value
		{"The ferry has [200 seats](fact:seats), or 150 seats on Sundays.", ""},
		{"In 2021 the ferry had 150 seats.", ""},
		{"The ferry once had 150 seats.", ""},
		{"The ferry gets another 150 seats.", ""},
		{"The cinema has 150 seats.", ""},
		{"The ferry has 150 cabins.", ""},
		{"In the flood 17 civilians were hurt.", ""},
		{"The repair of the bridge cost about €38 million.", ""}, // rounded otherwise
		{"The ferry has 150 or 160 seats.", ""},
		{"“The ferry has 150 seats,” she said.", ""},
		{"The new ferry opened on 2 April 2019.", ""},
		{"The new ferry opened in May 2019.", ""},
		{"The new ferry was painted on 7 June 2022.", ""},
		{"The bridge was closed on 18 March 2024.", ""},
	} {
		_, fs := link(t, Env{}, ferry+tt.text)
		var got []string
		for _, f := range fs {
			if f.Code == "contradicts-fact" {
				got = append(got, f.Message)
				if len(f.Fixes) > 0 {
					t.Errorf("%s: a fix would link by guess", tt.text)
				}
			}
		}
		if g := strings.Join(got, "; "); !strings.HasPrefix(g, tt.want) || tt.want == "" && g != "" {
			t.Errorf("%s\n got %s\nwant %s", tt.text, g, tt.want)
		}
	}
}

// TestUnlinkedNumbers holds what check --all says of numbers that no record checks: the nearest record, with a link that
// passes when it is put in as the hint says.
func TestUnlinkedNumbers(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"The ferry has 200 seats.", `no record checks the number "200": if it is "Seats on the ferry", link it: [200](fact:seats)`},
		{"The ferry had 180 seats.", `no record checks the number "180": if it is "Seats on the ferry", link it: [180](fact:seats@2024-02-02)`},
		{"The repair of the bridge cost some €38.5 million then.", `no record checks the amount of money "€38.5 million": if it is "Cost of the bridge repair", link it: [some €38.5 million](fact:cost)`},
		{"The repair of the bridge cost €38.5 million.", `no record checks the amount of money "€38.5 million": the nearest fact is "Cost of the bridge repair", about €38.5 million as of 1 June 2024; if that is meant, write [about €38.5 million](fact:cost)`},
		{"There were 83 dogs.", `no record checks the number "83": record it in content/data/facts.toml, then link it: [83](fact:id)`},
		{"Four civilians were killed in the flood.", `no record checks the number "Four": if it is "Civilians killed in the flood, as reported by the town", link it: [Four](fact:dead)`},
		{"The ferry started on 2 April 2019.", `no record checks the date "2 April 2019": if it is the date of "The new ferry opens", link it: [2 April 2019](event:opening)`},
		{"It was on 9 May 2020.", `no record checks the date "9 May 2020": record it in content/data/events.csv, then link it: [9 May 2020](event:id)`},
		{"Two reasons, in May 2020, in 2021.", ""},
		{"It has [200](fact:seats) seats since [2 April 2019](event:opening).", ""},
	} {
		s, fs := link(t, Env{All: true}, ferry+tt.text)
		var got []string
		for _, f := range fs {
			if f.Code == "unlinked-number" {
				got = append(got, f.Message+": "+f.Hint)
			}
		}
		if g := strings.Join(got, "; "); g != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.text, g, tt.want)
		}
		if n := len(s.Unlinked(page(t, s, "ferry.md"))); n != len(got) {
			t.Errorf("%s: the preview lists %d", tt.text, n)
		}
		// Whoever follows the hint gets a link that passes.
		_, to, found := strings.Cut(strings.Join(got, ""), "link it: ")
		if _, write, ok := strings.Cut(strings.Join(got, ""), "write "); ok {
			to, found = write, true
		}
		if found && !strings.HasSuffix(to, ":id)") {
			words, _, _ := strings.Cut(to[1:], "]")
			text := strings.Replace(tt.text, words, to, 1)
			if text == tt.text {
				text = strings.Replace(tt.text, strings.TrimPrefix(words, "about "), to, 1)
			}
			if _, fs := link(t, Env{}, ferry+text); codes(fs) != codes(fs[:0]) && strings.Contains(codes(fs), "mismatch") {
				t.Errorf("%s: %s", text, codes(fs))
			}
		}
	}
	// Off unless it is asked for.
	if _, fs := link(t, Env{}, ferry+"There were 83 dogs."); strings.Contains(codes(fs), "unlinked-number") {
		t.Error("reported without being asked")
	}
}
