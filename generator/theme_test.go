package main

import (
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/rogpeppe/go-internal/txtar"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/serve"
)

// ownTheme is a site with a stylesheet and layouts of its own.
const ownTheme = `
-- site.toml --
title = "Ferry"
base_url = "https://example.org/repo/"
-- content/index.md --
# Ferry

See [[b]].
-- content/a/b.md --
# Below

Text.
-- static/style.css --
@import "css/more.css";
:root { --icon: url("data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"); --dot: url("img/dot.svg") }
@font-face { font-family: Brand; src: url("fonts/brand.ttf") format("truetype") }
h1 { font-family: Brand; margin: 0 }
h1::before { content: "a,b;{" }
a[title="x,y"] { color: rgb(1, 2, 3) }
.sm\:flex { display: flex; &:is(.sm\:flex) > img { border: 2px solid rgb(4, 5, 6) } }
.dot { background: var(--dot); inline-size: 9px; block-size: 9px }
-- static/css/more.css --
.dot { outline: 1px solid rgb(7, 8, 9) }
-- static/img/dot.svg --
<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="red"/></svg>
-- static/logo.svg --
<svg xmlns="http://www.w3.org/2000/svg" width="42" height="21"><rect width="42" height="21" fill="green"/></svg>
-- layouts/page.html --
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{{.Policy}}"><title>{{.Title}}</title><style>{{.Style}}</style></head>
<body><p class="sm:flex"><img id="logo" src="{{.Root}}logo.svg" alt=""></p><h1>{{.Title}}</h1><p class="dot"></p><a title="x,y" href="{{.Root}}a/b/">below</a>
{{range .Body}}{{.HTML}}{{end}}</body></html>
-- layouts/overview.html --
{{template "page.html" .}}
-- layouts/plain.html --
{{template "page.html" .}}
-- layouts/notfound.html --
{{template "page.html" .}}
`

// TestThemeOfOnesOwn looks at a site with a theme of its own in a browser: what its stylesheet and layouts name is found from
// the home page, from a page below it and from "page not found" at any depth, under a base path and on a disk.
func TestThemeOfOnesOwn(t *testing.T) {
	if testing.Short() {
		t.Skip("the browser is left out of short runs")
	}
	t.Parallel()
	dir := t.TempDir()
	(&fixture{name: t.Name(), files: txtar.Parse([]byte(ownTheme)).Files}).write(t, dir)
	font, err := os.ReadFile("render/fonts/serif.ttf")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "static", "fonts"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "static", "fonts", "brand.ttf"), font, 0o644); err != nil {
		t.Fatal(err)
	}
	tree, err := build.Read(dir, gloss.Theme)
	if err != nil {
		t.Fatal(err)
	}
	r := build.Build(tree, build.Env{}, nil)
	for _, f := range r.Findings {
		t.Errorf("%s: %s [%s]", f.Span.File, f.Message, f.Code)
	}
	out := t.TempDir()
	if _, _, err := build.Write(out, r, false); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(serve.Files(r.Files, "/repo/", nil))
	defer srv.Close()
	ctx := browser(t, dejavu)
	disk := (&url.URL{Scheme: "file", Path: out}).String()
	for _, at := range []string{srv.URL + "/repo/", srv.URL + "/repo/a/b/", srv.URL + "/repo/no/such/page/", disk + "/index.html", disk + "/a/b/index.html"} {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(600, 400), chromedp.Navigate(at)); err != nil {
			t.Fatal(err)
		}
		got, err := chromedp.Run(ctx, chromedp.Evaluate[map[string]any](`document.fonts.ready.then(async () => {
			const style = (q, p, pseudo) => getComputedStyle(document.querySelector(q), pseudo)[p];
			const dot = new Image;
			dot.src = style(".dot", "backgroundImage").replace(/^url\("(.*)"\)$/, "$1");
			await dot.decode().catch(() => {});
			return {logo: document.querySelector("#logo").naturalWidth, font: [...document.fonts].map(f => f.family + " " + f.status).join(), usable: document.fonts.check("16px brand"), dot: dot.naturalWidth,
				before: style("h1", "content", "::before"), link: style("a", "color"), flex: style("p", "display"), border: style("img", "borderTopColor"), imported: style(".dot", "outlineColor")} })`, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]any{"logo": 42.0, "font": "Brand loaded", "usable": true, "dot": 9.0, "before": `"a,b;{"`, "link": "rgb(1, 2, 3)", "flex": "flex", "border": "rgb(4, 5, 6)", "imported": "rgb(7, 8, 9)"}
		for k, v := range want {
			if got[k] != v {
				t.Errorf("%s: %s is %v, want %v", at, k, got[k], v)
			}
		}
	}
}
