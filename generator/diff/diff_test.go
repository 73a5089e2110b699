package diff_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/diff"
)

var update = flag.Bool("update", false, "rewrite the wanted files")

// sources are the files of the small site of these tests.
func sources(t *testing.T) map[string]string {
	t.Helper()
	a, err := txtar.ParseFile("testdata/alder.txtar")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range a.Files {
		out[f.Name] = string(f.Data)
	}
	return out
}

// edited returns sources with texts replaced: file, old, new and so on. A file that is "" before is new, one whose new
// text is "" is gone.
func edited(t *testing.T, from map[string]string, edits ...string) map[string]string {
	t.Helper()
	out := maps.Clone(from)
	for i := 0; i < len(edits); i += 3 {
		file, old, now := edits[i], edits[i+1], edits[i+2]
		switch {
		case old == "" && now == "":
			delete(out, file)
		case old == "":
			out[file] = now
		case strings.Count(out[file], old) != 1:
			t.Fatalf("%q stands %d times in %s", old, strings.Count(out[file], old), file)
		default:
			out[file] = strings.Replace(out[file], old, now, 1)
		}
	}
	return out
}

// output builds a site.
func output(t *testing.T, files map[string]string) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := build.Read(dir, gloss.Theme)
	if err != nil {
		t.Fatal(err)
	}
	r := build.Build(tree, build.Env{}, nil)
	for _, f := range r.Findings {
		if r.Errors() {
			t.Errorf("%s: %s [%s]", f.Span.File, f.Message, f.Code)
		}
	}
	return r.Files
}

// compare says what some edits change.
func compare(t *testing.T, edits ...string) *diff.Report {
	t.Helper()
	from := sources(t)
	return report(t, output(t, from), output(t, edited(t, from, edits...)))
}

func report(t *testing.T, before, after map[string][]byte) *diff.Report {
	t.Helper()
	r, err := diff.Compare(before, after)
	if err != nil {
		t.Fatal(err)
	}
	r.Old, r.New = "before", "after"
	return r
}

// same holds a report against what is wanted; empty lists and nil are one.
func same(t *testing.T, got *diff.Report, want diff.Report) {
	t.Helper()
	want.Old, want.New = "before", "after"
	if d := gocmp.Diff(&want, got, cmpopts.IgnoreUnexported(diff.Report{}), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("- want, + got:\n%s", d)
	}
}

func TestOneFactChangedListsItsValueAndSentences(t *testing.T) {
	got := compare(t, "content/data/facts.toml", "value = 4", "value = 5",
		"content/index.md", "[4](fact:pier-count)", "[5](fact:pier-count)",
		"content/sections/10-why.md", "its [4 piers](fact:pier-count)", "its [5 piers](fact:pier-count)")
	same(t, got, diff.Report{Changed: true, Facts: []diff.Change{{What: diff.Changed, ID: "pier-count", Title: "Piers", URL: "facts/#pier-count",
		Fields: []diff.Field{{Name: "value", Old: "4 piers", New: "5 piers"}},
		On: []diff.Place{
			{URL: "", Title: "The bridge", Sentences: []diff.Sentence{
				{What: diff.Reworded, Under: "The numbers", Old: "Piers: 4 piers (as of 18 March 2024)", New: "Piers: 5 piers (as of 18 March 2024)"},
				{What: diff.Reworded, Old: "The bridge rests on 4 piers.", New: "The bridge rests on 5 piers."}}},
			{URL: "why-did-it-close/", Title: "Why did it close?", Sentences: []diff.Sentence{
				{What: diff.Reworded, Under: "What cracked", Old: "One of its 4 piers cracked.", New: "One of its 5 piers cracked."},
				{What: diff.Reworded, Under: "What cracked", Old: "Piers · 4 · as of 18 March 2024", New: "Piers · 5 · as of 18 March 2024"}}}},
	}}})
	if got := strings.Join(got.Summary(), "; "); got != "1 fact changed on 2 pages" {
		t.Errorf("the summary is %q", got)
	}
}

func TestAnotherDateListsTheSentencesThatReadAsBefore(t *testing.T) {
	got := compare(t, "content/data/facts.toml", `as_of = "2024-03-18"`, `as_of = "2024-04-02"`)
	if len(got.Pages) > 0 || len(got.Facts) != 1 {
		t.Fatalf("got %+v", got)
	}
	f := got.Facts[0]
	if d := gocmp.Diff([]diff.Field{{Name: "as of", Old: "2024-03-18", New: "2024-04-02"}}, f.Fields); d != "" {
		t.Error(d)
	}
	want := diff.Sentence{Old: "The bridge rests on 4 piers.", New: "The bridge rests on 4 piers."}
	if len(f.On) != 2 || gocmp.Diff(want, f.On[0].Sentences[1]) != "" {
		t.Errorf("got %+v", f.On)
	}
}

// TestNothingThatReadersSee makes edits that leave every statement as it was.
func TestNothingThatReadersSee(t *testing.T) {
	from := sources(t)
	why := from["content/sections/10-why.md"]
	for name, edits := range map[string][]string{
		"lines wrapped elsewhere":  {"content/sections/10-why.md", "cracked on the\nnorth side", "cracked on\nthe north\nside"},
		"another mark of emphasis": {"content/sections/10-why.md", "*long* crack", "_long_ crack"},
		"blanks at the end":        {"content/sections/10-why.md", "The council closed it.", "The council closed it.   "},
		"another name of a note":   {"content/sections/10-why.md", why[strings.Index(why, "It was seen"):], strings.ReplaceAll(why[strings.Index(why, "It was seen"):], "[^seen]", "[^n]")},
		"a comment":                {"content/sections/10-why.md", "The council closed it.", "The council closed it. %%Did it?%%"},
		"another file name":        {"content/sections/10-why.md", "", "", "content/sections/07-reasons.md", "", why},
		"sources in another file":  {"content/data/sources.yaml", "", "", "content/data/sources.yml", "", from["content/data/sources.yaml"]},
		"keys in another order":    {"content/data/facts.toml", "label = \"Piers\"\nvalue = 4\n", "value = 4\nlabel = \"Piers\"\n"},
		"another theme":            {"layouts/section.html", "", "<!doctype html><title>{{.Title}}</title><h1>{{.Title}}</h1>{{range .Body}}{{.HTML}}{{end}}", "static/style.css", "", "body{color:red}"},
		"line ends":                {"content/sections/10-why.md", why, strings.ReplaceAll(why, "\n", "\r\n")},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			files := edited(t, from, edits...)
			if maps.Equal(from, files) {
				t.Fatal("the edit changes nothing")
			}
			same(t, report(t, output(t, from), output(t, files)), diff.Report{})
		})
	}
}

func TestSections(t *testing.T) {
	t.Run("new", func(t *testing.T) {
		got := compare(t, "content/sections/20-when.md", "", "---\ntitle: When does it open?\nanswer: Nobody knows.\npublished: \"2024-04-01\"\nauthors: [ann]\n---\n\nThe council gave no date [@post].\n")
		want := diff.Report{Changed: true, Pages: []diff.PageChange{{What: diff.New, Kind: "section", URL: "when-does-it-open/", Title: "When does it open?", Sentences: []diff.Sentence{
			{What: diff.New, New: "Nobody knows."}, {What: diff.New, New: "By Ann · Published 1 April 2024"}, {What: diff.New, New: "The council gave no date.", Gained: []string{"post"}}}}}}
		same(t, got, want)
	})
	t.Run("removed", func(t *testing.T) {
		got := compare(t, "content/sections/30-ferry.md", "", "")
		if len(got.Pages) != 1 || got.Pages[0].What != diff.Removed || got.Pages[0].Title != "Is there a ferry?" {
			t.Errorf("got %+v", got.Pages)
		}
	})
	t.Run("renamed", func(t *testing.T) { // the title is the address, so the page moves; its text stays
		got := compare(t, "content/sections/30-ferry.md", "title: Is there a ferry?", "title: How do I cross?")
		same(t, got, diff.Report{Changed: true, Pages: []diff.PageChange{{What: diff.Moved, Kind: "section", URL: "how-do-i-cross/", Title: "How do I cross?", OldURL: "is-there-a-ferry/", OldTitle: "Is there a ferry?"}}})
	})
	t.Run("reworded", func(t *testing.T) {
		got := compare(t, "content/sections/30-ferry.md", "It takes twelve minutes.", "The ride takes twelve minutes.", "content/sections/30-ferry.md", "It is free.\n", "")
		same(t, got, diff.Report{Changed: true, Pages: []diff.PageChange{{What: diff.Changed, Kind: "section", URL: "is-there-a-ferry/", Title: "Is there a ferry?", Sentences: []diff.Sentence{
			{What: diff.Reworded, Old: "It takes twelve minutes.", New: "The ride takes twelve minutes."}, {What: diff.Removed, Old: "It is free."}}}}})
	})
	t.Run("surer", func(t *testing.T) {
		got := compare(t, "content/sections/30-ferry.md", "answer: Yes.", "answer: Yes.\ncertainty: likely\naliases: [ferry]")
		same(t, got, diff.Report{Changed: true, Pages: []diff.PageChange{{What: diff.Changed, Kind: "section", URL: "is-there-a-ferry/", Title: "Is there a ferry?",
			Fields: []diff.Field{{Name: "also called", New: "ferry"}, {Name: "certainty", New: "likely"}}}}})
	})
	t.Run("told first", func(t *testing.T) {
		got := compare(t, "content/sections/30-ferry.md", "answer: Yes.", "answer: Yes.\norder: 1")
		same(t, got, diff.Report{Changed: true, Site: []diff.Field{{Name: "order of the questions", Old: "Why did it close? · Is there a ferry?", New: "Is there a ferry? · Why did it close?"}}})
	})
	t.Run("in another order", func(t *testing.T) {
		got := compare(t, "content/sections/30-ferry.md", "It takes twelve minutes. It runs twice an hour.", "It runs twice an hour. It takes twelve minutes.")
		if len(got.Pages) != 1 || len(got.Pages[0].Sentences) != 1 || got.Pages[0].Sentences[0].What != diff.Moved {
			t.Errorf("got %+v", got.Pages)
		}
	})
}

func TestSourcesAndLinksOfASentence(t *testing.T) {
	got := compare(t, "content/sections/10-why.md", "north side [@post].", "north side [@post, p. 3; @council].", "content/sections/30-ferry.md", "[the timetable](https://example.net/times)", "[the timetable](https://example.net/new)")
	same(t, got, diff.Report{Changed: true, Pages: []diff.PageChange{
		{What: diff.Changed, Kind: "section", URL: "why-did-it-close/", Title: "Why did it close?", Sentences: []diff.Sentence{
			{What: diff.Cited, Under: "What cracked", Old: "A pier cracked on the north side.", New: "A pier cracked on the north side.", Gained: []string{"post, p. 3", "council"}, Lost: []string{"post"}}}},
		{What: diff.Changed, Kind: "section", URL: "is-there-a-ferry/", Title: "Is there a ferry?", Sentences: []diff.Sentence{
			{What: diff.Linked, Old: "Look at the timetable.", New: "Look at the timetable.", Links: []diff.Field{{Name: "the timetable", Old: "https://example.net/times", New: "https://example.net/new"}}}}}}})
	if got := strings.Join(got.Summary(), "; "); got != "2 sections changed; 1 link changed" {
		t.Errorf("the summary is %q", got)
	}
}

func TestRecordsComeAndGo(t *testing.T) {
	got := compare(t,
		"content/data/events.csv", "closed-2024,2024-03-19,The bridge closes,post\n", "open-2025,2025-05-01,The bridge opens,council\nshut-again-2026,2026-01,The bridge closes again,council\n",
		"content/index.md", "It was [[closed-2024|shut]] in a hurry.", "It was shut.",
		"content/data/events.csv", "council-2024,2024-04-02,", "council-2024,2024-04-03,",
		"content/data/sources.yaml", "title: Minutes", "title: Minutes of April",
		"content/data/claims.toml", "status = \"disputed\"", "status = \"established\"",
		"content/data/changes.toml", "", "[[change]]\ndate = \"2024-05-01\"\npage = \"why\"\nkind = \"correction\"\ntext = \"A number was wrong.\"\n",
		"site.toml", "[authors.ann]", "[redirects]\n\"/old/\" = \"/is-there-a-ferry/\"\n\n[authors.ann]")
	got.Pages = nil // what they show of the records
	same(t, got, diff.Report{Changed: true,
		Claims: []diff.Change{{What: diff.Changed, ID: "cause", Title: "Salt cracked the pier.", URL: "disputed/#cause", Fields: []diff.Field{{Name: "status", Old: "disputed", New: "established"}}}},
		Events: []diff.Change{
			{What: diff.Changed, ID: "council-2024", Title: "The council meets", URL: "timeline/#council-2024", Fields: []diff.Field{{Name: "date", Old: "2 April 2024", New: "3 April 2024"}}},
			{What: diff.New, ID: "open-2025", Title: "The bridge opens", URL: "timeline/#open-2025", Text: "1 May 2025"},
			{What: diff.New, ID: "shut-again-2026", Title: "The bridge closes again", URL: "timeline/#shut-again-2026", Text: "January 2026"},
			{What: diff.Removed, ID: "closed-2024", Title: "The bridge closes", URL: "timeline/#closed-2024", Text: "19 March 2024"}},
		Sources:   []diff.Change{{What: diff.Changed, ID: "council", Title: "Minutes of April. Port Alder Council, 2 April 2024.", URL: "sources/#council", Fields: []diff.Field{{Name: "text", Old: "Minutes. Port Alder Council, 2 April 2024.", New: "Minutes of April. Port Alder Council, 2 April 2024."}}}},
		Redirects: []diff.Change{{What: diff.New, ID: "old/", Title: "/old/", Text: "/is-there-a-ferry/"}},
		Entries:   []diff.Change{{What: diff.New, ID: "2024-05-01\ncorrection\nwhy-did-it-close/\nA number was wrong.", Title: "2024-05-01, correction", URL: "why-did-it-close/", Text: "A number was wrong."}},
	})
}

// TestFormats holds the three formats of one report against files.
func TestFormats(t *testing.T) {
	r := compare(t, "content/data/facts.toml", "value = 4", "value = 5",
		"content/index.md", "[4](fact:pier-count)", "[5](fact:pier-count)",
		"content/sections/10-why.md", "its [4 piers](fact:pier-count)", "its [5 piers](fact:pier-count)",
		"content/sections/10-why.md", "The council closed it.", "The council closed the bridge at once & for good.",
		"content/sections/30-ferry.md", "", "",
		"content/data/events.csv", "closed-2024,2024-03-19,The bridge closes,post\n", "", "content/index.md", " It was [[closed-2024|shut]] in a hurry.", "")
	for name, write := range map[string]func(*bytes.Buffer) error{
		"report.txt":  func(b *bytes.Buffer) error { return r.Text(b) },
		"report.json": func(b *bytes.Buffer) error { return r.JSON(b) },
		"report.html": func(b *bytes.Buffer) error { return r.Page(b, "body { margin: 0 }") },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		at := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(at, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		if d := gocmp.Diff(string(want), b.String()); d != "" {
			t.Errorf("%s: - want, + got:\n%s", name, d)
		}
	}
	if text := new(bytes.Buffer); report(t, output(t, sources(t)), output(t, sources(t))).Text(text) != nil || text.String() != diff.Nothing+"\n" {
		t.Errorf("of one site with itself: %q", text)
	}
}

func TestOlderOutputIsTold(t *testing.T) {
	if _, err := diff.Compare(map[string][]byte{"index.html": nil}, output(t, sources(t))); !errors.Is(err, diff.ErrNoList) {
		t.Errorf("got %v", err)
	}
}

// TestMirror changes outputs at random: a site compared with itself gives nothing, and of two sites each report is the
// mirror of the other.
func TestMirror(t *testing.T) {
	base := output(t, sources(t))
	rnd := rand.New(rand.NewSource(1))
	changed := 0
	for n := range 150 {
		a, b := shaken(rnd, base), shaken(rnd, base)
		if r := report(t, a, a); r.Changed {
			t.Fatalf("%d: a site differs from itself: %+v", n, r)
		}
		there, back := report(t, a, b), report(t, b, a)
		if there.Changed {
			changed++
		}
		got, want := settled(t, mirrored(back)), settled(t, there)
		if d := gocmp.Diff(want, got); d != "" {
			t.Fatalf("%d: - there, + back:\n%s", n, d)
		}
	}
	if changed < 100 {
		t.Errorf("only %d of 150 pairs differ; the test has no teeth", changed)
	}
}

// shaken returns an output with a few random edits of its pages and records.
func shaken(rnd *rand.Rand, from map[string][]byte) map[string][]byte {
	out := maps.Clone(from)
	var twins, lists []string
	for _, name := range slices.Sorted(maps.Keys(out)) {
		switch {
		case strings.HasSuffix(name, "index.md"):
			twins = append(twins, name)
		case strings.HasSuffix(name, ".json"):
			lists = append(lists, name)
		}
	}
	for range rnd.Intn(5) {
		name := twins[rnd.Intn(len(twins))]
		words := strings.Split(string(out[name]), " ")
		at := rnd.Intn(len(words))
		switch rnd.Intn(5) {
		case 0:
			words[at] = "otherwise"
		case 1:
			words = slices.Delete(words, at, min(len(words), at+1+rnd.Intn(4)))
		case 2:
			words = slices.Insert(words, at, "Nobody knows why. It is so.")
		case 3:
			parts := strings.Split(string(out[name]), "\n\n")
			i, j := rnd.Intn(len(parts)), rnd.Intn(len(parts))
			parts[i], parts[j] = parts[j], parts[i]
			words = []string{strings.Join(parts, "\n\n")}
		case 4:
			list := lists[rnd.Intn(len(lists))]
			lines := strings.Split(string(out[list]), "\n")
			k := rnd.Intn(len(lines))
			if i := strings.LastIndex(lines[k], `": "`); i > 0 && !strings.Contains(lines[k], `"language"`) && !strings.Contains(lines[k], `"kind"`) {
				lines[k] = lines[k][:i+4] + fmt.Sprint("x", rnd.Intn(3)) + lines[k][i+4:]
			}
			out[list] = []byte(strings.Join(lines, "\n"))
		}
		out[name] = []byte(strings.Join(words, " "))
	}
	return out
}

// mirrored turns a report round.
func mirrored(r *diff.Report) *diff.Report {
	turn := func(w diff.What) diff.What {
		switch w {
		case diff.New:
			return diff.Removed
		case diff.Removed:
			return diff.New
		}
		return w
	}
	fields := func(list []diff.Field) {
		for i, f := range list {
			list[i].Old, list[i].New = f.New, f.Old
		}
	}
	sentences := func(list []diff.Sentence) {
		for i := range list {
			s := &list[i]
			s.What, s.Old, s.New, s.Gained, s.Lost = turn(s.What), s.New, s.Old, s.Lost, s.Gained
			fields(s.Links)
		}
	}
	fields(r.Site)
	for _, list := range [][]diff.Change{r.Facts, r.Claims, r.Events, r.Sources, r.Redirects, r.Entries, r.Files} {
		for i := range list {
			list[i].What = turn(list[i].What)
			fields(list[i].Fields)
			for _, p := range list[i].On {
				sentences(p.Sentences)
			}
		}
	}
	for i := range r.Pages {
		p := &r.Pages[i]
		p.What = turn(p.What)
		if p.OldTitle != "" {
			p.Title, p.OldTitle = p.OldTitle, p.Title
		}
		if p.OldURL != "" {
			p.URL, p.OldURL = p.OldURL, p.URL
		}
		sentences(p.Sentences)
		fields(p.Fields)
	}
	return r
}

// settled writes a report without what only one of the two sites decides: the order of lists, and by which of its two
// names a thing or place is called.
func settled(t *testing.T, r *diff.Report) string {
	t.Helper()
	moved := map[string]string{}
	for _, p := range r.Pages {
		if p.OldURL != "" {
			moved[p.OldURL], moved[p.URL] = p.OldURL+" "+p.URL, p.OldURL+" "+p.URL
		}
	}
	sentences := func(list []diff.Sentence) {
		for i := range list {
			if list[i].Old != "" && list[i].New != "" {
				list[i].Under, list[i].Heading = "", false
			}
			slices.Sort(list[i].Gained)
			slices.Sort(list[i].Lost)
			for k, l := range list[i].Links {
				list[i].Links[k].Name = cmp.Or(l.Name, "")
			}
		}
	}
	for _, list := range [][]diff.Change{r.Facts, r.Claims, r.Events, r.Sources, r.Redirects, r.Entries, r.Files} {
		for i := range list {
			if list[i].What == diff.Changed {
				list[i].Title, list[i].URL = "", ""
			}
			for k := range list[i].On {
				p := &list[i].On[k]
				p.URL, p.Title = cmp.Or(moved[p.URL], p.URL), ""
				sentences(p.Sentences)
			}
		}
	}
	for i := range r.Pages {
		sentences(r.Pages[i].Sentences)
		if r.Pages[i].OldTitle != "" && r.Pages[i].What == diff.New {
			r.Pages[i].Title = ""
		}
	}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	b, _ = json.MarshalIndent(sorted(v), "", " ")
	return string(b)
}

func sorted(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = sorted(v[k])
		}
	case []any:
		for i := range v {
			v[i] = sorted(v[i])
		}
		slices.SortFunc(v, func(a, b any) int {
			x, _ := json.Marshal(a)
			y, _ := json.Marshal(b)
			return bytes.Compare(x, y)
		})
	}
	return v
}
