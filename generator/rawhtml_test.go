package main

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"
	"github.com/rogpeppe/go-internal/txtar"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/serve"
)

// blockedHTML is HTML that the policy of a page blocks.
var blockedHTML = []string{
	`<img src="https://example.net/x.png" alt="x">`, `<img src="//example.net/x.png" alt="x">`, `<img srcset="https://example.net/x.png 1x, pic.svg 9x" src="pic.svg" alt="x">`,
	`<img src="pic.svg" alt="x" onload="alert(1)">`, `<p style="color:red">x</p>`, `<svg><rect style="fill:red"/></svg>`, `<script>document.title = 1</script>`, `<script type="module">document.title = 1</script>`,
	`<script src="https://example.net/x.js"></script>`, `<style>p { color: red }</style>`, `<iframe src="https://example.net/"></iframe>`, `<object data="paper.pdf"></object>`, `<embed src="paper.pdf">`,
	`<video src="https://example.net/x.mp4" preload="auto"></video>`, `<audio preload="auto"><source src="https://example.net/x.mp3"></audio>`, `<video poster="https://example.net/x.png"></video>`,
	`<link rel="stylesheet" href="https://example.net/x.css">`, `<svg><image href="https://example.net/x.png" width="9" height="9"/></svg>`, `<input type="image" src="https://example.net/x.png" alt="x">`,
	`<table background="https://example.net/x.png"><tr><td>x</td></tr></table>`, `<picture><source srcset="https://example.net/x.png"><img src="pic.svg" alt="x"></picture>`,
	`<video controls><track default src="https://example.net/x.vtt" kind="captions"></video>`,
}

// passedHTML is HTML that works.
var passedHTML = []string{
	`<img src="pic.svg" alt="x">`, `<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="x">`, `<img srcset="pic.svg 1x, pic.svg 2x" alt="x" src="pic.svg">`, `<p class="x" align="center">x</p>`,
	`<script type="application/ld+json">{}</script>`, `<script type="text/plain">x</script>`, `<script src="own.js"></script>`, `<iframe src="note.md" title="x"></iframe>`, `<video src="film.mp4" poster="pic.svg"></video>`,
	`<audio><source src="song.mp3"></audio>`, `<form action="https://example.net/"><button>x</button></form>`, `<a href="https://example.net/">x</a>`, `<blockquote cite="https://example.net/">x</blockquote>`,
	`<svg viewBox="0 0 9 9"><g id="g"></g><use href="#g"/><rect fill="red" width="9" height="9"/></svg>`, `<table background="pic.svg"><tr><td>x</td></tr></table>`, `<details open><summary>x</summary>y</details>`,
	`<noscript><img src="pic.svg" alt="x"></noscript>`, `<math><mi>x</mi></math>`, `<input type="image" src="pic.svg" alt="x">`,
}

// TestBlockedHTML holds the findings about HTML against what a browser blocks: each piece of HTML is reported as
// blocked-html if Chromium reports a violation of the policy on its page, and not otherwise.
func TestBlockedHTML(t *testing.T) {
	if testing.Short() {
		t.Skip("the browser is left out of short runs")
	}
	t.Parallel()
	dir := t.TempDir()
	files := map[string]string{"site.toml": "title = \"T\"\nbase_url = \"https://example.org/\"\nraw_html = true\n", "content/index.md": "# Home\n", "content/note.md": "# Note\n",
		"content/pic.svg": `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`, "content/own.js": "1", "content/film.mp4": "x", "content/song.mp3": "x", "content/paper.pdf": "%PDF-1.4"}
	all := append(append([]string{}, blockedHTML...), passedHTML...)
	for i, h := range all {
		files[fmt.Sprintf("content/p%d.md", i)] = "# Page\n\n" + h + "\n"
	}
	var list []txtar.File
	for name, text := range files {
		list = append(list, txtar.File{Name: name, Data: []byte(text)})
	}
	(&fixture{name: t.Name(), files: list}).write(t, dir)
	tree, err := build.Read(dir, gloss.Theme)
	if err != nil {
		t.Fatal(err)
	}
	r := build.Build(tree, build.Env{}, nil)
	found := map[string][]string{}
	for _, f := range r.Findings {
		if f.Code != "orphan-page" {
			found[f.Span.File] = append(found[f.Span.File], f.Code)
		}
	}
	srv := httptest.NewServer(serve.Files(r.Files, "/", nil))
	defer srv.Close()
	ctx := browser(t, dejavu)
	var mu sync.Mutex
	var violations []string
	if err := chromedp.Listen(ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		if ev, ok := ev.(*log.EventEntryAdded); ok && strings.Contains(ev.Entry.Text, "Content Security Policy") {
			violations = append(violations, ev.Entry.Text)
		}
	}); err != nil {
		t.Fatal(err)
	}
	for i, h := range all {
		mu.Lock()
		violations = nil
		mu.Unlock()
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(800, 600), chromedp.Navigate(fmt.Sprintf("%s/p%d/", srv.URL, i))); err != nil {
			t.Fatal(err)
		}
		// The log is in order, so that after an entry of our own all of the page's have come.
		if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](`new Promise(done => requestAnimationFrame(() => setTimeout(done)))`, chromedp.EvalAwaitPromise)); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		blocked := len(violations) > 0
		mu.Unlock()
		codes := found[fmt.Sprintf("content/p%d.md", i)]
		want := 0
		if i < len(blockedHTML) {
			want = 1
		}
		if len(codes) != want || want == 1 && codes[0] != "blocked-html" {
			t.Errorf("%s: found %v", h, codes)
		}
		if blocked != (want == 1) {
			t.Errorf("%s: the browser says %q", h, violations)
		}
	}
}
