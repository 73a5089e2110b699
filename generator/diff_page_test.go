package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

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
	asked := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path != "/favicon.ico" {
			asked++
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(page.Bytes())
	}))
	defer srv.Close()
	axe, ctx := axeCore(t), browser(t)
	looks := 0
	for _, width := range []int64{320, 390, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			looks++
			media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
			if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
				t.Fatal(err)
			}
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(srv.URL)); err != nil {
				t.Fatal(err)
			}
			over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
			if err != nil {
				t.Fatal(err)
			}
			if over > 0 {
				t.Errorf("%d wide, %s: %d px stand out sideways", width, scheme, over)
			}
			if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](axe)); err != nil {
				t.Fatal(err)
			}
			found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21aa","wcag22aa","best-practice"]}).then(r =>
				r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.html).join(" | ")))`, chromedp.EvalAwaitPromise))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				t.Errorf("%d wide, %s: %s", width, scheme, f)
			}
		}
	}
	if asked != looks {
		t.Errorf("the page asked for %d files beside itself, want none", asked-looks)
	}
}
