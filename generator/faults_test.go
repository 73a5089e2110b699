package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// plants are panics that a build of the program with faults has at the start of functions, by their first line. Each
// happens where a text says so, so that the stories choose.
var plants = []struct{ file, function, text, says string }{
	{"content/parse.go", "func ParseDoc(in DocInput) ParsedDoc {", "string(in.File.Text)", "fault in parsing"},
	{"content/records.go", "func ParseData(in DataInput) ParsedData {", "string(in.File.Text)", "fault in a record"},
	{"site/resolve.go", "func (s *Site) resolvePage(p *Page) {", "p.Meta.Title", "fault in resolving"},
	{"site/site.go", "func (s *Site) addPages(docs []*content.Doc) {", `func() (all string) {
		for _, d := range docs {
			all += d.Meta.Title
		}
		return all
	}()`, "fault in linking"},
	{"site/make.go", "func (s *Site) View(p *Page) View {", "p.Meta.Title", "fault in a view"},
	{"site/feed.go", "func (s *Site) Feed() *Feed {", "s.Config.Title", "fault in the feed"},
	{"render/page.go", "func Page(in PageInput) PageOutput {", "in.View.Title", "fault in rendering"},
	{"render/poster.go", "func DrawPoster(p site.PosterView) []byte {", "p.Title", "fault in drawing"},
	{"build/read.go", "func Find(dir string) (string, error) {", "dir", "fault-in-finding"},
}

// TestFaults runs the stories of testdata/faults with a program that has faults: one built from these very sources with
// the plants laid over them, since no input is known that makes the real one panic.
func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	t.Parallel()
	dir := t.TempDir()
	texts, overlay := map[string]string{}, map[string]string{}
	for _, p := range plants {
		text, ok := texts[p.file]
		if !ok {
			b, err := os.ReadFile(p.file)
			if err != nil {
				t.Fatal(err)
			}
			text = string(b)
		}
		if strings.Count(text, p.function) != 1 {
			t.Fatalf("%s does not have %q once; plant that fault elsewhere", p.file, p.function)
		}
		texts[p.file] = strings.Replace(text, p.function, fmt.Sprintf("%s\nif strings.Contains(%s, %q) { panic(%q) }\n", p.function, p.text, p.says, p.says), 1)
	}
	for file, text := range texts {
		if !strings.Contains(text, "\t\"strings\"\n") {
			text = strings.Replace(text, "import (\n", "import (\n\t\"strings\"\n", 1)
		}
		abs, err := filepath.Abs(file)
		if err != nil {
			t.Fatal(err)
		}
		overlay[abs] = filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(overlay[abs], []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), list, 0o644); err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "bin")
	if out, err := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", filepath.Join(bin, "gloss"), ".").CombinedOutput(); err != nil {
		t.Fatalf("build the program with faults: %v\n%s", err, out)
	}
	p := scripts("testdata/faults")
	setup := p.Setup
	p.Setup = func(e *testscript.Env) error {
		e.Setenv("PATH", bin+string(os.PathListSeparator)+e.Getenv("PATH"))
		return setup(e)
	}
	testscript.Run(t, p)
}
