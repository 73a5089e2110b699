package content

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"gloss/generator/diag"
)

// slips are what people mistype in data files and front matter: the text with the place of the finding between « and »,
// words of the message and of the hint, and the text as it is when the hint has been followed.
var slips = []struct{ file, text, message, hint, mended string }{
	// Numbers and dates of TOML.
	{"facts.toml", "[a]\nvalue = «500,5»\n", "the decimal mark is a point", "write value = 500.5", "[a]\nvalue = 500.5\n"},
	{"facts.toml", "[a]\nvalue = «1,000»\n", "a comma in it", "write value = 1000; or value = 1.000 if the comma is a decimal mark", "[a]\nvalue = 1000\n"},
	{"facts.toml", "[a]\nvalue = «12,400,000»\n", "a mark between its thousands", "write value = 12400000", "[a]\nvalue = 12400000\n"},
	{"facts.toml", "[a]\nvalue = «1.000.000»\n", "points between its thousands", "write value = 1000000", "[a]\nvalue = 1000000\n"},
	{"facts.toml", "[a]\nvalue = «2 500»\n", "a mark between its thousands", "write value = 2500", "[a]\nvalue = 2500\n"},
	{"facts.toml", "[a]\nvalue = «012»\n", "a 0 before it", "write value = 12", "[a]\nvalue = 12\n"},
	{"facts.toml", "[a]\nvalue = «.5»\n", "in another form", "write value = 0.5", "[a]\nvalue = 0.5\n"},
	{"facts.toml", "[a]\nvalue = «−5»\n", "in another form", "write value = -5", "[a]\nvalue = -5\n"},
	{"facts.toml", "[a]\nvalue = «£500»\n", "with a unit", `write value = 500 and, in a field of its own, unit = "£"`, "[a]\nvalue = 500\nunit = \"£\"\n"},
	{"facts.toml", "[a]\nvalue = «500 %»\n", "with a unit", `unit = "%"`, "[a]\nvalue = 500\nunit = \"%\"\n"},
	{"facts.toml", "[a]\nvalue = «1,5 Mio. Euro»\n", "with a unit", `write value = 1.5 and, in a field of its own, unit = "Mio. Euro"`, "[a]\nvalue = 1.5\nunit = \"Mio. Euro\"\n"},
	{"facts.toml", "[a]\nvalue = «ca. 500»\n", "approximate", "approx = true", "[a]\nvalue = 500\napprox = true\n"},
	{"facts.toml", "[a]\nvalue = «~500» # so they say\n", "approximate", "approx = true", "[a]\nvalue = 500\napprox = true\n"},
	{"facts.toml", "[a]\nvalue = 500«,» # seats\n", "one too many", "write value = 500", "[a]\nvalue = 500\n"},
	{"facts.toml", "[a]\nas_of = «2.2.2024»\n", "not a date", "write as_of = 2024-02-02", "[a]\nas_of = 2024-02-02\n"},
	{"facts.toml", "[a]\nas_of = «2024/2/2»\n", "not a date", "write as_of = 2024-02-02", "[a]\nas_of = 2024-02-02\n"},
	{"facts.toml", "[a]\nas_of = «2 February 2024»\n", "not a date", "write as_of = 2024-02-02", "[a]\nas_of = 2024-02-02\n"},
	{"facts.toml", "[a]\napprox = «Yes»\n", "is written true", "write approx = true", "[a]\napprox = true\n"},
	{"facts.toml", "[a]\napprox = «none»\n", "is no value", "remove the line", "[a]\n"},
	{"facts.toml", "[a]\n«value =»\n", "has no value", "write its value after the =", "[a]\nvalue = 5\n"},
	// Texts of TOML.
	{"facts.toml", "[a]\nlabel = «\"Seats on the ferry»\nvalue = 5\n", "not closed on its line", `label = "Seats on the ferry"`, "[a]\nlabel = \"Seats on the ferry\"\nvalue = 5\n"},
	{"facts.toml", "[a]\nlabel = «Seats on the ferry»\n", "a text stands between quotation marks", `write label = "Seats on the ferry"`, "[a]\nlabel = \"Seats on the ferry\"\n"},
	{"facts.toml", "[a]\nlabel = «Seats\"»\n", "quotation mark at the start", `write label = "Seats"`, "[a]\nlabel = \"Seats\"\n"},
	{"facts.toml", "[a]\nlabel = «“Seats”»\n", "“ is not the quotation mark", `write label = "Seats"`, "[a]\nlabel = \"Seats\"\n"},
	{"facts.toml", "[a]\nlabel = ««Seats»»\n", "« is not the quotation mark", `write label = "Seats"`, "[a]\nlabel = \"Seats\"\n"},
	{"facts.toml", "[a]\nlabel = «\"The \"big\" ferry\"»\n", "inside the text ends it", `write label = "The \"big\" ferry"`, "[a]\nlabel = \"The \\\"big\\\" ferry\"\n"},
	{"facts.toml", "[a]\nlabel = «'It's full'»\n", "the ' inside the text ends it", `write label = "It's full"`, "[a]\nlabel = \"It's full\"\n"},
	{"facts.toml", "[a]\nlabel = \"C:«\\U»sers\"\n", "is not read as it stands", `write \\ for each \`, "[a]\nlabel = \"C:\\\\Users\"\n"},
	{"facts.toml", "[a]\nlabel = «\"\"\"Seats»\n\nvalue = 5\n", "never closed", `write """ where the text ends`, "[a]\nlabel = \"\"\"Seats\"\"\"\n\nvalue = 5\n"},
	{"facts.toml", "[a]\nsource = «[\"b\", \"c\"»\nvalue = 5\n", "is not closed", "write ] after its last value", "[a]\nsource = [\"b\", \"c\"]\nvalue = 5\n"},
	{"facts.toml", "[a]\nsource = [\"b\" «\"»c\"]\n", "a comma is missing", "write a comma between the two", "[a]\nsource = [\"b\", \"c\"]\n"},
	{"facts.toml", "[a]\nsource = [«b»]\n", "a text stands between quotation marks", `write "b"`, "[a]\nsource = [\"b\"]\n"},
	{"facts.toml", "[a]\nhistory = [\n  «{value = 5, as_of = \"2020\"»\n]\n", "is not closed before the ]", "write } after its last field", "[a]\nhistory = [\n  {value = 5, as_of = \"2020\"}\n]\n"},
	// Names of TOML.
	{"facts.toml", "«[gebühr]»\nvalue = 5\n", `holds "ü"`, `write ["gebühr"], or [gebuhr]`, "[\"gebühr\"]\nvalue = 5\n"},
	{"facts.toml", "«[ferry seats]»\nvalue = 5\n", "holds a blank", "write [ferry-seats]", "[ferry-seats]\nvalue = 5\n"},
	{"facts.toml", "«[ferry»\nvalue = 5\n", "not closed by ]", "write [ferry]", "[ferry]\nvalue = 5\n"},
	{"facts.toml", "«[ferry] value = 5»\n", "something follows [ferry]", "on a line of its own", "[ferry]\nvalue = 5\n"},
	{"changes.toml", "«[[change]»\nkind = \"update\"\n", "not closed by ]]", "write [[change]]", "[[change]]\nkind = \"update\"\n"},
	{"facts.toml", "[a]\n«as of» = \"2020\"\n", "holds a blank", "as_of = …", "[a]\nas_of = \"2020\"\n"},
	{"facts.toml", "[a]\n«label: Seats»\n", "with = between", `write label = "Seats"`, "[a]\nlabel = \"Seats\"\n"},
	{"facts.toml", "[a]\n«\"value\": 5,»\n", "with = between", "write value = 5", "[a]\nvalue = 5\n"},
	{"facts.toml", "[a]\n«value 5»\n", "it has no =", "name = ", "[a]\nvalue = 5\n"},
	{"facts.toml", "«// The ferry»\n[a]\n", "a comment starts with #", "write # in place of //", "# The ferry\n[a]\n"},
	{"facts.toml", "«<!DOCTYPE html>»\n<title>x</title>\n", "a web page", "get the data itself", ""},
	// JSON.
	{"sources.json", "[{\"id\": \"a\"«,»}]\n", "comma before this } is one too many", "remove it", "[{\"id\": \"a\"}]\n"},
	{"sources.json", "[{\"id\": \"a\"}«,»\n]\n", "comma before this ] is one too many", "remove it", "[{\"id\": \"a\"}\n]\n"},
	{"sources.json", "[{\"id\": \"a«\"»\n\"type\": \"book\"}]\n", "a comma is missing", "write a comma behind it", "[{\"id\": \"a\",\n\"type\": \"book\"}]\n"},
	{"sources.json", "[{\"id\": \"a\"«}»\n{\"id\": \"b\"}]\n", "a comma is missing", "write a comma behind it", "[{\"id\": \"a\"},\n{\"id\": \"b\"}]\n"},
	{"sources.json", "[{\"id\": «\"a,»\n\"type\": \"book\"}]\n", "not closed on its line", `write " where the text ends`, "[{\"id\": \"a\",\n\"type\": \"book\"}]\n"},
	{"sources.json", "[{\"title\": \"The «\"big\" ferry\"}]»\n", "inside the text ends it", `write \"`, "[{\"title\": \"The \\\"big\\\" ferry\"}]\n"},
	{"sources.json", "[{«'id'»: 'a'}]\n", `between " and "`, `write "id": …`, "[{\"id\": \"a\"}]\n"},
	{"sources.json", "[{«id»: \"a\"}]\n", "its name between quotation marks", `write it as "name": …`, "[{\"id\": \"a\"}]\n"},
	{"sources.json", "[{«“id”»: \"a\"}]\n", "“ is not the quotation mark", `write "id": …`, "[{\"id\": \"a\"}]\n"},
	{"sources.json", "[{«\"id\"» \"a\"}]\n", `no : after the name "id"`, `write "id":`, "[{\"id\": \"a\"}]\n"},
	{"sources.json", "[«{\"id\": \"a\"»\n]\n", "the { that opens here is not closed", "write } after", "[{\"id\": \"a\"}\n]\n"},
	{"sources.json", "«[{\"id\": \"a\"}»\n", "the [ that opens here is not closed", "write ] after", "[{\"id\": \"a\"}]\n"},
	{"sources.json", "[\n«// mine»\n{\"id\": \"a\"}]\n", "JSON has no comments", "remove it", "[\n{\"id\": \"a\"}]\n"},
	{"sources.json", "[{\"id\": \"a\", \"x\": «NaN»}]\n", `is written null`, "write null", "[{\"id\": \"a\", \"x\": null}]\n"},
	{"sources.json", "[{\"id\": \"a\", \"x\": «True»}]\n", `is written true`, "write true", "[{\"id\": \"a\", \"x\": true}]\n"},
	{"sources.json", "[{\"id\": \"a\", \"x\": «500,5»}]\n", "the decimal mark is a point", "write 500.5", "[{\"id\": \"a\", \"x\": 500.5}]\n"},
	{"sources.json", "[{\"id\": \"C:«\\U»sers\"}]\n", "is not read as it stands", `write \\`, "[{\"id\": \"C:\\\\Users\"}]\n"},
	{"sources.json", "{\"id\": \"a\"}\n«{\"id\": \"b\"}»\n", "the data has ended before this line", "put all records into one list", "[{\"id\": \"a\"},\n{\"id\": \"b\"}]\n"},
	{"sources.json", "[{\"id\": \"a\"}]«]»\n", "one too many", "remove it", "[{\"id\": \"a\"}]\n"},
	{"sources.json", "«TY  - BOOK»\nTI  - Ports\nER  - \n", "this is RIS", "as CSL JSON", ""},
	// Front matter and YAML.
	{"x.md", "---\ntitle: «Iraq: the troops»\n---\n", `a text with ": " in it`, `write title: "Iraq: the troops"`, "---\ntitle: \"Iraq: the troops\"\n---\n"},
	{"x.md", "---\ntitle: «@council says no»\n---\n", "starts with @", `write title: "@council says no"`, "---\ntitle: \"@council says no\"\n---\n"},
	{"x.md", "---\ntitle: «*Bold* words»\n---\n", "starts with *", `write title: "*Bold* words"`, "---\ntitle: \"*Bold* words\"\n---\n"},
	{"x.md", "---\ntitle: «%d seats»\n---\n", "starts with %", `write title: "%d seats"`, "---\ntitle: \"%d seats\"\n---\n"},
	{"x.md", "---\ntitle: «[draft] The ferry»\n---\n", "starts with [", `write title: "[draft] The ferry"`, "---\ntitle: \"[draft] The ferry\"\n---\n"},
	{"x.md", "---\ntitle: «\"Big\" ferry»\n---\n", "inside the text ends it", `write title: "Big\" ferry"`, "---\ntitle: \"\\\"Big\\\" ferry\"\n---\n"},
	{"x.md", "---\ntitle: «\"The ferry»\nsummary: \"It stops.\"\n---\n", "not closed", `write " where the text ends`, "---\ntitle: \"The ferry\"\nsummary: \"It stops.\"\n---\n"},
	{"x.md", "---\ntitle: «'It's full'»\n---\n", "the ' inside the text ends it", `write title: "It's full"`, "---\ntitle: \"It's full\"\n---\n"},
	{"x.md", "---\ntitle: T\n«summary: >»\n  A text that goes on\nwithout a blank before it\n---\n", `the text of "summary" starts here`, "indent each line of the text", "---\ntitle: T\nsummary: >\n  A text that goes on\n  without a blank before it\n---\n"},
	{"x.md", "---\n«summary: A text that goes on»\nwithout a blank before it\n---\n", "a line below is not indented", "indent each line of the text", "---\nsummary: A text that goes on\n  without a blank before it\n---\n"},
	{"x.md", "---\naliases:\n«\t- a»\n---\n", "indented with a tab", "two for each step", "---\naliases:\n  - a\n---\n"},
	{"x.md", "---\naliases: «[a, b»\ntitle: T\n---\n", "the [ that opens here is not closed", "write ] after", "---\naliases: [a, b]\ntitle: T\n---\n"},
	{"x.md", "---\n«title = The ferry»\nsummary: S\n---\n", "with : between", "write title: The ferry", "---\ntitle: The ferry\nsummary: S\n---\n"},
	{"x.md", "---\n«title:The ferry»\nsummary: S\n---\n", "no blank behind the :", "write title: The ferry", "---\ntitle: The ferry\nsummary: S\n---\n"},
	{"sources.yaml", "- title: «Ports: a history»  \n  id: a\n", `a text with ": " in it`, `write title: "Ports: a history"`, "- title: \"Ports: a history\"\n  id: a\n"},
	{"sources.yaml", "references:\n- id: a\n  title: «Ports: a history»\n", `a text with ": " in it`, `write title: "Ports: a history"`, "references:\n- id: a\n  title: \"Ports: a history\"\n"},
	{"sources.yaml", "- id: a\n  title: «\"Ports»\n", "not closed", `write " where the text ends`, "- id: a\n  title: \"Ports\"\n"},
}

// TestSlips requires for each slip one finding that keeps the file from being read, at its place, in words that name it,
// and that the file can be read when the hint has been followed.
func TestSlips(t *testing.T) {
	for _, c := range slips {
		t.Run(c.message, func(t *testing.T) {
			src, want := c.text, ""
			start := strings.Index(c.text, "«")
			end := strings.LastIndex(c.text, "»")
			src = c.text[:start] + c.text[start+len("«"):end] + c.text[end+len("»"):]
			want = c.text[start+len("«") : end]
			found := parseSlip(c.file, src)
			if len(found) != 1 || !found[0].Unreadable {
				t.Fatalf("%q: got %d findings, want one that keeps the file from being read: %v", src, len(found), found)
			}
			f := found[0]
			if got := src[f.Span.Start:f.Span.End]; f.Span.Start != start || got != want {
				t.Errorf("%q: the finding is at %d: %q, want %d: %q", src, f.Span.Start, got, start, want)
			}
			if !strings.Contains(f.Message, c.message) || !strings.Contains(f.Hint, c.hint) {
				t.Errorf("%q: got\n%s\nhint: %s\nwant\n%s\nhint: %s", src, f.Message, f.Hint, c.message, c.hint)
			}
			if c.mended == "" {
				return
			}
			for _, f := range parseSlip(c.file, c.mended) {
				if f.Unreadable {
					t.Errorf("%q: with the hint followed: %s", c.mended, f.Message)
				}
			}
		})
	}
}

func parseSlip(file, text string) []diag.Finding {
	if strings.HasSuffix(file, ".md") {
		var out []diag.Finding
		for _, f := range ParseDoc(DocInput{File{"content/" + file, []byte(text)}, Settings{Language: "en"}}).Findings {
			if f.Unreadable {
				out = append(out, f)
			}
		}
		return out
	}
	return ParseData(DataInput{File{"content/data/" + file, []byte(text)}, Settings{Language: "en"}}).Findings
}

// TestNoSlip reads every data file and front matter of the repository's sites for slips: there are none.
func TestNoSlip(t *testing.T) {
	n := 0
	for _, dir := range []string{"../../content", "../../docs/content", "../starter", "../../site.toml", "../../docs/site.toml"} {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			var s *slip
			switch filepath.Ext(name) {
			case ".toml":
				s = tomlSlip(text)
			case ".json":
				s = jsonSlip(text)
			case ".md":
				_, after, ok := bytes.Cut(text, []byte("---\n"))
				front, _, ends := bytes.Cut(after, []byte("\n---"))
				if !ok || !ends || !bytes.HasPrefix(text, []byte("---\n")) {
					return nil
				}
				s = yamlSlip(front)
			default:
				return nil
			}
			n++
			if s != nil {
				t.Errorf("%s: %s", name, s.message)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 100 {
		t.Errorf("only %d files were read", n)
	}
}

// FuzzSlips requires that nothing is wrong with a text that its format can read, and that a slip lies inside the text.
func FuzzSlips(f *testing.F) {
	for _, s := range slips {
		f.Add([]byte(strings.NewReplacer("«", "", "»", "").Replace(s.text)))
		f.Add([]byte(s.mended))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var table map[string]any
		for name, c := range map[string]struct {
			read  bool
			found *slip
		}{
			"TOML": {toml.Unmarshal(text, &table) == nil, tomlSlip(text)},
			"JSON": {json.Valid(text), jsonSlip(text)},
			"YAML": {false, yamlSlip(text)}, // which has too many forms to be read here
		} {
			if c.found == nil {
				continue
			}
			if c.read {
				t.Errorf("%s: %q is right, and yet: %s", name, text, c.found.message)
			}
			if c.found.start < 0 || c.found.end > len(text) || c.found.start > c.found.end || c.found.hint == "" {
				t.Errorf("%s: %q: the slip has the place %d–%d and the hint %q", name, text, c.found.start, c.found.end, c.found.hint)
			}
		}
	})
}
