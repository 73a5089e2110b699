package build

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gloss"
	"gloss/generator/content"
	"gloss/generator/render"
	"gloss/generator/site"
)

// glass is a theme of one layout that shows every field of a View, so that no difference of two builds hides behind a
// layout that does not print it. It is also much faster than the default one.
var glass = fstest.MapFS{
	"layouts/page.html": {Data: []byte(glassLayout())},
	"static/style.css":  {Data: []byte("p{margin:0}")},
}

// glassLayout prints the fields one by one: those that hold pointers (the parts of a body) by what these point at.
func glassLayout() string {
	var b strings.Builder
	for _, f := range reflect.VisibleFields(reflect.TypeOf(site.View{})) {
		switch f.Name {
		case "Body", "Sections", "Style", "Policy":
		default:
			fmt.Fprintf(&b, "<p>%s {{printf \"%%+v\" .%s}}</p>\n", f.Name, f.Name)
		}
	}
	part := `{{.HTML}}{{.Sources}}{{with .Chart}}{{printf "%+v" .}}{{end}}{{with .Claim}}{{printf "%+v" .}}{{end}}{{with .Timeline}}{{printf "%+v" .}}{{end}}{{with .Fact}}{{printf "%+v" .}}{{end}}`
	b.WriteString(`{{range .Body}}` + part + `{{end}}{{range .Sections}}{{.Title}}{{.URL}}{{.Answer}}{{.Minutes}}{{.Kicker}}{{range .Body}}` + part + `{{end}}{{end}}{{.Style}}{{.Policy}}`)
	return b.String()
}

// tree makes a Tree of files in memory, with the default theme.
func tree(t testing.TB, files map[string]string) *Tree { return themed(t, files, gloss.Theme) }

func themed(t testing.TB, files map[string]string, theme fs.FS) *Tree {
	t.Helper()
	own := []content.File{{Name: "site.toml", Text: []byte(files["site.toml"])}}
	for _, n := range slices.Sorted(maps.Keys(files)) {
		if n != "site.toml" {
			own = append(own, content.File{Name: n, Text: []byte(files[n])})
		}
	}
	r := NewReader("", theme)
	if err := r.readTheme(); err != nil {
		t.Fatal(err)
	}
	return assemble(own, r.theme, nil)
}

// start is a small site with one of everything that pages learn from each other.
func start() map[string]string {
	return map[string]string{
		"site.toml":                    "title = \"T\"\nbase_url = \"https://example.org/x/\"\n[authors.a]\nname = \"A\"\n",
		"content/index.md":             "---\ntitle: Start\ntiles: [n]\n---\n\nSee [[a-term]].\n\n![[three#^x]]\n",
		"content/sections/10-one.md":   "---\ntitle: One?\nanswer: There are [about 5](fact:n).\npublished: \"2024\"\nauthors: [a]\n---\n\n## Head\n\nThe [[who-b|B]] said [about 5](fact:n) [@src].\n\n![[a-term]]\n\n<!--more-->\n\nAnd more.\n",
		"content/sections/20-two.md":   "---\ntitle: Two?\nanswer: Yes.\npublished: \"2024\"\nauthors: [a]\n---\n\nA term and [[who-b]] met on [January 2020](event:ev).[^n]\n\n::: {#refs}\n:::\n\n[^n]: Note [[10-one#Head]].\n",
		"content/terms/a-term.md":      "---\ntitle: A term\nsummary: It is a term.\n---\n\nMore [@src].\n",
		"content/who/who-b.md":         "---\ntitle: B\nkind: person\nrole: Head\nrole_as_of: \"2024\"\nsummary: B is head.\n---\n\nText.\n",
		"content/sections/30-three.md": "---\ntitle: Three?\nanswer: No.\npublished: \"2024\"\nauthors: [a]\n---\n\nA term.\n\n![[note]]\n\n## Head\n\nThis is named. ^x\n",
		"content/sections/40-four.md":  "---\ntitle: Four?\nanswer: Perhaps.\npublished: \"2024\"\nauthors: [a]\n---\n\nSee [[who-d]].\n",
		"content/who/who-d.md":         "---\ntitle: D\nkind: person\nrole: Guard\nrole_as_of: \"2024\"\nsummary: D guards [[a-term]].\n---\n\nSee [[three#^x|there]].\n",
		"content/timeline.md":          "# When\n\nIt began with [[a-term]].\n",
		"content/note.md":              "# Note\n\nSee [[Two?]] and [one](sections/10-one.md). <b>Raw.</b> A term.\n",
		"content/data/facts.toml":      "[n]\nlabel=\"N\"\nvalue=5\nunit=\"units\"\napprox=true\nas_of=\"2024\"\nsource=\"src\"\n",
		"content/data/events.csv":      "id,date,title,who,tags,source\nev,2020-01,Something,who-b,tag,src\n",
		"content/data/sources.json":    `[{"id":"src","type":"report","title":"S","URL":"https://example.org/gone","archive_location":"https://example.org/copy","custom":{"seen":true}}]`,
		"content/data/dead.toml":       "[[dead]]\nurl = \"https://example.org/x\"\nsince = \"2024-01-01\"\n",
		"content/data/claims.toml":     "[c]\nclaim=\"C\"\nstatus=\"disputed\"\nas_of=\"2024\"\n[[c.position]]\nsays=\"Yes\"\nwho=\"who-b\"\ndate=\"2024\"\ncite=\"src\"\n[[c.position]]\nsays=\"No\"\nwho_text=\"Others\"\ndate=\"2024\"\ncite=\"src\"\n",
		"content/data/changes.toml":    "[[change]]\ndate=\"2024-02\"\nkind=\"update\"\npage=\"10-one\"\ntext=\"New.\"\n",
	}
}

// writer changes a site in one way after another. Every choice comes from pick.
type writer struct {
	files map[string]string
	past  map[string][]string // earlier texts of each page
	pick  func(n int) int
	prose bool // changes nothing but prose
}

// text is a few words, with links, headings and names of blocks among them.
func (w *writer) text() string {
	words := append([]string{"plain words", "[out](https://example.org/x)", "<https://example.org/gone>", "[[a-term]]", "[[who-b|B]]", "[[who-d]]", "A term", "B", "D", "[about 5](fact:n)", "[6](fact:n)", "[](fact:n)", "[@src]", "[@none]", "[[c]]", "![[c]]",
		"[2020](event:ev)", "[[Two?#^x]]", "![[note]]", "![[Three?]]", "![[Three?#^x]]", "![[Three?#Head]]", "![[a-term]]", "[[One?]]", "[[gone]]", "[[three#^x]]", "[[three#x]]", "![[Three?#x]]", "[x](/sections/30-three.md#x)", "<b>raw</b>", "Named. ^x", "## Head", "## Other", "x[^q]\n\n[^q]: more",
		"```chart\ntype=\"bar\"\ntitle=\"T\"\nfacts=[\"n\"]\n```", "```timeline\nabout=\"tag\"\n```", strings.Repeat("Many words and more of them. ", 60)}, features...)
	var b strings.Builder
	for range 1 + w.pick(4) {
		b.WriteString(words[w.pick(len(words))] + []string{" ", "\n\n", ". "}[w.pick(3)])
	}
	return b.String()
}

// edit changes one thing and says what.
func (w *writer) edit() string {
	files, pick := w.files, w.pick
	names := slices.Sorted(maps.Keys(files))
	pages := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !strings.HasSuffix(n, ".md") })
	page := ""
	if len(pages) > 0 {
		page = pages[pick(len(pages))]
		w.past[page] = append(w.past[page], files[page])
	}
	kind := pick(4)
	if !w.prose {
		kind = pick(17)
	}
	switch kind {
	case 0: // prose at the end
		if page != "" {
			files[page] += "\n" + w.text() + "\n"
			return "append to " + page
		}
	case 1: // a paragraph in the middle
		if parts := strings.Split(files[page], "\n\n"); len(parts) > 1 {
			files[page] = strings.Join(slices.Insert(parts, 1+pick(len(parts)-1), w.text()), "\n\n")
			return "put a paragraph into " + page
		}
	case 2: // a paragraph less, or other words
		if parts := strings.Split(files[page], "\n\n"); len(parts) > 1 {
			i := 1 + pick(len(parts)-1)
			if parts[i] = ""; pick(2) == 1 {
				parts[i] = w.text()
			}
			files[page] = strings.Join(parts, "\n\n")
			return "take a paragraph from " + page
		}
	case 3: // back to an earlier text
		if old := w.past[page]; len(old) > 0 && (!w.prose || page != "") {
			files[page] = old[pick(len(old))]
			return "take back " + page
		}
	case 4: // a new page
		n := []string{"content/new.md", "content/terms/c-term.md", "content/who/d.md", "content/events/ev.md", "content/sections/05-zero.md", "content/deep/er/page.md"}[pick(6)]
		files[n] = []string{"# New\n\n", "---\ntitle: New name\nsummary: S.\nkind: person\nrole: R\nrole_as_of: \"2024\"\ndate: \"2021\"\nsource: src\nanswer: A.\npublished: \"2024\"\nauthors: a\n---\n\n", ""}[pick(3)] + w.text()
		return "write " + n
	case 5: // a page or record file goes
		n := names[pick(len(names))]
		if n != "site.toml" {
			delete(files, n)
			return "delete " + n
		}
	case 6: // a rename
		if page != "" {
			files[strings.TrimSuffix(page, ".md")+"-x.md"] = files[page]
			delete(files, page)
			return "rename " + page
		}
	case 7: // a title
		files[page] = strings.Replace(files[page], "title: ", "title: X", 1)
		return "retitle " + page
	case 8: // a text of front matter
		for _, key := range []string{"summary: ", "answer: ", "role: "} {
			files[page] = strings.Replace(files[page], key, key+"More. ", 1)
		}
		return "change the front matter of " + page
	case 9: // a value
		n := "content/data/facts.toml"
		files[n] = strings.Replace(files[n], "value=", fmt.Sprintf("value=%d", 1+pick(9)), 1)
		return "change a value"
	case 10: // a layout of its own
		n := []string{"layouts/term.html", "layouts/parts/tile.html", "static/style.css", "layouts/page.html"}[pick(4)]
		files[n] = []string{"<p>{{.Title}}</p>", "{{.Nope}}", "a{color:red}", "{{with .fact}}<i>{{.Value}}</i>{{end}}"}[pick(4)]
		return "write " + n
	case 11: // the configuration
		files["site.toml"] = []string{
			"title = \"T\"\n[authors.a]\nname = \"A\"\n", "title = \"T2\"\nraw_html = true\nlanguage = \"ar\"\n[authors.a]\nname = \"B\"\n",
			"title = \"T\"\nautolink = \"off\"\nbase_url = \"https://example.org/y\"\n", "title = \"T\"\n[checks]\nbroken-link = \"warn\"\nunknown-fact = \"off\"\nunlinked-mention = \"warn\"\n", "title = 3\nnope"}[pick(5)]
		return "configure"
	case 12: // other records
		n := []string{"content/data/events.csv", "content/data/sources.json", "content/data/claims.toml", "content/data/changes.toml", "content/data/dead.toml"}[pick(5)]
		if n == "content/data/dead.toml" {
			files[n] = "[[dead]]\nurl = \"https://example.org/" + []string{"x", "gone", "other"}[pick(3)] + "\"\nsince = \"2024-01-01\"\n"
			return "change " + n
		}
		files[n] = strings.Replace(files[n], []string{"2020", "S\"", "No", "New", "src", "tag"}[pick(6)], []string{"2021", "2", "x", "who-b"}[pick(4)], 1)
		return "change " + n
	case 13: // a file that is copied, in the way of a page or not
		n := []string{"content/img/x.txt", "static/note", "content/note/index.html", "static/robots.txt"}[pick(4)]
		files[n] += "x"
		return "write " + n
	case 14: // a line of front matter
		if parts := strings.SplitN(files[page], "\n---\n", 2); len(parts) == 2 {
			files[page] = w.line(parts[0]) + "\n---\n" + parts[1]
			return "change a field of " + page
		}
	case 15, 16: // a line of records, of the configuration or of what is copied
		n := names[pick(len(names))]
		if !strings.HasSuffix(n, ".md") {
			files[n] = w.line(files[n])
			return "change a line of " + n
		}
	}
	return "nothing"
}

// line changes a line of a text: a digit or a word of it, or the whole line.
func (w *writer) line(text string) string {
	lines := strings.Split(text, "\n")
	at := w.pick(len(lines))
	line := lines[at]
	switch w.pick(5) {
	case 0, 1: // another number or letter
		if i := w.pick(len(line) + 1); i < len(line) {
			for ; i < len(line); i++ {
				if c := line[i]; c >= '0' && c <= '8' || c >= 'a' && c <= 'y' {
					lines[at] = line[:i] + string(c+1) + line[i+1:]
					break
				}
			}
		}
	case 2: // another name
		old, now := []string{"n", "src", "via", "who-b", "a-term", "ev", "tag", "5"}[w.pick(8)], []string{"m", "src", "who-d", "note", "6", "", "[](fact:n)", "[[a-term]]"}[w.pick(8)]
		lines[at] = strings.Replace(line, old, now, 1)
	case 3:
		lines = slices.Delete(lines, at, at+1)
	case 4:
		lines = slices.Insert(lines, at, lines[w.pick(len(lines))])
	}
	return strings.Join(lines, "\n")
}

// compare builds a site cold and warm and returns what differs.
func compare(t testing.TB, files map[string]string, warm *Memo, theme fs.FS) string {
	env := Env{Env: site.Env{Today: "2024-06-01"}, Workers: 2}
	tr := themed(t, files, theme)
	return differ(t, Build(tr, env, nil), Build(tr, env, warm))
}

// differ returns what differs between two builds of one tree. Most do not, and finding that out the long way takes longer
// than building.
func differ(t testing.TB, cold, hot *Result) string {
	out := ""
	if !reflect.DeepEqual(cold.Files, hot.Files) {
		out += cmp.Diff(texts(cold), texts(hot))
	}
	for _, pair := range [][2]any{{cold.Findings, hot.Findings}, {cold.Hidden, hot.Hidden}, {cold.Waiting, hot.Waiting}, {cold.Sources, hot.Sources}, {cold.Posters, hot.Posters}, {cold.Stopped, hot.Stopped}, {graph(t, cold), graph(t, hot)}} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			out += cmp.Diff(pair[0], pair[1])
		}
	}
	return out
}

func graph(t testing.TB, r *Result) string {
	var b strings.Builder
	if err := r.Site.WriteGraph(&b, func(_ string, at int) (int, int) { return at, 0 }); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func texts(r *Result) map[string]string {
	out := map[string]string{}
	for n, b := range r.Files {
		out[n] = string(b)
	}
	return out
}

// play plays a script of edits of a site and returns the first difference between a warm and a cold build.
func play(t testing.TB, files map[string]string, edits int, pick func(int) int, prose bool, warm *Memo, theme fs.FS) string {
	w := writer{files: files, past: map[string][]string{}, pick: pick, prose: prose}
	log := ""
	for range edits {
		for range 1 + pick(5)/4 { // now and then two files at once
			log += w.edit() + "; "
		}
		if d := compare(t, w.files, warm, theme); d != "" {
			return log + "\n" + d
		}
	}
	return ""
}

func TestWarmBuildEqualsColdBuild(t *testing.T) {
	scripts := 60
	if testing.Short() {
		scripts = 10
	}
	for seed := range uint64(scripts) {
		r := rand.New(rand.NewPCG(seed, 1))
		site := start()
		if seed%3 > 0 {
			site = rich(some(r.IntN))
		}
		var theme fs.FS = glass
		if seed%20 == 0 {
			theme = gloss.Theme
		}
		if d := play(t, site, 10, r.IntN, seed%2 == 0, &Memo{Verify: true}, theme); d != "" {
			t.Fatalf("seed %d: after %s", seed, d)
		}
	}
}

// FuzzIncremental is the same property with scripts that the fuzzer writes.
func FuzzIncremental(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	f.Add([]byte{6, 0, 0, 7, 1, 5, 3, 4, 0, 2, 2, 1, 1, 8, 0, 0})
	f.Fuzz(func(t *testing.T, script []byte) {
		at := 0
		pick := func(n int) int {
			if at >= len(script) {
				return 0
			}
			at++
			return int(script[at-1]) % n
		}
		files := start()
		if pick(2) == 1 {
			files = rich(some(pick))
		}
		if d := play(t, files, min(8, 1+len(script)/4), pick, len(script)%2 == 0, &Memo{}, glass); d != "" {
			t.Fatal("after " + d)
		}
	})
}

// TestRebuildCost counts the work of an edit: typing in the body of a page never renders another page, nor links the
// whole site, and a new title renders just the pages that show it.
func TestRebuildCost(t *testing.T) {
	files, warm := start(), &Memo{}
	env := Env{Env: site.Env{Today: "2024-06-01"}}
	build := func() map[string]int { Build(tree(t, files), env, warm); return warm.Misses() }
	build()
	for _, c := range []struct {
		what, file, old, new string
		want                 map[string]int
	}{
		{"nothing", "", "", "", map[string]int{}},
		// The summary shows sections, too, though not this far; the page with everything shows all of it.
		{"typing in the body", "content/sections/10-one.md", "And more.", "And more words.", map[string]int{"page": 1, "render": 2, "view": 3}},
		// Where the list of sources stands moves; what others show of the page does not.
		{"typing above the list of sources", "content/sections/20-two.md", "A term and", "Here a term and", map[string]int{"page": 1, "render": 6, "view": 6}},
		// Those that embed it or a page that does, and those that it mentions from another block.
		{"a page that others embed", "content/note.md", "See", "Now see", map[string]int{"page": 1, "render": 7, "view": 8}},
		{"a new link", "content/who/who-b.md", "Text.", "Text and [[who-d]].", map[string]int{"page": 1, "render": 2, "view": 3}},
		{"back again", "content/who/who-b.md", "Text and [[who-d]].", "Text.", map[string]int{"view": 3}},
		// The note is shown on its own page, in the A–Z, where it is embedded (section 30 and with that the summary and the page with everything), and
		// where it is listed as mentioning: sections 10 and 20, and the term.
		{"a new title", "content/note.md", "# Note", "# Another name", map[string]int{"link": 1, "page": 1, "render": 8, "view": 22}},
	} {
		files[c.file] = strings.Replace(files[c.file], c.old, c.new, 1)
		if c.file == "" {
			delete(files, "")
		}
		if got := build(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: computed %v, want %v", c.what, got, c.want)
		}
	}
}

// TestPlainData walks the types of every remembered step's input: what cannot be hashed whole may not be in a key, and a
// View has no methods that a layout could call.
func TestPlainData(t *testing.T) {
	for _, v := range []any{content.File{}, content.DocInput{}, content.DataInput{}, render.LayoutInput{}, render.PageInput{}} {
		plain(t, reflect.TypeOf(v), reflect.TypeOf(v).String(), map[reflect.Type]bool{})
	}
	noMethods(t, reflect.TypeOf(site.View{}), map[reflect.Type]bool{})
}

func plain(t *testing.T, typ reflect.Type, at string, seen map[reflect.Type]bool) {
	if seen[typ] {
		return
	}
	seen[typ] = true
	if typ.Kind() == reflect.Struct && typ.Implements(reflect.TypeOf((*hashed)(nil)).Elem()) {
		return
	}
	switch typ.Kind() {
	case reflect.Func, reflect.Chan, reflect.Interface, reflect.UnsafePointer, reflect.Complex64, reflect.Complex128:
		t.Errorf("%s is a %s, which cannot be part of a key", at, typ)
	case reflect.Map:
		if typ.Key().Kind() != reflect.String {
			t.Errorf("%s is a %s: keys are sorted as texts", at, typ)
		}
		plain(t, typ.Elem(), at+"[]", seen)
	case reflect.Slice, reflect.Array, reflect.Pointer:
		plain(t, typ.Elem(), at+"[]", seen)
	case reflect.Struct:
		for i := range typ.NumField() {
			f := typ.Field(i)
			if !f.IsExported() {
				t.Errorf("%s.%s is not exported, so no layout or test can see it", at, f.Name)
			}
			plain(t, f.Type, at+"."+f.Name, seen)
		}
	}
}

func noMethods(t *testing.T, typ reflect.Type, seen map[reflect.Type]bool) {
	if seen[typ] {
		return
	}
	seen[typ] = true
	if typ.NumMethod() > 0 || reflect.PointerTo(typ).NumMethod() > 0 && typ.Kind() != reflect.Pointer {
		t.Errorf("%s has methods, which a layout could call", typ)
	}
	switch typ.Kind() {
	case reflect.Slice, reflect.Pointer, reflect.Map:
		noMethods(t, typ.Elem(), seen)
	case reflect.Struct:
		for i := range typ.NumField() {
			noMethods(t, typ.Field(i).Type, seen)
		}
	}
}

// TestHash holds the hasher against values that differ in one place.
func TestHash(t *testing.T) {
	base := content.DocInput{File: content.File{Name: "ab", Text: []byte("c")}}
	others := []content.DocInput{
		{File: content.File{Name: "a", Text: []byte("bc")}},
		{File: content.File{Name: "ab", Text: []byte("c\xff")}},
		{File: content.File{Name: "ab", Text: []byte("c\xfe")}},
		{File: content.File{Name: "ab", Text: []byte("c")}, Settings: content.Settings{RawHTML: true}},
	}
	seen := map[digest]bool{hashOf(base): true}
	for _, o := range others {
		if seen[hashOf(o)] {
			t.Errorf("%v has the hash of another", o)
		}
		seen[hashOf(o)] = true
	}
	if hashOf(base) != hashOf(content.DocInput{File: content.File{Name: "ab", Text: []byte("c")}}) {
		t.Error("equal values have different hashes")
	}
}

// TestWorkers holds the results of 1 and 16 workers against each other.
func TestWorkers(t *testing.T) {
	files := start()
	for i := range 200 { // more than one hand links
		files[fmt.Sprintf("content/notes/%d.md", i)] = fmt.Sprintf("A term and [[notes/%d#^x]] and [[gone]].\n\nText. ^x\n", (i+1)%200)
	}
	tr := themed(t, files, glass)
	one, many := Build(tr, Env{Workers: 1}, nil), Build(tr, Env{Workers: 16}, nil)
	if d := cmp.Diff(texts(one), texts(many)) + cmp.Diff(one.Findings, many.Findings) + cmp.Diff(graph(t, one), graph(t, many)); d != "" {
		t.Error(d)
	}
}

// TestWriteIsAllOrOurs interrupts nothing but shows the states between: the list names every file of ours at each step.
func TestWriteTouchesOnlyItsOwn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	file := func(n string) string { return filepath.Join(dir, filepath.FromSlash(n)) }
	write := func(files map[string]string, force bool) (int, int, error) {
		b := map[string][]byte{}
		for n, s := range files {
			b[n] = []byte(s)
		}
		return Write(dir, &Result{Files: b}, force)
	}
	if w, _, err := write(map[string]string{"index.html": "1", "a/index.html": "2"}, false); err != nil || w != 2 {
		t.Fatalf("first build: wrote %d, %v", w, err)
	}
	if w, r, err := write(map[string]string{"index.html": "1", "b/index.html": "3"}, false); err != nil || w != 1 || r != 1 {
		t.Fatalf("second build: wrote %d, removed %d, %v", w, r, err)
	}
	if _, err := os.Stat(file("a")); !os.IsNotExist(err) {
		t.Errorf("the empty folder a is left: %v", err)
	}
	if err := os.WriteFile(file("mine.txt"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := write(map[string]string{"index.html": "new"}, false); err == nil {
		t.Error("a foreign file did not stop the build")
	}
	if got, _ := os.ReadFile(file("index.html")); string(got) != "1" {
		t.Errorf("a refused build wrote index.html: %q", got)
	}
	if _, _, err := write(map[string]string{"index.html": "new", "mine.txt": "theirs"}, true); err == nil {
		t.Error("force replaced a file that is not ours")
	}
	if _, _, err := write(map[string]string{"index.html": "new"}, true); err != nil {
		t.Errorf("force: %v", err)
	}
	if got, _ := os.ReadFile(file("mine.txt")); string(got) != "mine" {
		t.Errorf("mine.txt holds %q", got)
	}
}

// TestPostersAreDrawnOnce: a poster that the last build wrote is left alone, whatever the disk says of its age; one that is
// lost, empty or not ours is drawn, and one that no page shows any more goes.
func TestPostersAreDrawnOnce(t *testing.T) {
	dir := t.TempDir()
	result := func(titles ...string) (r *Result, names []string) {
		r = &Result{Files: map[string][]byte{"index.html": []byte("x")}, Posters: map[string]site.PosterView{}}
		for _, title := range titles {
			p := site.PosterView{Title: title, Language: "en", Dir: "ltr"}
			names = append(names, render.PosterName(p))
			r.Posters[render.PosterName(p)] = p
		}
		return r, names
	}
	write := func(r *Result, wantWritten, wantRemoved int) {
		t.Helper()
		if w, gone, err := Write(dir, r, false); err != nil || w != wantWritten || gone != wantRemoved {
			t.Fatalf("%d written, %d removed, %v; want %d and %d", w, gone, err, wantWritten, wantRemoved)
		}
		for name, p := range r.Posters {
			if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(got, render.DrawPoster(p)) {
				t.Fatalf("%s is not the poster of %q: %v", name, p.Title, err)
			}
		}
	}
	both, names := result("One", "Two")
	write(both, 3, 0)
	write(both, 0, 0)
	for i, spoil := range []func(name string) error{os.Remove, func(name string) error { return os.Truncate(name, 0) }} {
		if err := spoil(filepath.Join(dir, names[i])); err != nil {
			t.Fatal(err)
		}
		write(both, 1, 0)
	}
	other, _ := result("One", "Three")
	write(other, 1, 1)
	none, _ := result()
	write(none, 0, 2)

	if err := os.MkdirAll(filepath.Join(dir, render.PosterFolder), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, names[0]), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Write(dir, both, true); err == nil {
		t.Error("a file of somebody else took the place of a poster")
	}
}

// TestNothingIsLeftHalfWritten: a write that fails leaves the old file and no other, and what a killed build left behind
// is neither taken for the writer's nor kept.
func TestNothingIsLeftHalfWritten(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := Write(dir, &Result{Files: map[string][]byte{"a": []byte("old")}}, false); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := os.MkdirAll(filepath.Join(dir, "b", "in"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Replace(root, "b", []byte("x"), 0o644); err == nil { // a rename onto a full folder fails
		t.Error("a folder was replaced")
	}
	stale := filepath.Join(dir, "a.1"+temporary)
	if err := os.WriteFile(stale, []byte("ha"), 0o644); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(stale, old, old); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Write(dir, &Result{Files: map[string][]byte{"a": []byte("new")}}, false); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range must(os.ReadDir(dir)) {
		names = append(names, e.Name())
	}
	if want := []string{List, "a", "b"}; !slices.Equal(names, want) {
		t.Errorf("the folder holds %v, want %v", names, want)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
