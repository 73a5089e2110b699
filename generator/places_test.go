package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/site"
)

// zipped packs a site and unpacks it again, as somebody would who carries it to a disk, and returns the folder.
func zipped(t *testing.T, files map[string][]byte) string {
	t.Helper()
	var pack bytes.Buffer
	z := zip.NewWriter(&pack)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(pack.Bytes()), int64(pack.Len()))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "a site") // with a blank, as folders of people have
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestFivePlaces shows one build, the same bytes, at five places. Everywhere every page and whatever it asks for is
// there, every link leads to a file of the site, previews and the search work, and the console stays empty. "Page not
// found" has its looks everywhere, and its links where the site was built for.
func TestFivePlaces(t *testing.T) {
	if testing.Short() {
		t.Skip("the browser is left out of short runs")
	}
	t.Parallel()
	tr, err := build.Read("..", gloss.Theme)
	if err != nil {
		t.Fatal(err)
	}
	own := build.Build(tr, build.Env{Env: site.Env{BaseURL: "https://site.example/repo/"}}, nil)
	first := &reader{TB: t, ctx: browser(t, dejavu), fonts: dejavu}
	for _, place := range []struct {
		name, base string
		root       func(r *reader) string // nil: as it is served
	}{
		{"root", "/", nil},
		{"repository", "/repo/", nil},
		{"pull_request", "/repo/pr-7/", nil},
		{"zip_on_a_disk", "/", func(*reader) string {
			return (&url.URL{Scheme: "file", Path: filepath.ToSlash(zipped(t, own.Files)) + "/"}).String()
		}},
		{"domain", "/", func(r *reader) string { return strings.Replace(r.root, "127.0.0.1", "explainer.localhost", 1) }},
	} {
		t.Run(place.name, func(t *testing.T) {
			r := newReaderOf(t, first, own, place.base)
			if place.root != nil {
				r.moveTo(place.root(r))
			}
			disk := strings.HasPrefix(r.root, "file:")
			index := ""
			if disk {
				index = "index.html"
			}
			// Every type of page where the site was built for and from a disk; elsewhere the bytes and the folders are the same, so
			// that some depths are enough.
			pages := pageTypes[:len(pageTypes)-1]
			if !disk && place.base != "/repo/" {
				pages = []string{"", "how-many-us-troops-are-in-iraq/", "who/mohammed-shia-al-sudani/", "timeline/", "search/", "card/us-troops-iraq/"}
			}
			for _, p := range pages {
				if strings.HasPrefix(p, "card/") { // it has no script, and its links leave the frame that it is shown in
					r.do(chromedp.Navigate(r.root + p + index))
				} else {
					r.open(p+index, 1280)
				}
				links := js[[]string](r, `[...document.querySelectorAll("a[href], script[src], img, link[rel=stylesheet]")].map(e => e.href ?? e.src).filter(Boolean)`)
				inside := 0
				for _, to := range links {
					to, _, _ = strings.Cut(to, "#")
					rest, ok := strings.CutPrefix(to, r.root)
					if !ok {
						if u, err := url.Parse(to); err != nil || u.Scheme == "file" || strings.HasPrefix(r.root, u.Scheme+"://"+u.Host+"/") || u.Host == "site.example" && !strings.HasPrefix(p, "card/") {
							t.Errorf("/%s: %s leads out of the site: %v", p, to, err)
						}
						continue
					}
					inside++
					name, err := url.PathUnescape(rest)
					if !disk || strings.HasPrefix(p, "card/") {
						name = site.OutputPath(name)
					}
					if own.Files[name] == nil || err != nil {
						t.Errorf("/%s: %s leads nowhere", p, to)
					}
				}
				if inside < 5 && !strings.HasPrefix(p, "card/") {
					t.Errorf("/%s has %d links", p, inside)
				}
			}

			// A preview, and the search.
			r.open(readerPage+index, 1280)
			r.hover(entityLink)
			r.away()
			r.hover(factLink)
			r.open("search/"+index, 1280)
			r.wait(`document.querySelector("#js-q")`)
			r.key("/")
			r.key("how many troops")
			r.wait(`document.querySelector("#js-found a")?.href === %q`, r.root+"how-many-us-troops-are-in-iraq/"+index)
			r.key(kb.Enter)
			r.wait(`location.href === %q && document.querySelector(".js-tools")`, r.root+"how-many-us-troops-are-in-iraq/"+index)
			// Whatever opens a link, a click with the middle button, a menu: it is one to a file.
			if folders := js[[]string](r, `[...document.links].map(a => a.href.split("#")[0]).filter(u => u.startsWith("file:") && u.endsWith("/"))`); len(folders) > 0 {
				t.Errorf("these lead to folders of the disk: %q", folders)
			}
			r.quiet(t)

			// The styled page for addresses that do not exist.
			lost := []string{"nowhere", "nowhere/", "no/way", "no/where/at/all"}
			if disk {
				lost = []string{"404.html"}
			}
			for _, p := range lost {
				r.do(chromedp.Navigate(r.root + p))
				r.wait(`document.querySelector("h1")`)
				if got := js[[]string](r, `[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.querySelector("h1")).fontSize, document.querySelector("h1").textContent]`); fmt.Sprint(got) != "[rgb(253, 252, 249) 36px Page not found]" {
					t.Errorf("/%s: the ground, the heading and its words: %q", p, got)
				}
				for _, to := range js[[]string](r, `[...document.querySelectorAll("[href], [src]")].filter(e => !e.closest("#js-card, .js-search") && !(e.rel === "stylesheet")).map(e => e.getAttribute("href") ?? e.getAttribute("src"))`) {
					if place.base == "/repo/" {
						to = strings.TrimPrefix(to, strings.TrimSuffix(r.root, "/repo/")) // what the script adds
					}
					name, ok := strings.CutPrefix(strings.SplitN(to, "#", 2)[0], "/repo/")
					if ok && own.Files[site.OutputPath(name)] == nil || !ok && !strings.HasPrefix(to, "data:") && !strings.HasPrefix(to, "#") {
						t.Errorf("/%s: %q does not lead into the site as it was built", p, to)
					}
				}
				if place.base == "/repo/" {
					r.wait(`document.querySelector(".js-tools")`)
					to := js[string](r, `document.querySelector("main ol a").href`)
					r.do(chromedp.Navigate(to))
					r.wait(`document.querySelector("h1") && document.querySelector("h1").textContent !== "Page not found"`)
				}
			}
			// Of these, only the page itself was missing where the site was built for.
			if place.base == "/repo/" {
				for _, u := range r.lack() {
					if !slices.ContainsFunc(lost, func(p string) bool { return u == "404 "+r.root+p }) {
						t.Errorf("missing: %s", u)
					}
				}
			}
		})
	}
	// Without anything else it still has its looks: they stand in the page.
	r := newReaderOf(t, first, own, "/repo/")
	r.fail("/repo/s")
	r.do(chromedp.Navigate(r.root + "a/b/c"))
	if got := js[string](r, `getComputedStyle(document.querySelector("h1")).fontSize`); got != "36px" {
		t.Errorf("alone, the page's heading has %s", got)
	}
}

// moveTo makes another address the one at which the site is read.
func (r *reader) moveTo(root string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.root = root
}

// lack takes what was asked for and not there.
func (r *reader) lack() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.missing
	r.missing = nil
	return out
}

// quiet requires that the console is empty, nobody else was asked, and nothing was missing.
func (r *reader) quiet(t *testing.T) {
	t.Helper()
	for _, u := range r.lack() {
		t.Errorf("missing: %s", u)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.console {
		t.Errorf("the console says: %s", c)
	}
	for _, u := range r.foreign {
		t.Errorf("another origin is asked: %s", u)
	}
}
