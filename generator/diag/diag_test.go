package diag

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestLocate(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		at         int
		want       Position
	}{
		{"start", "ab", 0, Position{1, 1}},
		{"second line", "a\nbc", 3, Position{2, 2}},
		{"after CR LF", "a\r\nb", 3, Position{2, 1}},
		{"a tab is one column", "\tx", 1, Position{1, 2}},
		{"code points, not bytes", "é…x", 5, Position{1, 3}},
		{"a combining mark is a code point", "e\u0301x", 3, Position{1, 3}},
		{"a byte order mark has no width", "\uFEFFab", 4, Position{1, 2}},
		{"right to left", "سلام x", 9, Position{1, 6}},
		{"past the end", "ab\n", 9, Position{2, 1}},
		{"before the start", "ab", -3, Position{1, 1}},
	} {
		if got := Locate([]byte(tt.text), tt.at); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestFrame(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		start, end int
		want       string
	}{
		{"a word", "one\ntwo three\n", 8, 13, "    2 │ two three\n      │     ~~~~~\n"},
		{"a tab is four columns", "\tx y", 3, 4, "    1 │     x y\n      │       ~\n"},
		{"a combining mark takes none", "e\u0301 x", 4, 5, "    1 │ e\u0301 x\n      │   ~\n"},
		{"a wide character takes two", "漢 x", 4, 5, "    1 │ 漢 x\n      │    ~\n"},
		{"an empty place", "ab", 1, 1, "    1 │ ab\n      │  ~\n"},
		{"only the first line", "ab\ncd", 1, 5, "    1 │ ab\n      │  ~\n"},
		{"nothing that drives the terminal", "a\x1b[2Jb", 0, 1, "    1 │ a�[2Jb\n      │ ~\n"},
		{"no text", "", 0, 0, ""},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00", 0, 0, ""},
	} {
		if got := Frame([]byte(tt.text), Span{Start: tt.start, End: tt.end}); got != tt.want {
			t.Errorf("%s:\n%swant\n%s", tt.name, got, tt.want)
		}
	}
	long := strings.Repeat("word ", 60) + "HERE" + strings.Repeat(" more", 60)
	frame := Frame([]byte(long), Span{Start: 300, End: 304})
	lines := strings.Split(frame, "\n")
	under := strings.IndexByte(lines[1], '~')
	if shown := []rune(strings.TrimPrefix(lines[0], "    1 │ ")); len(shown) > 110 || !strings.Contains(string(shown), "HERE") {
		t.Errorf("a long line is shown as %q", lines[0])
	} else if at := len([]rune(strings.TrimPrefix(lines[1][:under], "      │ "))); string(shown[at:at+4]) != "HERE" {
		t.Errorf("the mark does not stand under HERE:\n%s", frame)
	}
}

func TestSuggest(t *testing.T) {
	have := []string{"photosynthesis", "title", "titles", "us-troops", "us-troops-iraq", "summary", "Islamic State"}
	for word, want := range map[string]string{
		"photosynthsis": "photosynthesis", "titel": "title", "sumary": "summary", "us troops": "us-troops", "US-Troops-Irak": "us-troops-iraq",
		"zebra": "", "x": "", "islamic state": "Islamic State", "us-troop": "us-troops",
	} {
		if got := Suggest(word, have); got != want {
			t.Errorf("%q suggests %q, want %q", word, got, want)
		}
	}
	if got := Suggest("cat", []string{"bat", "rat"}); got != "" {
		t.Errorf("two are equally near, yet %q is suggested", got)
	}
	for _, word := range []string{"Camp Victry", "victory"} {
		if got := Suggest(word, []string{"camp-victory", "Camp Victory", "camp_victory"}); got != "camp-victory" {
			t.Errorf("%q suggests %q of three spellings of one name", word, got)
		}
	}
}

// TestSort puts findings in report order and drops repetitions, but no two that differ.
func TestSort(t *testing.T) {
	a := Finding{Code: "b", Span: Span{File: "a.md", Start: 1, End: 2}, Message: "m"}
	b, c, d := a, a, a
	b.Span.Start = 0
	c.Code = "a"
	d.Span.File = "B.md"
	got := Sort([]Finding{a, d, a, c, b})
	if want := []string{"b", "b", "a", "b"}; len(got) != 4 || !slices.Equal([]string{got[0].Code, got[1].Code, got[2].Code, got[3].Code}, want) || got[0].Span.File != "B.md" {
		t.Errorf("sorted %+v", got)
	}
}

// TestReports writes one finding in the three formats.
func TestReports(t *testing.T) {
	text := []byte("one\nsee [[x]] there\n")
	src := func(string) []byte { return text }
	fs := []Finding{{Severity: Error, Code: "broken-link", Span: Span{"content/a.md", 8, 13}, Message: "no page is called \"x\"", Hint: "100% sure?",
		Related: []Related{{Span{"content/a.md", 0, 3}, "over there"}}}}
	var b strings.Builder
	Print(&b, fs, src, Paint{})
	want := "content/a.md:2:5: error: no page is called \"x\" [broken-link]\n    2 │ see [[x]] there\n      │     ~~~~~\n   content/a.md:1:1: over there\n   hint: 100% sure?\n\n"
	if b.String() != want {
		t.Errorf("text:\n%s\nwant\n%s", b.String(), want)
	}
	b.Reset()
	GitHub(&b, fs, 0, src, "docs/")
	if want := "::error file=docs/content/a.md,line=2,col=5,endLine=2,endColumn=10,title=broken-link::no page is called \"x\"%0A100%25 sure?\n"; b.String() != want {
		t.Errorf("github: %s\nwant    %s", b.String(), want)
	}
	b.Reset()
	if err := JSON(&b, fs, 0, src); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Findings []map[string]any
		Errors   int
	}
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil || got.Errors != 1 || got.Findings[0]["end_column"] != 10.0 || got.Findings[0]["severity"] != "error" {
		t.Errorf("json: %v\n%s", err, b.String())
	}
	if err := JSON(&b, nil, 0, src); err != nil || !strings.Contains(b.String(), `"findings": []`) {
		t.Errorf("no findings are not an empty list: %s", b.String())
	}
	many := make([]Finding, 70)
	for i := range many {
		many[i] = fs[0]
	}
	b.Reset()
	Print(&b, many, src, Paint{Most: Most})
	if !strings.Contains(b.String(), "… and 20 more") {
		t.Error("the report does not end after 50")
	}
	b.Reset()
	Print(&b, many, src, Paint{})
	if n := strings.Count(b.String(), "[broken-link]"); n != 70 || strings.Contains(b.String(), "more") {
		t.Errorf("a report for a file has %d findings of 70", n)
	}
}

// TestWaiting: how many findings wait for unreadable files stands in every format, and nothing does when none waits.
func TestWaiting(t *testing.T) {
	src := func(string) []byte { return []byte("x") }
	one := []Finding{{Severity: Error, Code: "broken-link", Span: Span{File: "a.md"}}, {Severity: Error, Code: "bad-record", Span: Span{File: "f.toml"}, Unreadable: true}}
	two := append(slices.Clone(one), Finding{Severity: Error, Code: "bad-record", Span: Span{File: "g.toml"}, Unreadable: true})
	for _, c := range []struct {
		n     int
		shown []Finding
		want  string
	}{
		{0, one, ""}, {1, one, "1 finding more may show when this file can be read."}, {27, one, "27 findings more may show when this file can be read."},
		{27, two, "27 findings more may show when these 2 files can be read."},
	} {
		if got := Waiting(c.n, c.shown); got != c.want {
			t.Errorf("%d waiting: %q, want %q", c.n, got, c.want)
		}
		var b strings.Builder
		GitHub(&b, c.shown, c.n, src, "")
		_, notice, _ := strings.Cut(b.String(), "::notice file=f.toml::")
		if strings.TrimSpace(notice) != c.want {
			t.Errorf("%d waiting, for GitHub: %q, want %q", c.n, notice, c.want)
		}
		b.Reset()
		if err := JSON(&b, c.shown, c.n, src); err != nil || !strings.Contains(b.String(), fmt.Sprintf(`"waiting": %d`, c.n)) {
			t.Errorf("%d waiting, as JSON: %v\n%s", c.n, err, b.String())
		}
	}
}
