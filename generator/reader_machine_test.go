package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	unsafe "github.com/yuin/goldmark/renderer/html"
	source "github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/render"
	"gloss/generator/site"
)

// markdownLinks are the addresses that a markdown file leads to.
func markdownLinks(data []byte) []string {
	var out []string
	root := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote)).Parser().Parse(source.NewReader(data))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n := n.(type) {
			case *ast.Link:
				out = append(out, string(n.Destination))
			case *ast.Image:
				out = append(out, string(n.Destination))
			}
		}
		return ast.WalkContinue, nil
	})
	return out
}

// thing is an object of JSON-LD.
type thing = map[string]any

// graphIn reads the JSON-LD of a page; nil when there is none.
func graphIn(t *testing.T, name string, data []byte) []thing {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if kind, _ := attr(n, "type"); n.DataAtom == atom.Script && kind == "application/ld+json" {
			return graphOf(t, name, text(n))
		}
	}
	return nil
}

func graphOf(t *testing.T, name, data string) []thing {
	t.Helper()
	var doc struct {
		Context string  `json:"@context"`
		Graph   []thing `json:"@graph"`
	}
	d := json.NewDecoder(strings.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		t.Errorf("%s: JSON-LD: %v\n%s", name, err, data)
	}
	if doc.Context != "https://schema.org" || len(doc.Graph) == 0 {
		t.Errorf("%s: JSON-LD has the context %q and %d things", name, doc.Context, len(doc.Graph))
	}
	return doc.Graph
}

// addressesIn are the addresses in the JSON-LD of a page.
func addressesIn(t *testing.T, name, data string) []string {
	t.Helper()
	var out []string
	walk(graphOf(t, name, data), "", func(_, s string) {
		if strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") {
			out = append(out, s)
		}
	})
	return out
}

// walk calls f for every text in a value, with the key that it stands under.
func walk(v any, key string, f func(key, s string)) {
	switch v := v.(type) {
	case string:
		f(key, v)
	case []thing:
		for _, x := range v {
			walk(x, key, f)
		}
	case []any:
		for _, x := range v {
			walk(x, key, f)
		}
	case thing:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			walk(v[k], k, f)
		}
	}
}

// typesOf are the types of a thing.
func typesOf(n thing) string {
	var out []string
	walk(n["@type"], "", func(_, s string) { out = append(out, s) })
	return strings.Join(out, " ")
}

// machineSite is a site with every type of page.
const machineSite = `
-- site.toml --
title = "Piers & \"more\" </script>"
language = "en-GB"
base_url = "https://example.org/piers/"
licence = "CC BY-SA 4.0"
fact_checker = true
[authors.a]
name = "A. Editor"
url = "https://example.net/a"
[authors.desk]
name = "The desk"
kind = "organisation"
-- content/index.md --
---
title: Piers
standfirst: What is known about [about 4](fact:count) piers [@post].
published: "2024-03-01"
authors: [a]
takeaways: ["There are [about 4](fact:count) piers [@post]: [why](sections/10-why.md)."]
tiles: [count]
---
See [[Pier|piers]].
-- content/sections/10-why.md --
---
title: Why did it close?
answer: It has [about 4](fact:count) piers, and one cracked [@post, p. 2].
published: "2024-03-02"
authors: [a, desk]
about: [ada, span]
---
# Why did it close?

The [[pier]] cracked in [May 2020](event:crack), said [[ada|Ada]] [see @post, p. 3; @mail]. %%secret%%[^n]

A <i>tag</i> and a <font>font</font>, [web page](https://example.net/x "X"), ![A pier](pier.png), ^[In the text [@mail].] and [by name][ref]. ^here

> [!known]
> **Sure.** About [](fact:count) and [[?unwritten]].

![[cause]]

![[count]]

![[pier]]

` + "```chart\ntype = \"bar\"\ntitle = \"Piers: [about 4](fact:count)\"\nfacts = [\"count\"]\n```\n\n```timeline\nabout = \"ada\"\n```" + `

<!--more-->

## More bold

- one [[#More bold|here]]
- two

[^n]: A note with [[ada]].

[ref]: ../terms/pier.md
-- content/pier.png --
-- content/terms/pier.md --
---
title: Pier
summary: A pier carries a [[Span|span]].
aliases: [Pillar]
---
-- content/terms/span.md --
---
title: Span
summary: A span is what a pier carries.
---
Nothing more.
-- content/who/ada.md --
---
title: Ada Lock
kind: person
role: Engineer
role_as_of: "2024-01"
summary: Ada Lock built the [[pier]].
same_as: ["https://example.net/ada"]
---
-- content/who/works.md --
---
title: The Works
kind: organisation
role: Builder
role_as_of: "2024"
summary: The Works built it.
---
-- content/events/crack.md --
---
title: A pier cracks
date: "2020-05"
who: ada
source: post
summary: A pier cracked.
---
-- content/events/quarrel.md --
---
title: A quarrel
date: "2020-06-01"
disputed: true
source: post
summary: Nobody knows when.
---
-- content/about.md --
# About

## How facts are checked

Twice.

## Corrections policy

We correct.

## Funding

None.

## How to complain

Write.
-- content/corrections.md --
# Corrections
-- content/notes.md --
# Notes

Plain [[why]].
-- content/data/facts.toml --
[count]
label = "Piers, all"
value = 4
unit = "piers"
approx = true
as_of = "2024-03-08"
source = ["post", "mail"]
history = [{ value = 3, as_of = "2020", source = "post" }]
[name]
label = "Name"
value = "Alder \"Bridge\""
unit = "name"
as_of = "2023"
source = "post"
[gone]
label = "Gone"
value = 1.50
unit = "m"
as_of = "2023"
source = "post"
status = "withdrawn"
reason = "Wrong."
-- content/data/claims.toml --
[cause]
claim = "Frost made [about 4](fact:count) cracks."
status = "disputed"
as_of = "2024"
settle = "A drill."
[[cause.position]]
says = "Yes."
who = "ada"
date = "2024-01"
cite = "post"
[[cause.position]]
says = "No."
who_text = "Others"
date = "2023"
cite = "mail"
-- content/data/events.csv --
id,date,date_end,date_text,title,who,tags,source,origin,planned,disputed
lone,2021,,,Another happening,,,post,,,
-- content/data/changes.toml --
[[change]]
date = "2024-03-09"
kind = "correction"
page = "why"
text = "It was [about 4](fact:count), not 5."
[[change]]
date = "2024-03-05"
kind = "update"
page = "why"
text = "Added the quarrel."
-- content/data/sources.json --
[{"id":"post","type":"article-newspaper","title":"100% sure_thing {A} & B #1","container-title":"Alder Post","author":[{"family":"Rook","given":"T."},{"literal":"Desk & Co"}],"issued":{"date-parts":[[2024,3,18]]},"URL":"https://example.net/p?a=1&b=2%20c","custom":{"seen":true}},
 {"id":"mail","type":"report","title":"Ω Mail","publisher":"Mail","issued":{"date-parts":[[2023]]},"custom":{"seen":false,"via":"post"}}]
`

func machineFiles(files string) []txtar.File { return txtar.Parse([]byte(files)).Files }

// machine builds a site from the text of its files.
func machine(t *testing.T, files string, env build.Env) *build.Result {
	t.Helper()
	dir := t.TempDir()
	(&fixture{files: machineFiles(files)}).write(t, dir)
	tr, err := build.Read(dir, gloss.Theme)
	if err != nil {
		t.Fatal(err)
	}
	r := build.Build(tr, env, nil)
	for _, x := range r.Findings {
		if x.Severity == diag.Error {
			t.Fatalf("%s", line(tr, x))
		}
	}
	return r
}

// showsLinked holds the JSON-LD of a page to what its readers see, too: every text but addresses and types stands on
// the page, dates in words or for programs.
func showsLinked(t *testing.T, name string, data []byte, graph []thing, base string) {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	seen := strings.Join(strings.Fields(visible(root)), " ")
	dates := string(data)
	walk(graph, "", func(key, s string) {
		switch {
		case key == "@type", key == "@id", key == "encodingFormat", key == "inLanguage", strings.HasPrefix(s, base), strings.HasPrefix(s, "https://creativecommons.org/"):
		case strings.HasPrefix(key, "date"), strings.HasSuffix(key, "Date"):
			d, why := content.ParseDate(s)
			if words := content.LanguageOf("en").FormatDate(d); why != "" || !strings.Contains(dates, `datetime="`+s+`"`) && !strings.Contains(seen, words) {
				t.Errorf("%s: %s %q is not on the page", name, key, s)
			}
		case strings.HasPrefix(s, "http"):
			if !strings.Contains(dates, html.EscapeString(s)) {
				t.Errorf("%s: %s %q is not on the page", name, key, s)
			}
		case !strings.Contains(seen, strings.TrimPrefix(s, "as of ")): // which heads a column
			t.Errorf("%s: %s %q is not on the page", name, key, s)
		}
	})
}

// TestReader holds what can be seen without a browser to the checklist of the reader's side; each part has its number.
// What the command line says of a site is told in testdata/reader.
func TestReader(t *testing.T) {
	testscript.Run(t, scripts("testdata/reader"))
	for _, item := range builtItems {
		t.Run(item.name, item.hold)
	}
	r := machine(t, machineSite, build.Env{})
	const base = "https://example.org/piers/"

	t.Run("091_json_ld", func(t *testing.T) {
		want := map[string]string{ // the types of the things of each page
			"index.html": "NewsArticle BackgroundNewsArticle, WebSite, Organization", "brief/index.html": "WebPage", "summary/index.html": "WebPage",
			"why-did-it-close/index.html": "NewsArticle BackgroundNewsArticle, BreadcrumbList", "terms/pier/index.html": "DefinedTerm", "terms/index.html": "DefinedTermSet",
			"who/ada/index.html": "WebPage", "who/works/index.html": "WebPage", "who/index.html": "CollectionPage", "timeline/index.html": "ItemList",
			"events/crack/index.html": "WebPage", "events/quarrel/index.html": "WebPage", "facts/index.html": "Dataset", "disputed/index.html": "ItemList, ClaimReview",
			"sources/index.html": "ItemList", "changes/index.html": "ItemList", "about/index.html": "AboutPage", "corrections/index.html": "AboutPage",
			"search/index.html": "WebPage", "notes/index.html": "WebPage", "card/count/index.html": "WebPage", "card/cause/index.html": "WebPage", "all/index.html": "", "404.html": "",
		}
		graphs := map[string][]thing{}
		for name, types := range want {
			if r.Files[name] == nil {
				t.Errorf("there is no %s", name)
				continue
			}
			graphs[name] = graphIn(t, name, r.Files[name])
			var got []string
			for _, n := range graphs[name] {
				got = append(got, typesOf(n))
			}
			if strings.Join(got, ", ") != types {
				t.Errorf("%s holds %q, want %q", name, got, types)
			}
		}
		at := func(v any, keys ...any) any {
			for _, k := range keys {
				switch k := k.(type) {
				case string:
					m, _ := v.(thing)
					v = m[k]
				case int:
					l, _ := v.([]any)
					if k >= len(l) {
						return nil
					}
					v = l[k]
				}
			}
			return v
		}
		check := func(name string, i int, want any, keys ...any) {
			t.Helper()
			if len(graphs[name]) <= i {
				t.Errorf("%s has no thing %d", name, i)
			} else if got := at(graphs[name][i], keys...); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %v is %v, want %v", name, keys, got, want)
			}
		}
		section := "why-did-it-close/index.html"
		check(section, 0, base+"why-did-it-close/#article", "@id")
		check(section, 0, "Why did it close?", "headline")
		check(section, 0, "2024-03-02", "datePublished")
		check(section, 0, "2024-03-09", "dateModified")
		check(section, 0, base+"#explainer", "isPartOf", "@id")
		check(section, 0, 1, "position")
		check(section, 0, "Person", "author", 0, "@type")
		check(section, 0, "https://example.net/a", "author", 0, "url")
		check(section, 0, "Organization", "author", 1, "@type")
		check(section, 0, base+"who/ada/#who", "about", 0, "@id")
		check(section, 0, "<nil>", "about", 1) // the text does not name the span
		check(section, 0, base+"terms/pier/#term", "mentions", 0, "@id")
		check(section, 0, base+"sources/#post", "citation", 0, "@id")
		check(section, 0, base+"sources/#mail", "citation", 1, "@id")
		check(section, 0, "CorrectionComment", "correction", 0, "@type")
		check(section, 0, "It was about 4, not 5.", "correction", 0, "text")
		check(section, 0, "2024-03-09", "correction", 0, "datePublished")
		check(section, 1, base, "itemListElement", 0, "item", "@id")
		check(section, 1, "Why did it close?", "itemListElement", 1, "name")
		check("index.html", 0, base+"why-did-it-close/#article", "hasPart", 0, "@id")
		check("index.html", 0, "<nil>", "dateModified") // no entry of its own
		check("index.html", 0, "https://creativecommons.org/licenses/by-sa/4.0/", "license")
		check("index.html", 2, base+"about/#how-facts-are-checked", "publishingPrinciples")
		check("index.html", 2, base+"about/#corrections-policy", "correctionsPolicy")
		check("index.html", 2, base+"about/#funding", "ownershipFundingInfo")
		check("index.html", 2, base+"about/#how-to-complain", "actionableFeedbackPolicy")
		check("index.html", 2, "<nil>", "ethicsPolicy")
		check("terms/pier/index.html", 0, base+"terms/#terms", "inDefinedTermSet", "@id")
		check("terms/pier/index.html", 0, "A pier carries a span.", "description")
		check("terms/index.html", 0, base+"terms/#terms", "@id")
		check("who/ada/index.html", 0, "Person", "mainEntity", "@type")
		check("who/ada/index.html", 0, "https://example.net/ada", "mainEntity", "sameAs", 0)
		check("who/works/index.html", 0, "Organization", "mainEntity", "@type")
		check("who/index.html", 0, "ItemList", "mainEntity", "@type")
		check("events/crack/index.html", 0, "Event", "about", 0, "@type")
		check("events/crack/index.html", 0, "2020-05", "about", 0, "startDate") // no day is made up
		check("events/quarrel/index.html", 0, "<nil>", "about", 0, "startDate")
		check("facts/index.html", 0, "text/csv", "distribution", 0, "encodingFormat")
		check("facts/index.html", 0, base+"facts.csv", "distribution", 0, "contentUrl")
		check("facts/index.html", 0, "about 4", "variableMeasured", 0, "value")
		check("facts/index.html", 0, "<nil>", "variableMeasured", 2) // withdrawn
		if d, _ := at(graphs["facts/index.html"][0], "description").(string); len(d) < 50 {
			t.Errorf("the description of the facts is short: %q", d)
		}
		check("disputed/index.html", 0, "Claim", "itemListElement", 0, "item", "@type")
		check("disputed/index.html", 0, "Frost made about 4 cracks.", "itemListElement", 0, "item", "text")
		check("disputed/index.html", 1, "Disputed", "reviewRating", "alternateName", 0)
		check("sources/index.html", 0, "Report", "itemListElement", 0, "item", "@type")
		check("sources/index.html", 0, "NewsArticle", "itemListElement", 1, "item", "@type")
		check("about/index.html", 0, base+"#publisher", "mainEntity", "@id")
		check("corrections/index.html", 0, "CorrectionComment", "correction", 0, "@type")

		for name, graph := range graphs {
			showsLinked(t, name, r.Files[name], graph, base)
		}
		for name, data := range r.Files {
			if bytes.Contains(data, []byte("FAQPage")) {
				t.Errorf("%s holds an FAQPage", name)
			}
		}
		// Reviews of claims only when site.toml asks, and nothing at all where no base URL says where things are.
		quiet := machine(t, strings.Replace(machineSite, "fact_checker = true\n", "", 1), build.Env{})
		if bytes.Contains(quiet.Files["disputed/index.html"], []byte("ClaimReview")) {
			t.Error("a site that is no fact checker reviews claims")
		}
		lost := machine(t, strings.Replace(machineSite, `base_url = "https://example.org/piers/"`, "", 1), build.Env{})
		for name, data := range lost.Files {
			if strings.HasSuffix(name, ".html") && (bytes.Contains(data, []byte("ld+json")) || bytes.Contains(data, []byte("og:")) || bytes.Contains(data, []byte("twitter:"))) {
				t.Errorf("%s has JSON-LD or Open Graph without a base URL", name)
			}
		}
	})

	t.Run("089_date_modified", func(t *testing.T) {
		page := string(r.Files["why-did-it-close/index.html"])
		for _, s := range []string{`"dateModified":"2024-03-09"`, `<meta property="article:modified_time" content="2024-03-09">`, `<meta property="article:published_time" content="2024-03-02">`,
			`<meta property="og:type" content="article">`, `<meta property="og:locale" content="en_GB">`, `<meta property="og:url" content="` + base + `why-did-it-close/">`, `<meta name="twitter:card" content="summary_large_image">`} {
			if !strings.Contains(page, s) {
				t.Errorf("the section has no %s", s)
			}
		}
		for name, data := range r.Files {
			if strings.HasSuffix(name, ".html") && name != "why-did-it-close/index.html" && bytes.Contains(data, []byte("dateModified")) {
				t.Errorf("%s has a dateModified without a change", name)
			}
		}
	})

	t.Run("posters", func(t *testing.T) {
		used := map[string]bool{}
		for name, data := range r.Files {
			if !strings.HasSuffix(name, ".html") {
				continue
			}
			page := string(data)
			image := regexp.MustCompile(`<meta property="og:image" content="([^"]*)">`).FindStringSubmatch(page)
			hidden := strings.Contains(page, `content="noindex"`)
			switch {
			case hidden && image != nil:
				t.Errorf("%s is hidden and has a poster", name)
			case hidden:
			case image == nil:
				t.Errorf("%s has no poster", name)
			default:
				file, below := strings.CutPrefix(image[1], base)
				if _, has := r.Posters[file]; !below || !has {
					t.Errorf("%s has the poster %s, which is not there", name, image[1])
				}
				used[file] = true
				for _, s := range []string{`<meta property="og:image:width" content="1200">`, `<meta property="og:image:height" content="630">`, `<meta property="og:image:alt" content="` + html.EscapeString(r.Posters[file].Title), `<meta name="twitter:card" content="summary_large_image">`} {
					if !strings.Contains(page, s) {
						t.Errorf("%s has a poster and no %s", name, s)
					}
				}
			}
		}
		if len(used) != len(r.Posters) || len(used) < 10 {
			t.Errorf("%d of %d posters are used", len(used), len(r.Posters))
		}

		// What is on them: the answer's first sentence with the values that the site puts in, the first number of the
		// overview, the date that the page is about.
		on := func(r *build.Result, name string) site.PosterView {
			t.Helper()
			m := regexp.MustCompile(`og:image" content="https://example.org/[^"]*?(_x/og/[^"]*)"`).FindSubmatch(r.Files[name])
			if m == nil {
				t.Fatalf("%s has no poster", name)
			}
			return r.Posters[string(m[1])]
		}
		for name, want := range map[string]site.PosterView{
			"why-did-it-close/index.html": {Title: "Why did it close?", Text: "It has about 4 piers, and one cracked.", Date: "Updated 9 March 2024"},
			"events/crack/index.html":     {Title: "A pier cracks", Text: "A pier cracked.", Date: "May 2020"},
			"terms/index.html":            {Title: "Glossary"},
		} {
			want.Site, want.Language, want.Dir = `Piers & "more" </script>`, "en-GB", "ltr"
			if d := cmp.Diff(want, on(r, name)); d != "" {
				t.Errorf("the poster of %s (-want +got):\n%s", name, d)
			}
		}
		if got := on(r, "index.html"); got.Number != "about 4 piers" || got.Label != "Piers, all · as of 8 March 2024" {
			t.Errorf("the overview's poster shows %+v", got)
		}
		longer := machine(t, strings.Replace(machineSite, "and one cracked", "and one cracked. The others stand", 1), build.Env{})
		if got := on(longer, "why-did-it-close/index.html").Text; got != "It has about 4 piers, and one cracked." {
			t.Errorf("of an answer of two sentences the poster shows %q", got)
		}

		// Another title is another picture, and of the same things there is one.
		other := machine(t, strings.Replace(machineSite, "title: Why did it close?", "title: Why did it shut?", 1), build.Env{})
		if a, b := on(r, "why-did-it-close/index.html"), on(other, "why-did-it-shut/index.html"); render.PosterName(a) == render.PosterName(b) {
			t.Errorf("%+v and %+v have the same name", a, b)
		}
		if a, b := on(r, "events/crack/index.html"), on(other, "events/crack/index.html"); render.PosterName(a) != render.PosterName(b) {
			t.Errorf("%+v and %+v have different names", a, b)
		}

		// Nothing is drawn where no base URL says where it would be, nor for titles that nobody could read.
		lost := machine(t, strings.Replace(machineSite, `base_url = "https://example.org/piers/"`, "", 1), build.Env{})
		if len(lost.Posters) > 0 {
			t.Errorf("a site without a base URL has %d posters", len(lost.Posters))
		}
		strange := machine(t, strings.Replace(machineSite, "title: Why did it close?", "title: 桥为什么关闭\nslug: why", 1), build.Env{})
		if page := strange.Files["why/index.html"]; bytes.Contains(page, []byte("og:image")) || !bytes.Contains(page, []byte(`<meta name="twitter:card" content="summary">`)) {
			t.Error("a title that no face can draw has a poster")
		}
	})

	t.Run("042_same_fact_everywhere", func(t *testing.T) {
		var file struct {
			Site  struct{ Title, URL, Licence string }
			Facts []struct {
				ID, URL, Label, Text, Unit, Status, Reason string
				Value                                      json.RawMessage
				AsOf                                       string `json:"as_of"`
				Approximate                                bool
				Sources                                    []string
				Origins                                    int `json:"independent_origins"`
				History                                    []struct{ Text string }
			}
		}
		if err := json.Unmarshal(r.Files["facts.json"], &file); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(r.Files["facts.csv"])).ReadAll()
		if err != nil || len(rows) != len(file.Facts)+1 {
			t.Fatalf("facts.csv has %d lines for %d facts: %v", len(rows), len(file.Facts), err)
		}
		if len(file.Facts) != len(r.Site.Facts) {
			t.Fatalf("facts.json has %d of %d facts", len(file.Facts), len(r.Site.Facts))
		}
		root, err := html.Parse(bytes.NewReader(r.Files["facts/index.html"]))
		if err != nil {
			t.Fatal(err)
		}
		shown := map[string]string{}
		for n := range root.Descendants() {
			if id, ok := attr(n, "id"); ok && n.DataAtom == atom.Tr {
				shown[id] = visible(n) + strings.Join(attrs(n, "datetime"), " ")
			}
		}
		for i, f := range file.Facts {
			if !strings.Contains(shown[f.ID], f.Text) || !strings.Contains(shown[f.ID], f.Unit) || !strings.Contains(shown[f.ID], f.AsOf) {
				t.Errorf("the page shows %q as %q, facts.json as %+v", f.ID, shown[f.ID], f)
			}
			if row := rows[i+1]; row[0] != f.ID || row[3] != f.Text || row[4] != f.Unit || row[6] != f.AsOf || row[7] != f.Status || row[8] != strings.Join(f.Sources, ";") {
				t.Errorf("facts.csv has %q, facts.json %+v", row, f)
			}
			if r.Files[site.OutputPath(strings.TrimSuffix(f.URL, "#"+f.ID))] == nil {
				t.Errorf("facts.json leads to %q", f.URL)
			}
			card := string(r.Files["card/"+f.ID+"/index.html"])
			if !strings.Contains(card, html.EscapeString(f.Text)) && !strings.Contains(html.UnescapeString(card), f.Text) {
				t.Errorf("the card of %s does not show %q", f.ID, f.Text)
			}
		}
		if f := file.Facts[0]; string(f.Value) != "4" || f.Text != "about 4" || !f.Approximate || f.Origins != 1 || len(f.History) != 1 {
			t.Errorf("facts.json has %+v", f)
		}
		if f := file.Facts[2]; f.Status != "withdrawn" || f.Reason != "Wrong." {
			t.Errorf("facts.json has %+v", f)
		}
		for _, name := range []string{"index.html", "why-did-it-close/index.html"} {
			if !bytes.Contains(r.Files[name], []byte("about 4")) {
				t.Errorf("%s does not show the fact", name)
			}
		}
		var claims struct {
			Claims []struct {
				ID, Claim, Status, Settle string
				Positions                 []struct{ Says, Who, Date string }
			}
		}
		if err := json.Unmarshal(r.Files["claims.json"], &claims); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(claims.Claims); got != "[{cause Frost made about 4 cracks. disputed A drill. [{No. Others 2023} {Yes. Ada Lock 2024-01}]}]" {
			t.Errorf("claims.json has %s", got)
		}
	})

	t.Run("bibliography", func(t *testing.T) {
		got := readBib(t, string(r.Files["sources.bib"]))
		want := []string{
			`techreport mail title={Ω Mail} institution=Mail year=2023 date=2023 note=Mail, via Alder Post.`,
			`article post author=Rook, T. and {Desk \& Co} title={100\% sure\_thing \{A\} \& B \#1} journal=Alder Post year=2024 date=2024-03-18 month=mar day=18 url=https://example.net/p?a=1&b=2%20c`,
		}
		if !slices.Equal(got, want) {
			t.Errorf("sources.bib holds\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if own := ownSite(t, "."); len(readBib(t, string(own.Files["sources.bib"]))) != len(own.Site.Sources) {
			t.Errorf("sources.bib does not hold the %d sources of the own site", len(own.Site.Sources))
		}
	})

	t.Run("093_twins", func(t *testing.T) {
		for _, p := range r.Site.Pages {
			twin := path.Join(path.Dir(site.OutputPath(p.URL)), "index.md")
			_, ok := r.Files[twin]
			if !ok {
				t.Errorf("%s has no twin", p.Name)
			}
			if linked := bytes.Contains(r.Files[site.OutputPath(p.URL)], []byte(`<link rel="alternate" type="text/markdown" href="index.md">`)); ok && !linked {
				t.Errorf("%s does not lead to its twin", p.Name)
			}
		}
		got := string(r.Files["why-did-it-close/index.md"])
		if got != wantTwin {
			t.Errorf("the twin is\n%s\nwant\n%s", got, wantTwin)
		}
		crawl(t, machine(t, strings.Replace(machineSite, "example.org/piers/", "site.example/piers/", 1), build.Env{}), "/piers/", true)
	})

	t.Run("093_twins_run_nothing", func(t *testing.T) {
		hostile := machine(t, "-- site.toml --\ntitle = \"T\"\n[checks]\nunsafe-url = \"off\"\nraw-html = \"off\"\nmissing-alt = \"off\"\n-- content/x.md --\n"+
			"# X\n\n[a](javascript:alert(1)) [b][r] <javascript:alert(2)> ![c](javascript:alert(3)) ![](data:text/html,x) <img src=x onerror=alert(4)>\n\n"+
			"<script>\nalert(5)\n</script>\n\n> <iframe src=x>\n\n- ![d][r]\n\n[r]: JaVaScript:alert(6)\n\n[^n] ^[<b onclick=alert(7)>x</b> [e](vbscript:x)]\n\n[^n]: <form>note</form>\n", build.Env{})
		twin := string(hostile.Files["x/index.md"])
		for _, to := range markdownLinks([]byte(twin)) {
			t.Errorf("the twin leads to %q", to)
		}
		var out bytes.Buffer
		if err := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(unsafe.WithUnsafe())).Convert([]byte(twin), &out); err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{"<script", "<img", "<iframe", "<form", "onclick", `href="javascript`, "href=\"vbscript"} {
			if strings.Contains(strings.ToLower(out.String()), s) {
				t.Errorf("the twin rendered holds %s:\n%s\n%s", s, &out, twin)
			}
		}
	})

	t.Run("all_and_cards", func(t *testing.T) {
		all := string(r.Files["all/index.html"])
		for _, s := range []string{`<meta name="robots" content="noindex">`, `<link rel="canonical" href="` + base + `">`, `id="_q1-here"`, "A note with", "Another happening", `id="_s-post"`} {
			if !strings.Contains(all, s) {
				t.Errorf("the page with everything has no %s", s)
			}
		}
		if bytes.Contains(r.Files["sitemap.xml"], []byte("/all/")) || bytes.Contains(r.Files["sitemap.xml"], []byte("/card/")) {
			t.Error("the sitemap lists pages that are no pages of their own")
		}
		for name, link := range map[string]string{"index.html": `href="all/"`, "facts/index.html": `href="../card/count/"`, "disputed/index.html": `href="../card/cause/"`,
			"card/count/index.html": `href="../../facts/#count"`, "card/cause/index.html": `href="../../disputed/#cause"`} {
			if !bytes.Contains(r.Files[name], []byte(link)) {
				t.Errorf("%s has no %s", name, link)
			}
		}
		if !bytes.Contains(r.Files["card/count/index.html"], []byte("noindex")) {
			t.Error("a card may be indexed")
		}
	})

	t.Run("083_weight", func(t *testing.T) {
		for name, data := range r.Files {
			if n := gzipped(data); strings.HasPrefix(name, "card/") && n > 4096 {
				t.Errorf("%s has %d bytes gzipped", name, n)
			}
		}
	})
}

const wantTwin = `# Why did it close?

It has [about 4](../facts/#count) piers, and one cracked [1, p. 2].

By A. Editor, The desk · Published 2 March 2024 · Updated 9 March 2024

The [pier](../terms/pier/) cracked in [May 2020](../events/crack/), said [Ada](../who/ada/) [see 1, p. 3; 2]. [^n]

A <i>tag</i> and a &lt;font>font&lt;/font>, [web page](https://example.net/x), ![A pier](../pier.png), [^n2] and [by name](../terms/pier/).

> [!known]
> **Sure.** About [about 4](../facts/#count) and unwritten.

> **Claim:** [Frost made about 4 cracks.](../disputed/#cause) (Disputed)
>
> - Others, 2023: No.
> - Ada Lock, January 2024: Yes.

Piers, all: [about 4 piers](../facts/#count) (as of 8 March 2024)

[Pier](../terms/pier/)

**Piers: [about 4](../facts/#count)**

| What | Value | Note |
| --- | --- | --- |
| Piers, all | [about 4](../facts/#count) | as of 8 March 2024 |

Sources: [Alder Post](../sources/#post); [Mail](../sources/#mail). [Download the numbers (CSV)](chart-1.csv)

- May 2020: [A pier cracks](../events/crack/)

## More bold

- one [here](./#more-bold)
- two

[^n]: A note with [ada](../who/ada/).



[^n2]: In the text [2].

## Sources on this page

1. T. Rook, Desk & Co. 100% sure\_thing {A} & B #1. Alder Post, 18 March 2024. <https://example.net/p?a=1&b=2%20c>
2. Ω Mail. Mail, 2023. (Mail, via Alder Post)

<https://example.org/piers/why-did-it-close/>

Licence: CC BY-SA 4.0
`

// TestReservedNames plants files where the generator writes its own.
func TestReservedNames(t *testing.T) {
	for file, want := range map[string]string{
		"static/facts.json": "reserved-name", "static/terms/pier/index.md": "duplicate-address", "static/all/index.html": "reserved-name",
		"static/card/count/index.html": "reserved-name", "content/card/count.md": "reserved-name", "static/index.md": "duplicate-address",
	} {
		dir := t.TempDir()
		(&fixture{files: txtar.Parse([]byte(machineSite + "-- " + file + " --\n# X\n")).Files}).write(t, dir)
		tr, err := build.Read(dir, gloss.Theme)
		if err != nil {
			t.Fatal(err)
		}
		r := build.Build(tr, build.Env{}, nil)
		if !slices.ContainsFunc(r.Findings, func(f diag.Finding) bool { return f.Code == want && f.Span.File == file }) {
			t.Errorf("%s: found %v, want %s", file, r.Findings, want)
		}
	}
}

// visible is the text that a browser shows, and what it says of pictures.
func visible(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && !inside(d, atom.Script, atom.Style, atom.Head) {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	// Words that markup cuts in two, and words around a mark, are one to a reader.
	for d := range n.Descendants() {
		if d.Type == html.TextNode && !inside(d, atom.Script, atom.Style, atom.Head, atom.Sup) {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// attrs are the values of an attribute below a node.
func attrs(n *html.Node, key string) []string {
	var out []string
	for d := range n.Descendants() {
		if v, ok := attr(d, key); ok {
			out = append(out, v)
		}
	}
	return out
}

var bibEntry = regexp.MustCompile(`^@([a-z]+)\{([^,{}\s]+)`)

// readBib reads BibTeX: entries of fields in balanced braces or of bare words.
func readBib(t *testing.T, s string) []string {
	t.Helper()
	var out []string
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		m := bibEntry.FindStringSubmatch(s)
		if m == nil {
			t.Fatalf("no entry starts at %.60q", s)
		}
		s = s[len(m[0]):]
		entry := m[1] + " " + m[2]
		for {
			s = strings.TrimSpace(s)
			if strings.HasPrefix(s, "}") {
				s = s[1:]
				break
			}
			name, rest, ok := strings.Cut(strings.TrimSpace(strings.TrimPrefix(s, ",")), "=")
			if !ok {
				t.Fatalf("no field starts at %.60q", s)
			}
			rest = strings.TrimSpace(rest)
			end := strings.IndexAny(rest, ",\n")
			value := rest[:max(end, 0)]
			if strings.HasPrefix(rest, "{") {
				depth := 0
				end = -1
				for i := range len(rest) {
					switch {
					case i > 0 && rest[i-1] == '\\':
					case rest[i] == '{':
						depth++
					case rest[i] == '}':
						depth--
					}
					if depth == 0 {
						end = i + 1
						break
					}
				}
				if end < 0 {
					t.Fatalf("a field does not end: %.60q", rest)
				}
				value = rest[1 : end-1]
			}
			entry += " " + strings.TrimSpace(name) + "=" + value
			s = rest[end:]
		}
		out = append(out, entry)
	}
	return out
}
