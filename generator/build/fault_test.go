package build

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gloss/generator/diag"
	"gloss/generator/site"
)

// TestEachKeepsTheCalls: a panic in a worker comes out with its item and its calls, that of the first item whatever the
// order of the workers, after all others are done.
func TestEachKeepsTheCalls(t *testing.T) {
	items := make([]int, 50)
	for i := range items {
		items[i] = i
	}
	for _, workers := range []int{1, 4} {
		done := make([]bool, len(items))
		fault := diag.Catch(func() {
			each(workers, items, func(i int) int {
				done[i] = true
				if i == 20 || i == 30 {
					fail(i)
				}
				return i
			})
		})
		if fault == nil || !strings.Contains(fault.Error(), "item 20 of 50 (int): 20 fails") || !strings.HasPrefix(fault.Calls, "gloss/generator/build.fail\n") {
			t.Errorf("%d workers: got %v", workers, fault)
		}
		if slices.Contains(done, false) {
			t.Errorf("%d workers: some items were left out", workers)
		}
	}
}

func fail(i int) { panic(errors.New(string(rune('0'+i/10)) + "0 fails")) }

// TestBuildAfterAPanic: a warm build in which pages or the linking panic names the file, goes on with the rest, and is not
// what the next build starts from. What the last build remembers is spoilt for that, since no input does it.
func TestBuildAfterAPanic(t *testing.T) {
	env := Env{Env: site.Env{Today: "2024-06-01"}, Workers: 2}
	const page = "content/sections/20-two.md"
	for what, spoil := range map[string]func(w *work){
		"a reference to a block that is not there": func(w *work) {
			for i := range w.tree.Pages {
				if doc := &w.pages[i].Doc; doc.File == page {
					for j := range doc.Refs {
						if doc.Refs[j].Block >= 0 {
							doc.Refs[j].Block = 1000
						}
					}
				}
			}
		},
		"a page without blocks": func(w *work) {
			for i := range w.tree.Pages {
				if doc := &w.pages[i].Doc; doc.File == page {
					doc.Blocks = nil
				}
			}
		},
	} {
		for _, change := range []struct{ file, add string }{{"content/note.md", "\nMore.\n"}, {page, "\nMore.\n"}, {"content/new.md", "# New\n"}} {
			files, m := start(), &Memo{}
			whole := Build(themed(t, files, glass), env, m)
			spoil(m.last)
			files[change.file] += change.add
			r := Build(themed(t, files, glass), env, m)
			if change.file == "content/new.md" { // which links the whole site with the spoilt page
				i := slices.IndexFunc(r.Findings, func(f diag.Finding) bool { return f.Code == diag.InternalError })
				if i < 0 || r.Findings[i].Span.File != page || !r.Failed() || !r.Errors() || m.last != nil {
					t.Errorf("%s, %s: found %v", what, change.file, r.Findings)
				}
				if len(r.Files) < len(whole.Files)/2 {
					t.Errorf("%s, %s: %d files of %d", what, change.file, len(r.Files), len(whole.Files))
				}
			}
			if change.file == page { // which is read again: the short way panics on what it was, the whole way does not
				if d := compare(t, files, m, glass); d != "" || r.Failed() {
					t.Errorf("%s, %s: found %v, and the build after it differs: %s", what, change.file, r.Findings, d)
				}
			}
		}
	}
}

// TestLinkingThatPanics: the file without which the site can be linked is named and left out.
func TestLinkingThatPanics(t *testing.T) {
	files := start()
	w := &work{tree: themed(t, files, glass), env: Env{Workers: 1}}
	w.parse(nil)
	for i := range w.data {
		if d := &w.data[i].Data; d.Name == "data/claims.toml" {
			d.Claims[0].Positions[0].Who = 1000
		}
	}
	w.link()
	if len(w.faults) != 1 || w.faults[0].Span.File != "content/data/claims.toml" || !w.faults[0].Unreadable || w.site == nil || len(w.site.Pages) == 0 || len(w.site.Claims) != 0 || len(w.site.Facts) == 0 {
		t.Errorf("the faults are %v", w.faults)
	}
}
