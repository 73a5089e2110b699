package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/render"
	"gloss/generator/site"
)

// ownSites are the sites of the repository: the explainer and the writer's guide.
var ownSites = []string{".", "docs"}

// TestOwnSite builds the sites of the repository: nothing is found, not even what is only a warning, and every link
// that graph knows leads somewhere.
func TestOwnSite(t *testing.T) {
	for _, dir := range ownSites {
		t.Run(dir, func(t *testing.T) {
			r := ownSite(t, dir) // reports every finding
			if len(r.Files) == 0 {
				t.Fatal("the site has no files")
			}
			budget := map[string]int{}
			for _, p := range r.Site.Pages {
				if p.Type != content.Plain && p.Made == nil {
					budget[site.OutputPath(p.URL)] = 14336
				}
			}
			for name, data := range r.Files {
				limit := 102400
				if b, ok := budget[name]; ok {
					limit = b
				}
				if n := gzipped(data); n > limit && path.Ext(name) == ".html" {
					t.Errorf("%s has %d bytes gzipped; its budget is %d", name, n, limit)
				}
			}
			var out, errs bytes.Buffer
			if status := run([]string{"graph", "-C", filepath.Join("..", dir)}, &out, &errs); status != 0 || errs.Len() > 0 {
				t.Fatalf("graph: status %d: %s", status, &errs)
			}
			var g struct {
				Pages   []struct{ Path, URL, Title, Type string }
				Records []struct{ ID, Kind, URL string }
				Links   []struct {
					From, To, Target, Fragment, Kind string
					Line, Column                     int
					Resolved                         bool
				}
				Mentions []struct{ Of, In, Sentence, Block string }
			}
			d := json.NewDecoder(&out)
			if err := d.Decode(&g); err != nil {
				t.Fatal(err)
			}
			if len(g.Pages) == 0 || len(g.Links) == 0 || len(g.Records) == 0 || len(g.Mentions) == 0 {
				t.Fatalf("graph is empty: %d pages, %d records, %d links, %d mentions", len(g.Pages), len(g.Records), len(g.Links), len(g.Mentions))
			}
			known := map[string]bool{}
			for _, p := range g.Pages {
				known[p.Path] = true
			}
			for _, x := range g.Records {
				known[x.ID] = true
			}
			for _, l := range g.Links {
				if !l.Resolved || l.To == "" {
					t.Errorf("%s:%d:%d: the link to %q does not resolve", l.From, l.Line, l.Column, l.Target)
				}
			}
			for _, m := range g.Mentions {
				if !known[m.Of] || !known[m.In] || m.Block == "" {
					t.Errorf("graph has a mention of nothing, or nowhere: %+v", m)
				}
			}
		})
	}
}

// crawlSites builds the sites of the repository and the fixtures, serves them at / and at /repo/, and follows every link
// of every page as a browser does (TestReader/055).
func crawlSites(t *testing.T) {
	trees := map[string]*build.Tree{}
	for _, dir := range ownSites {
		tr, err := build.Read(filepath.Join("..", dir), gloss.Theme)
		if err != nil {
			t.Fatal(err)
		}
		trees["site "+dir] = tr
	}
	names, _ := filepath.Glob("testdata/crawl/*.txtar")
	if len(names) == 0 {
		t.Fatal("testdata/crawl holds no fixture")
	}
	for _, name := range append(names, "testdata/tiny.txtar") {
		f := parseFixture(t, name)
		dir := t.TempDir()
		f.write(t, dir)
		tr, err := build.Read(dir, gloss.Theme)
		if err != nil {
			t.Fatal(err)
		}
		trees[strings.TrimSuffix(filepath.Base(name), ".txtar")] = tr
	}
	for _, name := range slices.Sorted(maps.Keys(trees)) {
		for _, base := range []string{"/", "/repo/"} {
			t.Run(name+base, func(t *testing.T) {
				r := build.Build(trees[name], build.Env{Env: site.Env{BaseURL: "https://site.example" + base}}, nil)
				for _, f := range r.Findings {
					if f.Severity == diag.Error {
						t.Errorf("%s", line(trees[name], f))
					}
				}
				crawl(t, r, base, false)
			})
		}
	}
}

// crawl holds a finished site, served below base, to what is true of every site; foreign says that its writers never heard of gloss: headings may skip levels, and signs may be left over.
func crawl(t *testing.T, r *build.Result, base string, foreign bool) {
	t.Helper()
	const origin = "https://site.example"
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		name, below := strings.CutPrefix(q.URL.Path, base)
		if strings.HasSuffix(name, "/") || name == "" {
			name += "index.html"
		}
		data, ok := r.Files[name]
		if p, poster := r.Posters[name]; poster {
			data, ok = render.DrawPoster(p), true
		}
		if ok && below {
			http.ServeContent(w, q, path.Base(name), time.Time{}, bytes.NewReader(data))
			return
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	defer srv.Close()

	type fetched struct {
		status int
		ids    map[string]bool
	}
	seen := map[string]fetched{}
	get := func(u *url.URL) fetched {
		at := u.EscapedPath()
		if f, ok := seen[at]; ok {
			return f
		}
		res, err := srv.Client().Get(srv.URL + at)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		f := fetched{status: res.StatusCode, ids: map[string]bool{}}
		if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			root, err := html.Parse(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			for n := range root.Descendants() {
				if id, ok := attr(n, "id"); ok {
					f.ids[id] = true
				}
			}
		}
		seen[at] = f
		return f
	}
	follow := func(where, from, to string) {
		t.Helper()
		home, err := url.Parse(origin + base + from)
		if err != nil {
			t.Errorf("%s: %v", where, err)
			return
		}
		u, err := home.Parse(to)
		if err != nil {
			t.Errorf("%s: %q is no address: %v", where, to, err)
			return
		}
		if u.Scheme+"://"+u.Host != origin {
			return
		}
		if !strings.HasPrefix(u.Path, base) {
			t.Errorf("%s: %q leads out of the site, to %s", where, to, u.Path)
			return
		}
		f := get(u)
		if f.status != http.StatusOK {
			t.Errorf("%s: %q leads to %s, status %d", where, to, u.Path, f.status)
		} else if u.Fragment != "" && u.Fragment != "top" && !f.ids[u.Fragment] {
			t.Errorf("%s: %q leads to an id that %s does not have", where, to, u.Path)
		}
	}

	for _, name := range slices.Sorted(maps.Keys(r.Files)) {
		data := r.Files[name]
		if !fs.ValidPath(name) {
			t.Errorf("the output has a file %q", name)
			continue
		}
		for d := path.Dir(name); d != "."; d = path.Dir(d) {
			if _, file := r.Files[d]; file {
				t.Errorf("%s is a file and the folder of %s", d, name)
			}
		}
		switch path.Ext(name) {
		case ".html":
			crawlPage(t, name, data, base, foreign, func(to string) { t.Helper(); follow(name, strings.TrimSuffix(name, "index.html"), to) })
		case ".md":
			for _, to := range markdownLinks(data) {
				follow(name, strings.TrimSuffix(name, site.TwinName), to)
			}
		case ".xml":
			for _, m := range regexp.MustCompile(`<loc>([^<]*)</loc>|<link>([^<]*)</link>|href="([^"]*)"`).FindAllStringSubmatch(string(data), -1) {
				to := html.UnescapeString(m[1] + m[2] + m[3])
				if !strings.HasPrefix(to, origin+base) {
					t.Errorf("%s: %q is not absolute below the base", name, to)
				}
				follow(name, "", to)
			}
		case ".txt":
			for _, l := range strings.Split(string(data), "\n") {
				if to, ok := strings.CutPrefix(l, "Sitemap: "); ok {
					follow(name, "", to)
				}
			}
		}
	}
}

// crawlPage checks one page by itself and calls follow for everything that it leads to.
func crawlPage(t *testing.T, name string, data []byte, base string, foreign bool, follow func(string)) {
	t.Helper()
	bad := func(format string, args ...any) {
		t.Helper()
		t.Errorf(name+": "+format, args...)
	}
	root, err := html.ParseWithOptions(bytes.NewReader(data), html.ParseOptionEnableScripting(false)) // which sees what stands in <noscript>
	if err != nil {
		bad("%v", err)
		return
	}
	shown, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		bad("%v", err)
		return
	}
	if d := cmp.Diff(written(data), read(shown)); d != "" {
		bad("a browser would read it otherwise than it is written (-written +read):\n%s", d)
	}
	for _, s := range []string{"\x00", "ZgotmplZ", "gloss-style-goes-here", "gloss-policy-goes-here", "<no value>"} {
		if bytes.Contains(data, []byte(s)) {
			bad("it holds %q", s)
		}
	}
	redirectPage := bytes.Contains(data, []byte(`http-equiv="refresh"`))
	ids, labels := map[string]int{}, []string{}
	var styles, inline, policies []string
	h1, level, linked := 0, 0, 0
	for n := range root.Descendants() {
		if n.Type == html.TextNode && strings.Contains(n.Data, "{{") && !foreign && !inside(n, atom.Code, atom.Pre, atom.Kbd, atom.Samp) {
			bad("it holds {{ in %q", n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		if id, ok := attr(n, "id"); ok {
			ids[id]++
			if id == "" || strings.ContainsAny(id, " \t\n") {
				bad("<%s> has the id %q", n.Data, id)
			}
		}
		for _, a := range n.Attr {
			switch {
			case n.Namespace == "svg" && noNumber.MatchString(a.Val):
				bad("<%s %s=%q> is drawn nowhere", n.Data, a.Key, a.Val)
			case a.Key == "style":
				bad("<%s> has a style attribute", n.Data)
			case strings.HasPrefix(a.Key, "on"):
				bad("<%s> has %s", n.Data, a.Key)
			case a.Key == "aria-labelledby", a.Key == "aria-describedby", a.Key == "aria-controls", a.Key == "for":
				labels = append(labels, strings.Fields(a.Val)...)
			case a.Key == "href", a.Key == "src", a.Key == "poster", a.Key == "action", a.Key == "data", a.Key == "srcset":
				rel, _ := attr(n, "rel")
				if strings.HasPrefix(a.Val, "/") && name != "404.html" {
					bad("%s=%q begins with /", a.Key, a.Val)
				}
				if name == "404.html" && !regexp.MustCompile(`^([a-z]+:|#|`+regexp.QuoteMeta(base)+`)`).MatchString(a.Val) {
					bad("%s=%q is not absolute, and this page is shown at any address", a.Key, a.Val)
				}
				if strings.HasPrefix(a.Val, "https://site.example/") && rel != "canonical" && rel != "alternate" {
					bad("%s=%q is an absolute address of this site", a.Key, a.Val)
				}
				if u, err := url.Parse(a.Val); err == nil && u.Scheme != "" {
					ask := a.Key != "href" || n.DataAtom == atom.Link && rel != "canonical" && rel != "alternate" && rel != "prev" && rel != "next"
					if !slices.Contains([]string{"http", "https", "mailto", "tel", "data"}, u.Scheme) || u.Scheme == "data" && !ask || ask && u.Scheme != "data" {
						bad("<%s %s=%q>: readers would run it, or ask another site for it", n.Data, a.Key, a.Val)
					}
					if u.Host != "site.example" {
						continue
					}
				}
				follow(a.Val)
			}
		}
		switch n.DataAtom {
		case atom.Html:
			lang, _ := attr(n, "lang")
			dir, _ := attr(n, "dir")
			if lang == "" || !redirectPage && dir != "ltr" && dir != "rtl" {
				bad("<html lang=%q dir=%q>", lang, dir)
			}
		case atom.Meta:
			equiv, _ := attr(n, "http-equiv")
			if property, _ := attr(n, "property"); property == "og:url" || property == "og:image" {
				to, _ := attr(n, "content")
				if !strings.HasPrefix(to, "https://site.example"+base) {
					bad("%s is %q, not absolute below the base", property, to)
				}
				follow(to)
			}
			val, _ := attr(n, "content")
			switch strings.ToLower(equiv) {
			case "refresh":
				_, to, _ := strings.Cut(val, "url=")
				follow(to)
			case "content-security-policy":
				policies = append(policies, val)
			}
		case atom.Style:
			styles = append(styles, text(n))
		case atom.Script:
			src, _ := attr(n, "src")
			if kind, _ := attr(n, "type"); kind == "application/ld+json" { // data, which no policy stops
				linked++
				for _, to := range addressesIn(t, name, text(n)) {
					to, _, _ = strings.Cut(to, "#") // the ids of things are no places on pages
					follow(to)
				}
			} else if src == "" {
				inline = append(inline, text(n))
			}
		case atom.Img:
			if _, ok := attr(n, "alt"); !ok {
				bad("an image without alt")
			}
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			l := int(n.Data[1] - '0')
			if l > level+1 && !foreign {
				bad("the heading %q of level %d follows level %d", text(n), l, level)
			}
			level = l
			if l == 1 {
				h1++
			}
			if strings.TrimSpace(text(n)) == "" {
				bad("an empty heading")
			}
		case atom.Title:
			if strings.TrimSpace(text(n)) == "" && n.Parent.DataAtom == atom.Head {
				bad("it has no title")
			}
		}
	}
	for id, n := range ids {
		if n > 1 {
			bad("the id %q stands %d times", id, n)
		}
	}
	for _, l := range labels {
		if ids[l] == 0 {
			bad("something is labelled by %q, which is not there", l)
		}
	}
	for _, script := range inline {
		sum := sha256.Sum256([]byte(script))
		if allowed := strings.Join(policies, " "); !strings.Contains(allowed, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
			bad("the policy %q does not allow the script %q", allowed, script)
		}
	}
	if redirectPage {
		if !bytes.Contains(data, []byte(`content="noindex"`)) {
			bad("a redirect without noindex")
		}
		return
	}
	if linked > 1 {
		bad("it has %d blocks of JSON-LD", linked)
	}
	if h1 != 1 {
		bad("it has %d h1", h1)
	}
	if len(styles) != 1 || len(policies) != 1 {
		bad("it has %d style elements and %d policies, want one of each", len(styles), len(policies))
		return
	}
	sum := sha256.Sum256([]byte(styles[0]))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policies[0], want) || strings.Contains(policies[0], "unsafe") {
		bad("the policy %q does not allow the stylesheet by its hash, %s", policies[0], want)
	}
	if strings.Contains(styles[0], "url(/") || strings.Contains(styles[0], "@import") {
		bad("the stylesheet asks for another file")
	}
}

var noNumber = regexp.MustCompile(`(^|[^A-Za-z])(NaN|[+-]?Inf(inity)?)($|[^A-Za-z])`)

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func text(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

func inside(n *html.Node, tags ...atom.Atom) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if slices.Contains(tags, p.DataAtom) {
			return true
		}
	}
	return false
}

var void = map[string]bool{"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true, "meta": true, "source": true, "track": true, "wbr": true}

// written lists the elements of a page as its tags say, each with those around it: an end tag must close the newest
// open element.
func written(data []byte) []string {
	var out, open []string
	z := html.NewTokenizer(bytes.NewReader(data))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				out = append(out, "never closed: "+strings.Join(open, " "))
			}
			return out
		case html.StartTagToken:
			name, _ := z.TagName()
			out = append(out, strings.Join(append(open, string(name)), " "))
			if !void[string(name)] {
				open = append(open, string(name))
			}
		case html.SelfClosingTagToken:
			name, _ := z.TagName()
			out = append(out, strings.Join(append(open, string(name)), " "))
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				out = append(out, fmt.Sprintf("</%s> closes %s", name, strings.Join(open, " ")))
				return out
			}
			open = open[:len(open)-1]
		}
	}
}

// read lists the elements of a page as a browser reads them.
func read(root *html.Node) []string {
	var out []string
	var walk func(n *html.Node, in []string)
	walk = func(n *html.Node, in []string) {
		if n.Type == html.ElementNode {
			in = append(slices.Clone(in), strings.ToLower(n.Data))
			out = append(out, strings.Join(in, " "))
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, in)
		}
	}
	walk(root, nil)
	return out
}

func gzipped(data []byte) int {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, 6)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Len()
}

// TestDeterministic builds one tree in two folders, with one worker and with sixteen, in two time zones: the same bytes
// and the same findings (T-86), with nothing of the machine in them.
func TestDeterministic(t *testing.T) {
	zones := []*time.Location{time.UTC, time.FixedZone("far", 14*3600)}
	local := time.Local
	defer func() { time.Local = local }()
	for _, own := range ownSites {
		t.Run(own, func(t *testing.T) {
			once := t.TempDir() // read once, since somebody may be writing
			for _, top := range []string{"content", "layouts", "static"} {
				if src := filepath.Join("..", own, top); exists(src) {
					if err := os.CopyFS(filepath.Join(once, top), os.DirFS(src)); err != nil {
						t.Fatal(err)
					}
				}
			}
			text, err := os.ReadFile(filepath.Join("..", own, "site.toml"))
			if err == nil {
				err = os.WriteFile(filepath.Join(once, "site.toml"), text, 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
			var first *build.Result
			var firstGraph []byte
			for i, workers := range []int{1, 16, 3} {
				dir := filepath.Join(t.TempDir(), strings.Repeat("deep/", i)+"site")
				if err := os.CopyFS(dir, os.DirFS(once)); err != nil {
					t.Fatal(err)
				}
				time.Local = zones[i%2]
				tr, err := build.Read(dir, gloss.Theme)
				if err != nil {
					t.Fatal(err)
				}
				r := build.Build(tr, build.Env{Env: site.Env{All: true}, Workers: workers}, nil)
				var graph bytes.Buffer
				if err := r.Site.WriteGraph(&graph, func(file string, at int) (int, int) { return at, 0 }); err != nil {
					t.Fatal(err)
				}
				for name, data := range r.Files {
					if bytes.Contains(data, []byte(dir)) || bytes.Contains(data, []byte(os.TempDir()+"/")) {
						t.Errorf("%s names a folder of this machine", name)
					}
				}
				if first == nil {
					first, firstGraph = r, graph.Bytes()
					continue
				}
				if d := cmp.Diff(slices.Sorted(maps.Keys(first.Files)), slices.Sorted(maps.Keys(r.Files))); d != "" {
					t.Errorf("other files (-first +now):\n%s", d)
				}
				if d := cmp.Diff(first.Posters, r.Posters); d != "" {
					t.Errorf("other posters (-first +now):\n%s", d)
				}
				for name, want := range first.Files {
					if got := r.Files[name]; !bytes.Equal(got, want) {
						t.Errorf("%s differs (-first +now):\n%s", name, cmp.Diff(string(want), string(got)))
					}
				}
				if d := cmp.Diff([][]diag.Finding{first.Findings, first.Hidden}, [][]diag.Finding{r.Findings, r.Hidden}); d != "" {
					t.Errorf("other findings (-first +now):\n%s", d)
				}
				if !bytes.Equal(firstGraph, graph.Bytes()) {
					t.Errorf("another graph (-first +now):\n%s", cmp.Diff(string(firstGraph), graph.String()))
				}
			}
		})
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// TestNothingOfThePreview: no page, file or script of a build holds anything that serve adds (T-51, checklist 99).
func TestNothingOfThePreview(t *testing.T) {
	for _, dir := range []string{"", "docs"} {
		for name, text := range ownSite(t, dir).Files {
			for _, mark := range []string{"_gloss", "data-gloss", "js-gloss", "gloss-live", "gloss:", "EventSource", "SharedWorker", "diomorph"} {
				if i := strings.Index(string(text), mark); i >= 0 && !strings.HasPrefix(string(text[i:]), "gloss::") {
					t.Errorf("%s%s holds %q", dir, name, text[max(0, i-40):min(len(text), i+40)])
				}
			}
		}
	}
}

// TestScriptStyle: the rules of what the script puts on a page count on no variable that the page may lack, since a
// page's own stylesheet leaves out those that none of its rules uses.
func TestScriptStyle(t *testing.T) {
	rules, err := os.ReadFile("../static/site.css")
	if err != nil {
		t.Fatal(err)
	}
	bare := regexp.MustCompile(`var\((--[a-z]+)\)`)
	for _, dir := range ownSites {
		for name, page := range ownSite(t, dir).Files {
			if !strings.HasSuffix(name, ".html") || !strings.Contains(string(page), "site.js") {
				continue
			}
			for _, m := range bare.FindAllStringSubmatch(string(rules), -1) {
				if !strings.Contains(string(page), m[1]+":") {
					t.Errorf("%s%s has no %s, which site.css uses", dir, name, m[1])
				}
			}
		}
	}
}
