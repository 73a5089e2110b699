package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/rogpeppe/go-internal/txtar"
)

const movedSite = `
-- site.toml --
title = "Moved"
base_url = "https://example.org/base/"

[redirects]
"/here/#old" = "/here/#new-words"
"/here/#older" = "/here/#old"
"/here/#away" = "/there/#part"
"/here/#%D9%82%D8%AF%D9%8A%D9%85" = "/there/#part"
"/gone/" = "/here/"
"/gone/#there" = "/there/#part"
"/before/" = "/gone/"
"/cut/" = "/there/#part"

[withdrawn]
"/wrong/" = { date = "2024-05-03", reason = "It was wrong." }
"/here/#wrong" = { date = "2024-05-03", reason = "It was wrong." }
-- content/index.md --
---
title: Home
---

[[here]] and [[there]]
-- content/here.md --
# Here

FILL

## New words

The new place.

FILL
-- content/there.md --
# There

FILL

## Part

The part.

FILL
`

// TestOldAddressesLandRight opens addresses of things that are elsewhere now, in a browser with script and without
// (T-70, T-72).
func TestOldAddressesLandRight(t *testing.T) {
	t.Parallel()
	files := txtar.Parse([]byte(strings.ReplaceAll(movedSite, "FILL", strings.Repeat("Some lines of text, so that there is a way to go.\n\n", 60)))).Files
	_, res := (&fixture{name: t.Name(), files: files}).build(t, 0)
	if res.Errors() {
		t.Fatal(res.Findings)
	}
	r := newReader(t, dejavu, res, "/base/")
	for _, c := range []struct{ asked, lands, plain, sees string }{ // with script, without, and the id at the top of the window with it
		{"here/#new-words", "here/#new-words", "here/#new-words", "new-words"},
		{"here/#old", "here/#new-words", "here/#old", "new-words"},
		{"here/#older", "here/#new-words", "here/#older", "new-words"},
		{"here/?q=1#old", "here/?q=1#new-words", "here/?q=1#old", "new-words"},
		{"here/?q=1#away", "there/?q=1#part", "here/?q=1#away", "part"},
		{"here/#%D9%82%D8%AF%D9%8A%D9%85", "there/#part", "here/#%D9%82%D8%AF%D9%8A%D9%85", "part"},
		{"here/#%E0%A4%A", "here/#%E0%A4%A", "here/#%E0%A4%A", ""},
		{"here/#nothing", "here/#nothing", "here/#nothing", ""},
		{"gone/", "here/", "here/", ""},
		{"gone/?q=1&r=%20#new-words", "here/?q=1&r=%20#new-words", "here/", "new-words"},
		{"gone/#old", "here/#new-words", "here/", "new-words"},
		{"gone/#there", "there/#part", "here/", "part"},
		{"gone/#%E0%A4%A", "here/#%E0%A4%A", "here/", ""},
		{"before/?q=1#there", "there/?q=1#part", "here/", "part"},
		{"cut/?q=1", "there/?q=1#part", "there/#part", "part"},
		{"cut/#gone", "there/#part", "there/#part", "part"},
		{"wrong/?q=1#x", "wrong/?q=1#x", "wrong/?q=1#x", ""},
		{"here/#wrong", "here/#wrong", "here/#wrong", ""},
	} {
		for _, script := range []bool{true, false} {
			r.scripts(script)
			r.do(chromedp.Navigate("about:blank"), chromedp.Navigate(r.root+c.asked))
			want := c.lands
			if !script {
				want = c.plain
			}
			if !r.within(10e9, "location.href === %q && document.readyState === 'complete'", r.root+want) {
				t.Errorf("script %v: %s leads to %s, want %s", script, c.asked, js[string](r, "location.href"), r.root+want)
				continue
			}
			switch {
			case script && c.sees != "" || c.sees != "" && strings.HasSuffix(want, "#"+c.sees):
				if !r.within(10e9, `Math.abs(document.getElementById(%q).getBoundingClientRect().top) < 100`, c.sees) {
					t.Errorf("script %v: %s does not show #%s", script, c.asked, c.sees)
				}
			case c.asked != "here/#wrong":
				if y := js[float64](r, "scrollY"); y != 0 {
					t.Errorf("script %v: %s shows not the top of the page, but from %.0f on", script, c.asked, y)
				}
			}
		}
	}
	r.scripts(true)

	// An old fragment may also be asked for when the page is open already; back goes to where the reader was.
	r.open("here/", 1280)
	js[bool](r, `(location.hash = "old", true)`)
	r.wait(`location.hash === "#new-words"`)
	js[bool](r, `(history.back(), true)`)
	r.wait(`location.hash === ""`)

	// A page that leads on says so, and is never one to go back to.
	r.open("", 1280)
	r.do(chromedp.Navigate(r.root + "gone/#old"))
	r.wait("location.href === %q", r.root+"here/#new-words")
	js[bool](r, `(history.back(), true)`)
	r.wait("location.href === %q", r.root)

	r.open("here/#wrong", 1280)
	if got := js[string](r, `document.getElementById("wrong").textContent`); got != "Withdrawn 3 May 2024: It was wrong." {
		t.Errorf("the tombstone says %q", got)
	}
	r.open("wrong/", 1280)
	if got := js[string](r, `document.querySelector("main").textContent`); !strings.Contains(got, "Withdrawn 3 May 2024: It was wrong.") {
		t.Errorf("the page that was withdrawn says %q", got)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.console) > 0 || len(r.foreign) > 0 {
		t.Errorf("the browser says %q and asked elsewhere for %q", r.console, r.foreign)
	}
}
