package build

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gloss/generator/render"
)

// many is a site of enough pages for words of their own files.
func many(n int, r *rand.Rand) map[string]string {
	files := map[string]string{"site.toml": "title = \"T\"\n", "content/index.md": "---\ntitle: T\n---\n\nIntro.\n"}
	for i := range n {
		files[fmt.Sprintf("content/n%03d.md", i)] = fmt.Sprintf("# Note %d\n\n%s\n", i, prose(r))
	}
	return files
}

func prose(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString("the of and ")
	for range 90 {
		fmt.Fprintf(&b, "%c%c%c ", 'a'+r.IntN(26), 'a'+r.IntN(9), 'a'+r.IntN(3))
	}
	return b.String() + "قوات 部隊"
}

// TestSearchAfterEdits: the index that has taken edits is that of a first reading, while words come and go, others become
// too common, and the number of files changes.
func TestSearchAfterEdits(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	files := many(120, r)
	for i := range 36 { // so few at first that one file holds all words
		files[fmt.Sprintf("content/n%03d.md", i)] = "# Short\n"
	}
	const facts = "content/data/facts.toml"
	files["content/n050.md"] = "# Lent\n\nThere are [](fact:lent) of them.\n"
	memo, seen := &Memo{}, map[string]bool{}
	for round := range 30 {
		switch round % 4 { // what a page lends comes, changes and goes
		case 0:
			files[facts] = "[lent]\nlabel=\"L\"\nvalue=12345\nunit=\"u\"\nas_of=\"2024\"\nsource=\"s\"\n"
		case 2:
			files[facts] = strings.Replace(files[facts], "12345", "67890", 1)
		case 3:
			delete(files, facts)
		}
		page := fmt.Sprintf("content/n%03d.md", r.IntN(120))
		if page == "content/n050.md" {
			continue
		}
		switch r.IntN(5) {
		case 0:
			files[page] = "# Empty\n"
		case 1:
			files[page] = strings.Replace(files[page], "# ", "# New ", 1)
		case 2: // a word of half the pages: common in one build and not in the next
			for i := range 60 + r.IntN(3) {
				name := fmt.Sprintf("content/n%03d.md", i)
				files[name] = strings.TrimSuffix(files[name], "tipping\n") + "tipping\n"
			}
		default:
			files[page] += "\n" + prose(r) + fmt.Sprintf(" zq%d\n", round)
		}
		cold, warm := Build(tree(t, files), Env{}, nil), Build(tree(t, files), Env{}, memo)
		if d := cmp.Diff(texts(cold), texts(warm)); d != "" {
			t.Fatalf("round %d (-cold +warm):\n%s", round, d)
		}
		for name := range cold.Files {
			seen[name] = true
		}
	}
	for _, name := range []string{"_x/w.js", "_x/" + render.Bucket("q", 1) + ".js"} {
		if !seen[name] {
			t.Errorf("there never was a file %s", name)
		}
	}
}

// TestSearchFiles holds the files against the prose: every word of a page is found on it, but the common ones.
func TestSearchFiles(t *testing.T) {
	files := many(120, rand.New(rand.NewPCG(7, 8)))
	files["content/n005.md"] += "\nOnly here stands Zürich.\n"
	r := Build(tree(t, files), Env{}, nil)
	page := regexp.MustCompile(`(?m)^zurich ([0-9a-z]+)[A-O]$`).FindStringSubmatch(string(r.Files["_x/"+render.Bucket("zurich", 1)+".js"]))
	if page == nil || page[1] != "6" { // the sixth note, after the overview
		t.Errorf("zurich is on page %v", page)
	}
	list := string(r.Files["_x/search.js"])
	if !strings.HasPrefix(list, `gloss("search",{"n":1,"p":121,"l":1,"b":"`) || !strings.Contains(list, `"s":"and of the `) {
		t.Errorf("the list is %s", list)
	}
	if words := string(r.Files["_x/"+render.Bucket("the", 1)+".js"]); strings.Contains(words, "\nthe ") || !strings.Contains(words, "\nt") {
		t.Errorf("a word of every page has an entry, or no other has one: %s", words)
	}
	if !strings.Contains(string(r.Files["_x/t0.js"]), "Only here stands Zürich.") {
		t.Error("the prose is missing")
	}
}
