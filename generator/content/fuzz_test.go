package content

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gloss/generator/diag"
)

// FuzzParseDoc feeds any bytes as pages of every type; [check] says what must hold. Failing inputs are kept in
// testdata/fuzz and run with every go test.
func FuzzParseDoc(f *testing.F) {
	for _, ex := range spec(f) {
		f.Add(uint8(0), []byte(ex.Markdown))
	}
	names, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		_, files := unpack(b)
		for i, x := range files {
			if strings.HasSuffix(x.Name, ".md") {
				f.Add(uint8(i), x.Text)
			}
		}
	}
	f.Add(uint8(1), []byte("---\ntitle: \"T\\u00e4\"\nanswer: >\n  A [2,500](fact:a)\n  b [[x]]\npublished: 2024-02-02\nauthors: [a]\n---\nText.\n"))
	f.Add(uint8(4), []byte("\xEF\xBB\xBF---\r\ndate: \"2020-01-05\"\r\nsummary: 'It''s [[x]]'\r\n---\r\n- > | a |\r\n  > |---|\r\n  > | [[b]] |\r\n"))
	files := []string{"content/x.md", "content/sections/x.md", "content/terms/x.md", "content/who/x.md", "content/events/x.md", "content/index.md"}
	f.Fuzz(func(t *testing.T, typ uint8, src []byte) {
		in := DocInput{File{files[int(typ)%len(files)], src}, Settings{Language: "en"}}
		p := ParseDoc(in)
		check(t, src, p)
		if !reflect.DeepEqual(p, ParseDoc(in)) {
			t.Error("two readings differ")
		}
		in.Settings.RawHTML = true
		ParseDoc(in)
	})
}

// dataSeeds has one small file of each kind of data.
var dataSeeds = map[string]string{
	"facts.toml": `[us-troops-iraq]
label = "US troops in [[Iraq]]"
value = 2_500
unit = "troops"
approx = true
display = ["roughly {value}", 'about {value}']
as_of = "2024-02-02"
source = ["a", "b"]
quote = """
Some "words"
"""
history = [{value = 170_000, as_of = 2007-10-01, source = "a"}]
[b.c]
x = 1
`,
	"claims.toml": `[c]
claim = "It *is* [@a] so."
status = "disputed"
as_of = "2024"
settle = "S [[x|y]]"
[[c.position]]
says = "Yes \u00e4 [[z]]."
who = "[[w]]"
date = "2024-01-05"
cite = "a"
[[c.position]]
says = 'No.'
who_text = "Unnamed"
date = "2024-01"
cite = ["a"]
`,
	"changes.toml": "[[change]]\ndate = \"2024-02-09\"\npage = \"p\"\nkind = \"update\"\ntext = \"\"\"Added [[x]]\n the\\\n  statement.\"\"\"\n",
	"events.csv":   "id,date,date_end,date_text,title,who,tags,source,origin,planned,disputed\na,2020-01,,,\"Says \"\"yes\"\", he\nsays\",x; y,t,s;t,article,yes,\nb,2020-02-30,,,B,,,,,,\nc,d\n",
	"sources.json": `[{"id": "a", "type": "book", "title": "T\u00e4 \"q\"", "issued": {"date-parts": [[2024, 2, 2]]}, "custom": {"seen": false, "via": ["b"]}, "author": [{"family": "F", "given": "G"}], "URL": "https://example.org/"}]`,
	"sources.yaml": "references:\n- id: a\n  type: book\n  title: \"T: \\u00e4\"\n  issued: 2024-02-02\n  custom: {seen: false, via: b}\n- &x\n  id: b\n  title: >-\n    folded\n    text\n- *x\n",
	"sources.bib":  `@string{j = {Journ} # al} @article{a, title = {{T}\"a}, author = {Doe, J. and {X Y}}, journal = j, year = 2001, month = feb, seen = {false}, via = {b, c}, url = {https://example.org/}}`,
	"x.csv":        "\xEF\xBB\xBFdate,n\r\n2020,\"1,000\"\r\n2021,2\r\n",
}

// FuzzParseData feeds any bytes as data files of every kind.
func FuzzParseData(f *testing.F) {
	kinds := slices.Sorted(maps.Keys(dataSeeds))
	for i, k := range kinds {
		f.Add(uint8(i), []byte(dataSeeds[k]))
	}
	f.Fuzz(func(t *testing.T, kind uint8, src []byte) {
		name := "content/data/" + kinds[int(kind)%len(kinds)]
		in := DataInput{File{name, src}, Settings{Language: "en"}}
		p := ParseData(in)
		checkData(t, src, p)
		if !reflect.DeepEqual(p, ParseData(in)) {
			t.Error("two readings differ")
		}
	})
}

// checkData asserts what must hold of every data file.
func checkData(t *testing.T, src []byte, p ParsedData) {
	t.Helper()
	findings(t, p.Data.File, src, p.Findings)
	d := &Doc{File: p.Data.File, Refs: p.Data.Refs}
	// Every span and every piece of inline markdown, wherever the records hold it.
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch x := v.Interface().(type) {
		case diag.Span:
			if x != (diag.Span{}) && (x.File != p.Data.File || x.Start < 0 || x.End < x.Start || x.End > len(src)) {
				t.Errorf("the span %+v is not in the file, which has %d bytes", x, len(src))
			}
			return
		case Inline:
			pieces(t, d, "record", x.Body)
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		}
	}
	walk(reflect.ValueOf(p.Data))
}

// FuzzParseConfig feeds any bytes as site.toml.
func FuzzParseConfig(f *testing.F) {
	f.Add([]byte("title = \"T\"\nlanguage = \"ar\"\nbase_url = \"https://example.org/x\"\naccent = \"#7d350f\"\n[authors.a]\nname = \"A\"\n[checks]\nraw-html = \"off\"\n[redirects]\n\"/a/\" = \"/b/\"\n"))
	f.Add([]byte("title = 1\nautolink = \"no\"\nauthors = []\nchecks = {x = 1}\na.b.c = [[1], {d = 2}]\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		in := File{"site.toml", src}
		p := ParseConfig(in)
		findings(t, "site.toml", src, p.Findings)
		for _, s := range []diag.Span{p.Config.TitleSpan, p.Config.AccentSpan} {
			if s.Start < 0 || s.End < s.Start || s.End > len(src) {
				t.Errorf("the span %+v is not in the file, which has %d bytes", s, len(src))
			}
		}
		if !reflect.DeepEqual(p, ParseConfig(in)) {
			t.Error("two readings differ")
		}
	})
}
