package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/rogpeppe/go-internal/txtar"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/serve"
)

// arabic builds the small site in Arabic.
func arabic(t *testing.T) *build.Result {
	t.Helper()
	a, err := txtar.ParseFile("testdata/arabic.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range a.Files {
		at := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tr, err := build.Read(dir, gloss.Theme)
	if err != nil {
		t.Fatal(err)
	}
	r := build.Build(tr, build.Env{}, nil)
	for _, f := range r.Findings {
		t.Errorf("%s: %s [%s]", f.Span.File, f.Message, f.Code)
	}
	return r
}

// TestLogicalStyle: the stylesheet names no left and no right, so that it serves both directions (T-81, checklist 81).
func TestLogicalStyle(t *testing.T) {
	css, err := os.ReadFile("../static/style.css")
	if err != nil {
		t.Fatal(err)
	}
	physical := regexp.MustCompile(`(?m)(?:margin|padding|border|inset)-(?:left|right)|(?:^|[{;\s])(?:left|right)\s*:|(?:float|clear|text-align)\s*:\s*(?:left|right)`)
	for _, m := range physical.FindAllString(string(css), -1) {
		t.Errorf("the stylesheet says %q", strings.TrimSpace(m))
	}
}

// TestArabicSite looks at a site in Arabic: its words, its direction, and names in Latin letters.
func TestArabicSite(t *testing.T) {
	t.Parallel()
	r := arabic(t)
	for name, page := range r.Files {
		if strings.HasSuffix(name, ".html") && !strings.Contains(string(page), `<html lang="ar" dir="rtl">`) && !strings.Contains(string(page), `http-equiv="refresh"`) {
			t.Errorf("%s does not say that it is Arabic", name)
		}
	}
	start := string(r.Files["index.html"])
	for _, want := range []string{"انتقل إلى المحتوى", "أهم النقاط", "الأسئلة", "بتاريخ 18 مارس 2024", `<bdi lang="en" dir="ltr">Alder Post</bdi> (لندن)`, `<bdi lang="en" dir="ltr">M25</bdi>`,
		`<bdi lang="en" dir="ltr">Alder Post</bdi>، 18 مارس 2024`} {
		if !strings.Contains(start, want) {
			t.Errorf("the overview does not say %q", want)
		}
	}
	if testing.Short() {
		t.Skip("the browser is left out of short runs")
	}
	srv := httptest.NewServer(serve.Files(r.Files, "/jisr/", nil))
	defer srv.Close()
	ctx := browser(t, noto)
	for _, u := range []string{"", "لماذا-أُغلق-الجسر/", "timeline/", "facts/", "disputed/", "sources/", "who/", "who/council/", "terms/pier/", "search/", "brief/", "summary/"} {
		if r.Files[strings.TrimSuffix(u, "/")+"/index.html"] == nil && u != "" {
			t.Fatalf("there is no page %q", u)
		}
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(320, 900), chromedp.Navigate(srv.URL+"/jisr/"+u)); err != nil {
			t.Fatal(err)
		}
		for _, width := range []int64{320, 390, 1280} {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil {
				t.Fatal(err)
			}
			over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
			if err != nil {
				t.Fatal(err)
			}
			if over > 0 {
				t.Errorf("%s, %d wide: %d px stand out sideways", u, width, over)
			}
			if width == 320 {
				continue
			}
			for _, f := range axeFinds(t, ctx, "document", allRules) {
				t.Errorf("%s, %d wide: %s", u, width, f)
			}
		}
		if u != "لماذا-أُغلق-الجسر/" {
			continue
		}
		// The contents stand at the right, the notes at the left, and the bar of a box at its right.
		mirrored, err := chromedp.Run(ctx, chromedp.Evaluate[[]bool](`(() => {
			const at = s => document.querySelector(s).getBoundingClientRect(), main = at("main p");
			const box = getComputedStyle(document.querySelector(".box"));
			return [at("nav.contents").left > main.right, at("aside.note").right < main.left, parseFloat(box.borderRightWidth) > parseFloat(box.borderLeftWidth)];
		})()`))
		if err != nil {
			t.Fatal(err)
		}
		for i, ok := range mirrored {
			if !ok {
				t.Errorf("%s is not mirrored", []string{"the contents", "a note", "a box"}[i])
			}
		}
	}
}
