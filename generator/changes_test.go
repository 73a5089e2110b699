package main

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"gloss/generator/build"
	"gloss/generator/site"
)

// xmlNode is an element of an XML file.
type xmlNode struct {
	name  xml.Name
	attrs map[string]string // by local name, xml: before those of its namespace
	nodes []*xmlNode
	text  string // of its own
}

func (n *xmlNode) all(name string) []*xmlNode {
	var out []*xmlNode
	for _, c := range n.nodes {
		if c.name.Local == name {
			out = append(out, c)
		}
	}
	return out
}

// one is the text of the first element of a name.
func (n *xmlNode) one(name string) string {
	if all := n.all(name); len(all) > 0 {
		return all[0].text
	}
	return ""
}

// readXML reads a whole file, and says why when it is not well-formed.
func readXML(data []byte) (*xmlNode, error) {
	root := &xmlNode{}
	stack := []*xmlNode{root}
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		top := stack[len(stack)-1]
		switch tok := tok.(type) {
		case xml.StartElement:
			n := &xmlNode{name: tok.Name, attrs: map[string]string{}}
			for _, a := range tok.Attr {
				key := a.Name.Local
				if a.Name.Space == "http://www.w3.org/XML/1998/namespace" || a.Name.Space == "xml" {
					key = "xml:" + key
				}
				n.attrs[key] = a.Value
			}
			top.nodes = append(top.nodes, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(tok)
		}
	}
	if len(root.nodes) != 1 {
		return nil, fmt.Errorf("%d elements at the top", len(root.nodes))
	}
	return root.nodes[0], nil
}

// atomErrors holds a feed to RFC 4287; each complaint starts with the section that it breaks.
func atomErrors(data []byte) []string {
	var out []string
	bad := func(section, format string, args ...any) {
		out = append(out, section+": "+fmt.Sprintf(format, args...))
	}
	f, err := readXML(data)
	if err != nil {
		bad("2", "no well-formed XML: %v", err)
		return out
	}
	const ns = "http://www.w3.org/2005/Atom"
	if f.name != (xml.Name{Space: ns, Local: "feed"}) {
		bad("4.1.1", "the file is a %v", f.name)
	}
	// How often an element may stand in another: exactly once, at most once, or as often as one likes.
	const once, most, any = "once", "at most once", "any"
	person := map[string]string{"name": once, "uri": most, "email": most}
	allowed := map[string]map[string]string{
		"feed":   {"author": any, "category": any, "contributor": any, "generator": most, "icon": most, "id": once, "link": any, "logo": most, "rights": most, "subtitle": most, "title": once, "updated": once, "entry": any},
		"entry":  {"author": any, "category": any, "content": most, "contributor": any, "id": once, "link": any, "published": most, "rights": most, "source": most, "summary": most, "title": once, "updated": once},
		"author": person, "contributor": person,
	}
	sections := map[string]string{"feed": "4.1.1", "entry": "4.1.2", "author": "3.2", "contributor": "3.2"}
	var look func(n *xmlNode)
	look = func(n *xmlNode) {
		name := n.name.Local
		if n.name.Space != ns {
			bad("2", "<%s> is of the namespace %q", name, n.name.Space)
		}
		for _, c := range n.nodes {
			if allowed[name][c.name.Local] == "" {
				bad(cmp.Or(sections[name], "3.1"), "<%s> holds <%s>", name, c.name.Local)
			}
		}
		for child, times := range allowed[name] {
			if k := len(n.all(child)); times == once && k != 1 || times == most && k > 1 {
				bad(sections[name], "<%s> has <%s> %d times, want %s", name, child, k, times)
			}
		}
		switch name {
		case "id":
			if u, err := url.Parse(n.text); err != nil || !u.IsAbs() || strings.TrimSpace(n.text) != n.text {
				bad("4.2.6", "the id %q is no absolute IRI", n.text)
			}
		case "updated", "published":
			if _, err := time.Parse(time.RFC3339, n.text); err != nil || strings.ContainsAny(n.text, "tz") {
				bad("3.3", "the date %q is not one of RFC 3339", n.text)
			}
		case "link":
			if u, err := url.Parse(n.attrs["href"]); err != nil || !u.IsAbs() {
				bad("4.2.7", "a link to %q", n.attrs["href"])
			}
		case "category":
			if n.attrs["term"] == "" {
				bad("4.2.2", "a category without a term")
			}
		case "title", "summary", "rights", "subtitle":
			if kind := n.attrs["type"]; kind != "" && kind != "text" {
				bad("3.1", "<%s> is of the type %q; ours are plain text", name, kind)
			}
		case "name":
			if strings.TrimSpace(n.text) == "" {
				bad("3.2", "a person without a name")
			}
		case "feed", "entry":
			alternates := map[string]bool{}
			for _, l := range n.all("link") {
				if rel := l.attrs["rel"]; rel == "" || rel == "alternate" {
					key := l.attrs["type"] + " " + l.attrs["hreflang"]
					if alternates[key] {
						bad(sections[name], "two alternates of one type and language in <%s>", name)
					}
					alternates[key] = true
				}
			}
			if name == "entry" && len(n.all("content")) == 0 && len(alternates) == 0 {
				bad("4.1.2", "an entry without content and without an alternate")
			}
			if name == "entry" && len(n.all("author")) == 0 && len(f.all("author")) == 0 {
				bad("4.1.2", "an entry without an author, in a feed without one")
			}
		}
		for _, c := range n.nodes {
			look(c)
		}
	}
	look(f)
	if f.attrs["xml:lang"] == "" {
		bad("2", "the feed says no language")
	}
	if !slices.ContainsFunc(f.all("link"), func(l *xmlNode) bool { return l.attrs["rel"] == "self" && l.attrs["type"] == "application/atom+xml" }) {
		bad("4.1.1", "no link rel=self")
	}
	ids := map[string]bool{f.one("id"): true}
	for _, e := range f.all("entry") {
		if ids[e.one("id")] {
			bad("4.2.6", "the id %q stands twice", e.one("id"))
		}
		ids[e.one("id")] = true
	}
	return out
}

// validFeed: the feed is Atom, has one entry for each change, and ids that neither another address nor another entry
// nor a new value of a fact alters.
func validFeed(t *testing.T) {
	entries := func(r *build.Result) []string {
		t.Helper()
		f, err := readXML(r.Files["feed.xml"])
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, e := range f.all("entry") {
			ids = append(ids, e.one("id"))
		}
		return ids
	}
	for _, dir := range ownSites {
		r := ownSite(t, dir)
		data := r.Files["feed.xml"]
		for _, e := range atomErrors(data) {
			t.Errorf("%s: RFC 4287 %s", dir, e)
		}
		if got, want := len(entries(r)), len(r.Site.Changes); got != want || want == 0 {
			t.Errorf("%s: %d entries of %d changes", dir, got, want)
		}
	}

	r := machine(t, machineSite, build.Env{})
	const base = "https://example.org/piers/"
	f, err := readXML(r.Files["feed.xml"])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range f.all("entry") {
		link := e.all("link")[0]
		got = append(got, strings.Join([]string{e.one("title"), e.one("updated"), link.attrs["rel"], link.attrs["href"], e.all("category")[0].attrs["term"], e.one("summary"), e.all("author")[0].one("name"), e.all("author")[1].one("name")}, " | "))
	}
	want := []string{
		"Correction: Why did it close? | 2024-03-09T00:00:00Z | alternate | " + base + "why-did-it-close/ | correction | It was about 4, not 5. | A. Editor | The desk",
		"Update: Why did it close? | 2024-03-05T00:00:00Z | alternate | " + base + "why-did-it-close/ | update | Added the quarrel. | A. Editor | The desk",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the entries are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for what, got := range map[string][2]string{
		"language":  {f.attrs["xml:lang"], "en-GB"},
		"title":     {f.one("title"), `Piers & "more" </script> – Changes`},
		"updated":   {f.one("updated"), "2024-03-09T00:00:00Z"},
		"self":      {f.all("link")[0].attrs["href"], base + "feed.xml"},
		"alternate": {f.all("link")[1].attrs["href"], base + "changes/"},
		"rights":    {f.one("rights"), "CC BY-SA 4.0"},
		"author":    {f.all("author")[0].one("uri"), base},
	} {
		if got[0] != got[1] {
			t.Errorf("the feed's %s is %q, want %q", what, got[0], got[1])
		}
	}

	// Ids stay, whatever happens around them.
	ids := entries(r)
	with := func(entry string) string {
		return strings.Replace(machineSite, "-- content/data/changes.toml --\n", "-- content/data/changes.toml --\n"+entry, 1)
	}
	const twin = "[[change]]\ndate = \"2024-03-05\"\nkind = \"update\"\npage = \"why\"\ntext = \"Added the quarrel.\"\n"
	for what, files := range map[string]string{
		"another address":                  strings.Replace(machineSite, "https://example.org/piers/", "https://example.net/other/", 1),
		"a later entry":                    with("[[change]]\ndate = \"2024-07\"\nkind = \"new\"\npage = \"pier\"\ntext = \"First.\"\n"),
		"an earlier entry":                 with("[[change]]\ndate = \"2023-07-01\"\nkind = \"new\"\npage = \"why\"\ntext = \"First.\"\n"),
		"an entry of the same day":         with("[[change]]\ndate = \"2024-03-09\"\nkind = \"correction\"\npage = \"why\"\ntext = \"Another.\"\n"),
		"the same once more":               with(twin),
		"another place among the sections": strings.ReplaceAll(machineSite, "sections/10-why.md", "sections/70-why.md"),
		"another title":                    strings.ReplaceAll(machineSite, "title: Why did it close?", "title: Why was it closed?"),
	} {
		now := entries(machine(t, files, build.Env{}))
		for _, id := range ids {
			if !slices.Contains(now, id) {
				t.Errorf("%s: the entry %s has another id now: %v", what, id, now)
			}
		}
		if slices.Sort(now); len(slices.Compact(now)) != len(now) {
			t.Errorf("%s: one id for two entries: %v", what, now)
		}
	}
	inserted := with("[[change]]\ndate = \"2024-05-01\"\nkind = \"update\"\npage = \"why\"\ntext = \"Now it is [](fact:count).\"\n")
	more := strings.NewReplacer("value = 4", "value = 6", "about 4]", "about 6]").Replace(inserted)
	before, after := entries(machine(t, inserted, build.Env{})), entries(machine(t, more, build.Env{}))
	if before[0] != after[0] {
		t.Errorf("a new value gives the entry that shows it another id: %s, %s", before[0], after[0])
	}

	// Only pages that show changes lead to it, and without an address there is none.
	for name, data := range r.Files {
		links := bytes.Contains(data, []byte("application/atom+xml")) && path.Ext(name) == ".html"
		if want := name == "index.html" || name == "changes/index.html"; links != want {
			t.Errorf("%s names the feed: %v, want %v", name, links, want)
		}
	}
	if !slices.Contains(attrs(parsed(t, r, "changes/index.html"), "href"), "../feed.xml") {
		t.Error("the changes do not lead to the feed")
	}
	for what, files := range map[string]string{"without an address": strings.Replace(machineSite, "base_url", "#", 1), "without changes": regexp.MustCompile(`(?s)-- content/data/changes.toml --.*?-- content/data/sources`).ReplaceAllString(machineSite, "-- content/data/sources")} {
		r := machine(t, files, build.Env{})
		if r.Files["feed.xml"] != nil || bytes.Contains(r.Files["index.html"], []byte("feed.xml")) {
			t.Errorf("%s there is a feed", what)
		}
	}

	// The rules are looked at: each of these breaks the one that is named.
	whole := string(r.Files["feed.xml"])
	for _, m := range []struct{ old, now, section string }{
		{`xmlns="http://www.w3.org/2005/Atom"`, `xmlns="http://example.org/"`, "4.1.1"}, {` xml:lang="en-GB"`, "", "2"}, {"<id>urn", "<id>", "4.2.6"}, {"</title>", "</title><title>x</title>", "4.1.1"},
		{"T00:00:00Z", "", "3.3"}, {`rel="self"`, `rel="next"`, "4.1.1"}, {"<entry>", "<entry><id>urn:x:y</id>", "4.1.2"}, {"<summary>", "<summary><b></b>", "3.1"}, {` term="correction"`, "", "4.2.2"},
		{"<name>A. Editor</name>", "", "3.2"}, {base + "why", "why", "4.2.7"}, {ids[1], ids[0], "4.2.6"}, {"</feed>", "", "2"}, {"<summary>", "<news>x</news><summary>", "4.1.2"},
	} {
		broken := strings.Replace(whole, m.old, m.now, 1)
		if got := atomErrors([]byte(broken)); broken == whole || !slices.ContainsFunc(got, func(e string) bool { return strings.HasPrefix(e, m.section+":") }) {
			t.Errorf("%q instead of %q breaks RFC 4287 %s, and is told as %v", m.now, m.old, m.section, got)
		}
	}
}

// correctedSite has one correction of each kind of page, and no page that lists them.
const correctedSite = `
-- site.toml --
title = "Piers"
base_url = "https://example.org/piers/"
[authors.a]
name = "A. Editor"
-- content/index.md --
---
title: Piers
published: "2024-03-01"
authors: [a]
---
[[pier]] [[ada]] [[crack]] [[notes]]
-- content/notes.md --
# Notes
-- content/sections/10-why.md --
---
title: Why?
answer: It cracked.
published: "2024-03-02"
authors: [a]
---
Text.
-- content/terms/pier.md --
---
title: Pier
summary: It carries.
---
-- content/who/ada.md --
---
title: Ada
kind: person
role: Engineer
role_as_of: "2024"
summary: Ada built it.
---
-- content/events/crack.md --
---
title: Crack
date: "2020-05"
source: post
summary: It cracked.
---
-- content/data/sources.json --
[{"id":"post","type":"book","title":"Post"}]
-- content/data/changes.toml --
`

// correctionEverywhere: a correction stands on its page, with its date, on /changes/ and /corrections/, in the feed,
// and for programs; other changes do not stand where corrections are told. The same holds for the overview and for what
// the site makes of corrections that no page of the writer lists.
func correctionEverywhere(t *testing.T) {
	pages := map[string]string{"index.html": "index.md", "why/index.html": "why", "terms/pier/index.html": "pier", "who/ada/index.html": "ada", "events/crack/index.html": "crack", "notes/index.html": "notes"}
	files := correctedSite
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		page := pages[name]
		files += fmt.Sprintf("[[change]]\ndate = \"2024-05-02\"\nkind = \"correction\"\npage = %q\ntext = \"Wrong on %s.\"\n[[change]]\ndate = \"2024-05-01\"\nkind = \"update\"\npage = %q\ntext = \"More on %s.\"\n", page, page, page, page)
	}
	for what, files := range map[string]string{"no page of corrections": files, "a page of corrections": files + "-- content/corrections.md --\n# Put right\n\nWe say what was wrong.\n"} {
		r := machine(t, files, build.Env{})
		feed, err := readXML(r.Files["feed.xml"])
		if err != nil {
			t.Fatal(err)
		}
		comments := func(name string) string {
			var out []string
			for _, n := range graphIn(t, name, r.Files[name]) {
				list, _ := n["correction"].([]any)
				for _, c := range list {
					c, _ := c.(thing)
					out = append(out, fmt.Sprint(c["@type"], " ", c["datePublished"], " ", c["text"]))
				}
			}
			return strings.Join(out, "\n")
		}
		logs := func(name string) string {
			var out []string
			for _, l := range those(parsed(t, r, name), "class", "log") {
				out = append(out, said(l)+" "+strings.Join(attrs(l, "datetime"), " "))
			}
			return strings.Join(out, " ")
		}
		for name, page := range pages {
			wrong, more := "Wrong on "+page+".", "More on "+page+"."
			if got := logs(name); !strings.Contains(got, wrong) || !strings.Contains(got, more) || !strings.Contains(got, "2024-05-02") || !strings.Contains(got, "Correction") {
				t.Errorf("%s: %s tells of its changes: %q", what, name, got)
			}
			if got, want := comments(name), "CorrectionComment 2024-05-02 "+wrong; got != want {
				t.Errorf("%s: %s tells programs %q, want %q", what, name, got, want)
			}
			if got := logs("changes/index.html"); !strings.Contains(got, wrong) || !strings.Contains(got, more) {
				t.Errorf("%s: /changes/ does not tell of %s: %s", what, page, got)
			}
			if got := logs("corrections/index.html"); !strings.Contains(got, wrong) || strings.Contains(got, more) || !strings.Contains(comments("corrections/index.html"), wrong) {
				t.Errorf("%s: /corrections/ says of %s: %s", what, page, got)
			}
			n := 0
			for _, e := range feed.all("entry") {
				if e.one("summary") == wrong && e.all("category")[0].attrs["term"] == "correction" && strings.HasPrefix(e.one("title"), "Correction: ") {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%s: the feed tells %d times of the correction of %s", what, n, page)
			}
		}
		for _, name := range []string{"index.html", "why/index.html"} {
			if got := modified(t, r, name); got != "2024-05-02" {
				t.Errorf("%s: %s was modified on %q", what, name, got)
			}
			if meta := said(those(parsed(t, r, name), "class", "meta")[0]); !strings.Contains(meta, "Updated 2 May 2024") {
				t.Errorf("%s: %s says %q", what, name, meta)
			}
		}
		if foot := said(tags(parsed(t, r, "why/index.html"), atom.Footer)[0]); !strings.Contains(foot, "Corrections") && !strings.Contains(foot, "Put right") {
			t.Errorf("%s: the foot of a page does not lead to the corrections: %q", what, foot)
		}
	}
	// The date comes from the changes alone: neither from front matter nor from what is older than the page.
	for what, change := range map[string]string{"no change": "", "an older change": "[[change]]\ndate = \"2024-02-01\"\nkind = \"update\"\npage = \"why\"\ntext = \"Draft.\"\n"} {
		r := machine(t, strings.NewReplacer("title: Why?", "title: Why?\nupdated: \"2024-03-05\"", "[authors.a]", "[checks]\nbad-date = \"off\"\n[authors.a]").Replace(correctedSite)+change, build.Env{})
		if meta := said(those(parsed(t, r, "why/index.html"), "class", "meta")[0]); strings.Contains(meta, "Updated") {
			t.Errorf("%s: the page says %q", what, meta)
		}
		if r.Files["corrections/index.html"] != nil {
			t.Errorf("%s: there is a page of corrections", what)
		}
	}
}

// TestMapOfTheSite holds sitemap.xml, robots.txt and the canonical addresses against one another: the sitemap lists just
// the pages that search engines may show, each by its canonical address, with the day of its newest change.
func TestMapOfTheSite(t *testing.T) {
	sites := map[string]*build.Result{"machine": machine(t, machineSite, build.Env{}), "ar": machine(t, "-- site.toml --\ntitle = \"جسر\"\nlanguage = \"ar\"\nbase_url = \"https://example.org/a/\"\n-- content/index.md --\n---\ntitle: جسر\n---\n[[x y]] [[50%]]\n-- content/x y.md --\n# X\n-- content/50%.md --\n# 50\n-- content/جسر/ألف.md --\n# ألف\n\n[[index]]\n-- content/late.md --\n---\ntitle: Late\ndraft: true\n---\n-- content/old.md --\n---\ntitle: Moved\nredirect_from: [/before/]\n---\n", build.Env{})}
	for _, dir := range ownSites {
		sites[dir] = ownSite(t, dir)
	}
	for name, r := range sites {
		base := r.Site.Base
		set, err := readXML(r.Files["sitemap.xml"])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if set.name != (xml.Name{Space: "http://www.sitemaps.org/schemas/sitemap/0.9", Local: "urlset"}) || len(set.nodes) == 0 || len(set.nodes) > 50000 {
			t.Errorf("%s: the sitemap is a %v of %d", name, set.name, len(set.nodes))
		}
		listed := map[string]string{}
		for _, u := range set.nodes {
			loc, day := u.one("loc"), u.one("lastmod")
			p, err := url.Parse(loc)
			if err != nil || p.String() != loc || !strings.HasPrefix(loc, base) || len(loc) >= 2048 || strings.ContainsFunc(loc, func(r rune) bool { return r > '~' || r <= ' ' }) {
				t.Errorf("%s: the sitemap lists %q: %v", name, loc, err)
			}
			if _, twice := listed[loc]; twice {
				t.Errorf("%s: the sitemap lists %s twice", name, loc)
			}
			if !regexp.MustCompile(`^(\d{4}(-\d\d){0,2})?$`).MatchString(day) {
				t.Errorf("%s: %s was changed on %q", name, loc, day)
			}
			listed[loc] = day
		}
		if want := "User-agent: *\nAllow: /\nSitemap: " + base + "sitemap.xml\n"; string(r.Files["robots.txt"]) != want {
			t.Errorf("%s: robots.txt is %q", name, r.Files["robots.txt"])
		}
		shown := map[string]bool{}
		for file, data := range r.Files {
			if path.Ext(file) != ".html" {
				continue
			}
			root, err := html.Parse(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			canonical, robots := "", ""
			for n := range root.Descendants() {
				if rel, _ := attr(n, "rel"); rel == "canonical" {
					canonical, _ = attr(n, "href")
				}
				if k, _ := attr(n, "name"); k == "robots" {
					robots, _ = attr(n, "content")
				}
			}
			if robots != "" { // noindex
				continue
			}
			shown[canonical] = true
			if _, ok := listed[canonical]; !ok {
				t.Errorf("%s: the sitemap does not list %s, the address of %s", name, canonical, file)
			}
			if u, err := url.Parse(strings.TrimPrefix(canonical, base)); err != nil || site.OutputPath(u.Path) != file {
				t.Errorf("%s: %s has the canonical address %q: %v", name, file, canonical, err)
			}
		}
		for loc := range listed {
			if !shown[loc] {
				t.Errorf("%s: the sitemap lists %s, which no page calls its own", name, loc)
			}
		}
		for _, p := range r.Site.Pages {
			newest := ""
			for _, c := range r.Site.Changes {
				if c.Page == p {
					newest = max(newest, c.Date.ISO)
				}
			}
			if got, want := listed[r.Site.Absolute(p.URL)], max(newest, p.Meta.Published.ISO); p.Made == nil && !p.Meta.Draft && got != want {
				t.Errorf("%s: the sitemap says that /%s was changed on %q, want %q", name, p.URL, got, want)
			}
		}
	}
	m := sites["machine"]
	if !bytes.Contains(m.Files["sitemap.xml"], []byte("<loc>https://example.org/piers/changes/</loc><lastmod>2024-03-09</lastmod>")) {
		t.Errorf("the changes have no date: %s", m.Files["sitemap.xml"])
	}
}
