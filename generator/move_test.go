package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/site"
)

// TestMoveKeepsEveryLink moves pages of random sites, one after the other, and requires of each move that every link
// leads where it led, that what was published is kept, and that moving back gives a site that says the same again.
func TestMoveKeepsEveryLink(t *testing.T) {
	t.Parallel()
	folders := []string{"", "terms/", "notes/", "notes/deep/", "notes/deep/er/"}

	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 7))
		var names []string
		for i := range 9 {
			names = append(names, fmt.Sprintf("%sp%d.md", folders[i%len(folders)], i))
		}
		names = append(names, "notes/deep/index.md", "notes/two words.md", "index.md")
		files := []txtar.File{{Name: "site.toml", Data: []byte("title = \"T\"\nbase_url = \"https://example.org/\"\n")},
			{Name: "content/notes/pic.svg", Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`)}}
		for _, n := range names {
			files = append(files, txtar.File{Name: "content/" + n, Data: []byte(randomPage(r, n, names))})
		}
		dir := t.TempDir()
		(&fixture{name: t.Name(), files: files}).write(t, dir)
		read := func() *build.Tree {
			tree, err := build.Read(dir, gloss.Theme)
			if err != nil {
				t.Fatal(err)
			}
			return tree
		}
		tree := read()
		first := build.Build(tree, build.Env{}, nil)
		if first.Errors() {
			t.Fatalf("seed %d: the site is wrong before anything is moved: %v", seed, first.Findings)
		}
		published, err := site.ReadManifest(first.Files[site.AddressFile])
		if err != nil {
			t.Fatal(err)
		}
		links := linksOf(t, tree, nil)
		renamed := map[string]string{}
		for step := range 4 {
			var pages []string
			for _, p := range tree.Pages {
				if p.Name != "content/index.md" {
					pages = append(pages, p.Name)
				}
			}
			from := pages[r.IntN(len(pages))]
			to := "content/" + folders[r.IntN(len(folders))] + fmt.Sprintf("m%d.md", step)
			if strings.HasPrefix(to, "content/terms/") != strings.HasPrefix(from, "content/terms/") {
				to = path.Dir(from) + fmt.Sprintf("/m%d.md", step) // a term has a summary, which other pages may do without
			}
			p, err := planMove(tree, from, to)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.stuck) > 0 {
				t.Fatalf("seed %d: %s cannot be moved to %s: %+v\n%s", seed, from, to, p.stuck, p.mended.Source(p.stuck[0].Span.File))
			}
			if err := rename(dir, from, to, tree, p.texts); err != nil {
				t.Fatal(err)
			}
			tree = read()

			for was, now := range renamed {
				if now == strings.TrimPrefix(from, "content/") {
					renamed[was] = strings.TrimPrefix(to, "content/")
				}
			}
			if was := strings.TrimPrefix(from, "content/"); !slices.Contains(slices.Collect(mapValues(renamed)), strings.TrimPrefix(to, "content/")) {
				renamed[was] = strings.TrimPrefix(to, "content/")
			}
			now := build.Build(tree, build.Env{Env: site.Env{Published: published}}, nil)
			if now.Errors() {
				t.Fatalf("seed %d: after %s became %s: %v", seed, from, to, now.Findings)
			}
			if got := linksOf(t, tree, renamed); !slices.Equal(got, links) {
				t.Fatalf("seed %d: after %s became %s the links are\n%s\nand were\n%s", seed, from, to, strings.Join(got, "\n"), strings.Join(links, "\n"))
			}
		}
		left, err := filepath.Glob(filepath.Join(dir, "content", "*", "*tmp*"))
		if err != nil || len(left) > 0 {
			t.Fatalf("left behind: %v %v", left, err)
		}
	}
}

func mapValues(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// linksOf lists what each page refers to, under the names that the pages had at first.
func linksOf(t *testing.T, tree *build.Tree, renamed map[string]string) []string {
	t.Helper()
	first := map[string]string{}
	for was, now := range renamed {
		first[now] = was
	}
	name := func(s string) string {
		if was, ok := first[s]; ok {
			return was
		}
		return s
	}
	var out []string
	for _, p := range build.Build(tree, build.Env{}, nil).Site.Pages {
		for i, ref := range p.Refs {
			to := "nothing"
			if x := p.Targets[i]; x.Thing != nil {
				to = name(x.Thing.Key()) + "#" + x.Fragment
			} else if x.Asset != nil {
				to = x.Asset.Path
			}
			out = append(out, fmt.Sprintf("%s %03d %s %s %q", name(p.Name), i, ref.Kind, to, p.Blocks[max(0, ref.Block)].Text))
		}
	}
	slices.Sort(out)
	return out
}

// randomPage is a page that links to others in every way that writers know.
func randomPage(r *rand.Rand, name string, names []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: Title of %s\nsummary: Words.\naliases: [other name of %s]\n---\n\n## Part\n\nWords of %s. ^block\n\n", name, name, name)
	if name == "index.md" {
		b.Reset()
		b.WriteString("---\ntitle: Home\n---\n\n## Part\n\n")
	}
	up := strings.Repeat("../", strings.Count(name, "/"))
	var defs []string
	for i := range 14 {
		to := names[r.IntN(len(names)-1)]
		bare := strings.TrimSuffix(to, ".md")
		base := path.Base(bare)
		if base == "index" {
			bare = path.Dir(bare)
			base = bare
		}
		rel := up + strings.ReplaceAll(to, " ", "%20")
		switch i {
		case 0:
			fmt.Fprintf(&b, "A [[%s]] link,", base)
		case 1:
			fmt.Fprintf(&b, " one [[%s|with words]],", base)
		case 2:
			fmt.Fprintf(&b, " one [[%s]],", bare)
		case 3:
			fmt.Fprintf(&b, " a [part](%s#part),", rel)
		case 4:
			fmt.Fprintf(&b, " an [angle](<%s>),", up+to)
		case 5:
			fmt.Fprintf(&b, " a [root](/%s \"Title\"),", strings.ReplaceAll(to, " ", "%20"))
		case 6:
			fmt.Fprintf(&b, " a [name][d%d],", i)
			defs = append(defs, fmt.Sprintf("[d%d]: %s", i, rel))
		case 7:
			fmt.Fprintf(&b, " a title [[Title of %s]],", to)
		case 8:
			fmt.Fprintf(&b, " an alias [[other name of %s]],", to)
		case 9:
			fmt.Fprintf(&b, " a picture ![pic](%snotes/pic.svg).\n\n", up)
		case 10:
			fmt.Fprintf(&b, "| a | b |\n|---|---|\n| [[%s]] | [[%s#Part]] |\n\n", bare, base)
		case 11:
			if name == "index.md" {
				fmt.Fprintf(&b, "![[%s#^block]]\n\n", bare)
			}
		case 12:
			fmt.Fprintf(&b, "> [!note] [[%s]]\n> A note[^n] on [it](%s).\n\n[^n]: See [[%s#^block|there]].\n\n", base, rel, bare)
		case 13:
			fmt.Fprintf(&b, "- An [[%s.md]] item and [one](%s).\n\n", bare, path.Join(up, strings.ReplaceAll(to, " ", "%20")))
		}
	}
	b.WriteString(strings.Join(defs, "\n") + "\n")
	return b.String()
}

// TestMoveTakesBack lets the disk refuse in the middle of a move: then every file is as it was.
func TestMoveTakesBack(t *testing.T) {
	a, err := txtar.ParseFile("testdata/tiny.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	(&fixture{name: t.Name(), files: a.Files}).write(t, dir)
	tree, err := build.Read(dir, gloss.Theme)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string][]byte{"content/index.md": []byte("new"), "content/new/x.md": []byte("moved"), "site.toml": []byte("other")}
	// Its writer saves a file while the move is worked out.
	if err := os.WriteFile(filepath.Join(dir, "site.toml"), []byte("saved"), 0o644); err != nil {
		t.Fatal(err)
	}
	err = rename(dir, "content/terms/pier.md", "content/new/x.md", tree, texts)
	if err == nil || !strings.Contains(err.Error(), "has changed since it was read") || !strings.HasSuffix(err.Error(), "; nothing was moved") {
		t.Errorf("got the error %v", err)
	}
	for _, f := range a.Files {
		want := string(f.Data)
		if f.Name == "site.toml" {
			want = "saved"
		}
		if got, err := os.ReadFile(filepath.Join(dir, f.Name)); err != nil || string(got) != want {
			t.Errorf("%s holds %q, %v", f.Name, got, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "content/new")); err == nil {
		t.Error("the new folder is still there")
	}
}
