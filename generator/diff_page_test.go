package main

import (
	"bytes"
	"testing"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/content"
	"gloss/generator/diff"
)

// TestDiffPage looks at the page of a comparison as an editor sees it: on a telephone and on a desk, light and dark.
func TestDiffPage(t *testing.T) {
	if testing.Short() {
		t.Skip("the browser is left out of short runs")
	}
	t.Parallel()
	tree, err := build.Read("..", gloss.Theme)
	if err != nil {
		t.Fatal(err)
	}
	after := build.Build(tree, build.Env{}, nil).Files
	// The same site with another number, a reworded page, one page less and one event less.
	edit := *tree
	edit.Pages, edit.Data = nil, nil
	for _, f := range tree.Pages {
		if f.Name != "content/sections/120-sources-and-limits.md" {
			f.Text = bytes.ReplaceAll(f.Text, []byte("The article names no source for its figure."), []byte("The figure comes without a source."))
			edit.Pages = append(edit.Pages, content.File{Name: f.Name, Text: bytes.ReplaceAll(f.Text, []byte("oughly 2,500](fact:us-troops-iraq)"), []byte("oughly 2,600](fact:us-troops-iraq)"))})
		}
	}
	for _, f := range tree.Data {
		f.Text = bytes.Replace(f.Text, []byte("\nvalue   = 2500"), []byte("\nvalue   = 2600"), 1)
		f.Text = bytes.Replace(f.Text, []byte("\ninvasion-2003,"), []byte("\ninvasion,"), 1)
		edit.Data = append(edit.Data, f)
	}
	r, err := diff.Compare(build.Build(&edit, build.Env{}, nil).Files, after)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Facts) == 0 || len(r.Events) == 0 || len(r.Pages) < 2 {
		t.Fatalf("the comparison found too little to look at: %v", r.Summary())
	}
	var page bytes.Buffer
	if err := writeDiff(&page, r, "html", tree); err != nil {
		t.Fatal(err)
	}
	rd := newReader(t, dejavu, &build.Result{Files: map[string][]byte{"index.html": page.Bytes()}}, "/").measured()
	for _, width := range []int64{320, 390, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			rd.scheme(scheme)
			rd.visit("", width)
			js[bool](rd, opened)
			rd.none("", "m.sideways()")
			switch {
			case scheme == "light":
				rd.axe()
			case width == 390:
				rd.axeOf("document", darkRules)
			}
		}
	}
	for _, c := range rd.told() {
		t.Errorf("the console says: %s", c)
	}
	if n := rd.hits(""); n != 6 {
		t.Errorf("%d files were asked for in 6 visits, want the page alone", n)
	}
}
