package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"gloss/generator/build"
	"gloss/generator/content"
	"gloss/generator/site"
)

// builtItems are the items of the reader's checklist that finished files show; TestReader runs them.
var builtItems = []struct {
	name string
	hold func(t *testing.T)
}{
	{"012_reading_time", readingTime},
	{"013_brief", briefHoldsAll},
	{"014_summary", summaryHoldsBeginnings},
	{"034_texts_of_previews", previewTexts},
	{"042_same_fact_wherever_it_is_shown", sameFact},
	{"050_one_kind_of_link", oneKindOfLink},
	{"053_first_mentions", firstMentions},
	{"054_related", relatedWithReasons},
	{"055_no_link_is_broken", crawlSites},
	{"059_positions_are_equal", equalPositions},
	{"061_no_day_is_invented", noInventedDay},
	{"083_every_page_is_light", lightPages},
	{"087_same_bytes_again", sameBytes},
	{"089_newest_change", newestChange},
	{"090_corrections", correctionEverywhere},
	{"091_says_only_what_it_shows", linkedOnOwnSites},
	{"092_feed", validFeed},
	{"096_everything_from_A_to_Z", everythingListed},
}

// parsed is a page as a browser reads it.
func parsed(t *testing.T, r *build.Result, name string) *html.Node {
	t.Helper()
	data, ok := r.Files[name]
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// those are the elements below a node that hold a word in an attribute, in reading order.
func those(n *html.Node, key, word string) []*html.Node {
	var out []*html.Node
	for d := range n.Descendants() {
		if v, ok := attr(d, key); ok && slices.Contains(strings.Fields(v), word) {
			out = append(out, d)
		}
	}
	return out
}

// that is the one element below a node that holds a word in an attribute.
func that(t *testing.T, n *html.Node, key, word string) *html.Node {
	t.Helper()
	all := those(n, key, word)
	if len(all) != 1 {
		t.Fatalf("%d elements have %s=%q, want one", len(all), key, word)
	}
	return all[0]
}

// tags are the elements of a kind below a node.
func tags(n *html.Node, a atom.Atom) []*html.Node {
	var out []*html.Node
	for d := range n.Descendants() {
		if d.DataAtom == a {
			out = append(out, d)
		}
	}
	return out
}

// inLine are the elements that a line of text goes on behind.
var inLine = map[atom.Atom]bool{atom.A: true, atom.Bdi: true, atom.B: true, atom.I: true, atom.Em: true, atom.Strong: true, atom.Code: true, atom.Span: true, atom.Time: true,
	atom.Cite: true, atom.Q: true, atom.Small: true, atom.Del: true, atom.Kbd: true, atom.Sub: true, atom.Dfn: true, atom.Abbr: true}

// said is what a reader reads in an element, on one line, without marks of sources and notes, and signs to link by.
func said(n *html.Node) string {
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		class, _ := attr(n, "class")
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.DataAtom == atom.Sup, n.DataAtom == atom.Script, n.DataAtom == atom.Style, class == "anchor":
		default:
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				walk(c)
			}
			if !inLine[n.DataAtom] {
				b.WriteByte(' ')
			}
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// elements are the children of a node that are elements.
func elements(n *html.Node) []*html.Node {
	var out []*html.Node
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode {
			out = append(out, c)
		}
	}
	return out
}

// sections writes files of sections, each a title and a body.
func sectionFiles(titled ...string) string {
	var b strings.Builder
	for i := 0; i < len(titled); i += 2 {
		fmt.Fprintf(&b, "-- content/sections/%d.md --\n---\ntitle: %s\nanswer: Short.\npublished: \"2024-03-20\"\nauthors: [ann]\n---\n\n%s\n", 10+i, titled[i], titled[i+1])
	}
	return b.String()
}

const annsSite = "-- site.toml --\ntitle = \"Piers\"\nbase_url = \"https://site.example/\"\n[authors.ann]\nname = \"Ann\"\n"

// readingTime: words by 238, rounded, at least one minute; sections show it and the overview shows the sum.
func readingTime(t *testing.T) {
	many := func(n int) string { return strings.TrimSpace(strings.Repeat("word ", n)) }
	// The answer, a word of its own, is counted or not: at these lengths that changes nothing.
	files := annsSite + sectionFiles("One?", "Word.", "Two?", many(355), "Three?", many(357), "Four?", many(593), "Five?", many(300)+"\n\n## Part\n\n- "+many(200)+"\n\n> "+many(95))
	want := []int{1, 1, 2, 2, 3}
	for name, index := range map[string]string{"with an overview of its own": "-- content/index.md --\n---\ntitle: Piers\n---\n\n" + many(900) + "\n", "with one that is made": ""} {
		r := machine(t, files+index, build.Env{})
		sum := 0
		for i, p := range r.Site.Path {
			meta := said(those(parsed(t, r, site.OutputPath(p.URL)), "class", "meta")[0])
			if !strings.Contains(" "+meta+" ", fmt.Sprintf(" %d min read ", want[i])) {
				t.Errorf("%s: %q says %q, want %d min read", name, p.Meta.Title, meta, want[i])
			}
			sum += want[i]
		}
		if meta := said(those(parsed(t, r, "index.html"), "class", "meta")[0]); !strings.Contains(" "+meta+" ", fmt.Sprintf(" %d min read ", sum)) {
			t.Errorf("%s: the overview says %q, want %d min read", name, meta, sum)
		}
	}
}

const depthSite = annsSite + `
-- content/index.md --
---
title: Piers
takeaways: ["There are [4](fact:count) *piers* [@post]: [why](sections/10-why.md).", "Nobody knows [[11-when|when]].", "<b> & [[pier]]: [how](sections/12-how.md)"]
---
-- content/sections/10-why.md --
---
title: Why?
answer: One of [4](fact:count) cracked [@post, p. 2], in [](event:crack), & **that** was it.
published: "2024"
authors: [ann]
---
It says so[^n] [@post]. ^named

## Before

- one [[pier]]
- two

[](fact:count) of them.

` + "```chart\ntype = \"bar\"\ntitle = \"Four\"\nfacts = [\"count\"]\n```" + `

<!--more-->

After.[^m]

[^n]: A first note.

[^m]: A second note.
-- content/sections/11-when.md --
---
title: When?
answer: Short.
published: "2024"
authors: [ann]
---
## First

One.

- between

> [!note] Box
> A paragraph of a box is no paragraph of the text.

Two.[^n]

Three.

[^n]: A note on two.
-- content/sections/12-how.md --
---
title: How?
answer: Short.
published: "2024"
authors: [ann]
---
Alone.
-- content/sections/13-who.md --
---
title: Who?
answer: Short & <sweet>.
published: "2024"
authors: [ann]
---
<!--more-->

One.

Two.
-- content/terms/pier.md --
---
title: Pier
summary: A pier carries.
---
-- content/data/facts.toml --
[count]
label = "Piers"
value = 4
unit = "piers"
as_of = "2024-03-18"
source = "post"
-- content/data/events.csv --
id,date,title,source
crack,2020-05,A crack,post
-- content/data/sources.json --
[{"id":"post","type":"article-newspaper","title":"Bridge shut","container-title":"Alder Post"}]
`

// briefHoldsAll: the shortest page has every takeaway and every answer, word for word and once, each with a link to its
// section.
func briefHoldsAll(t *testing.T) {
	results := map[string]*build.Result{"a small site": machine(t, depthSite, build.Env{})}
	for _, dir := range ownSites {
		results[dir] = ownSite(t, dir)
	}
	for name, r := range results {
		main := that(t, parsed(t, r, "brief/index.html"), "id", "_main")
		all := said(main)
		once := func(words string) {
			if n := strings.Count(all, words); n != 1 || words == "" {
				t.Errorf("%s: %q stands %d times", name, words, n)
			}
		}
		sections := map[string]bool{}
		for _, p := range r.Site.Path {
			sections["../"+p.URL] = true
		}
		var overview, brief []*html.Node
		if those(parsed(t, r, "index.html"), "class", "takes") != nil {
			overview = tags(those(parsed(t, r, "index.html"), "class", "takes")[0], atom.Li)
			brief = tags(that(t, main, "class", "takes"), atom.Li)
		}
		if r.Site.Pages == nil || len(overview) != len(brief) {
			t.Fatalf("%s: the overview has %d takeaways, the brief %d", name, len(overview), len(brief))
		}
		for i, li := range brief {
			if said(li) != said(overview[i]) {
				t.Errorf("%s: a takeaway reads %q, on the overview %q", name, said(li), said(overview[i]))
			}
			once(said(li))
			if !slices.ContainsFunc(attrs(li, "href"), func(to string) bool { return sections[strings.SplitN(to, "#", 2)[0]] }) {
				t.Errorf("%s: the takeaway %q leads to no section", name, said(li))
			}
		}
		var asked []*html.Node
		for _, h := range tags(main, atom.H2) {
			if to := attrs(h, "href"); len(to) == 1 && sections[to[0]] {
				asked = append(asked, h)
			}
		}
		if len(asked) != len(r.Site.Path) {
			t.Fatalf("%s: the brief has %d questions for %d sections", name, len(asked), len(r.Site.Path))
		}
		for i, p := range r.Site.Path {
			answer := said(that(t, parsed(t, r, site.OutputPath(p.URL)), "id", "_answer"))
			parts := elements(asked[i].Parent)
			if to := attrs(asked[i], "href"); to[0] != "../"+p.URL || said(asked[i]) != p.Meta.Title || len(parts) != 2 || said(parts[1]) != answer {
				t.Errorf("%s: %q leads to %v and is answered %q, want %q", name, said(asked[i]), to, said(asked[i].Parent), answer)
			}
			if strings.Count(answer, "Short") == 0 { // which is the answer of more than one section
				once(answer)
			}
		}
	}
}

// beginning is what the page of all beginnings shows of a section, one line for each element.
func beginning(t *testing.T, section *html.Node) []string {
	t.Helper()
	var out []string
	parts := elements(section)
	from := slices.IndexFunc(parts, func(n *html.Node) bool { return n.DataAtom == atom.H2 && len(attrs(n, "href")) > 0 })
	for _, n := range parts[from+1 : len(parts)-1] {
		out = append(out, said(n))
	}
	if class, _ := attr(parts[len(parts)-1], "class"); class != "small" {
		t.Errorf("a beginning ends with %q and not with a way to the rest", said(parts[len(parts)-1]))
	}
	return out
}

// summaryHoldsBeginnings: just what stands before the writer's mark, else the first two paragraphs, with their notes.
func summaryHoldsBeginnings(t *testing.T) {
	r := machine(t, depthSite, build.Env{})
	var got [][]string
	main := that(t, parsed(t, r, "summary/index.html"), "id", "_main")
	for i := range r.Site.Path {
		got = append(got, beginning(t, that(t, main, "aria-labelledby", fmt.Sprintf("_q%d", i+1))))
	}
	chart := "Four Piers 4 as of 18 March 2024 Source: Alder Post Download the numbers (CSV)"
	want := [][]string{
		{"It says so.", "aA first note. ↩", "Before", "one pier two", "4 of them.", chart},
		{"First", "One.", "between", "Box A paragraph of a box is no paragraph of the text.", "Two.", "aA note on two. ↩"},
		{"Alone."},
		nil,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the summary (-want +got):\n%s", d)
	}
	for _, dir := range ownSites {
		r := ownSite(t, dir)
		main := that(t, parsed(t, r, "summary/index.html"), "id", "_main")
		for i, p := range r.Site.Path {
			begin := strings.Join(strings.Fields(strings.Join(beginning(t, that(t, main, "aria-labelledby", fmt.Sprintf("_q%d", i+1))), " ")), " ")
			page := that(t, parsed(t, r, site.OutputPath(p.URL)), "id", "_main")
			answer := said(that(t, page, "id", "_answer"))
			_, body, _ := strings.Cut(said(page), answer+" ")
			if begin == "" || !strings.HasPrefix(body, begin) {
				t.Errorf("%s: the summary of %q is\n%s\nwhich its page does not begin with:\n%s", dir, p.Meta.Title, begin, body[:min(len(body), len(begin)+80)])
			}
		}
	}
}

// previews are the cards of a site by the address that they stand over: title, line, text, and for a fact its sources
// and the last day before its review.
func previews(t *testing.T, r *build.Result) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for name, data := range r.Files {
		if text, ok := strings.CutPrefix(string(data), `gloss("previews`); ok && strings.HasPrefix(name, "_x/previews") {
			_, text, _ = strings.Cut(text, ",")
			some := map[string][]string{}
			if err := json.Unmarshal([]byte(strings.TrimSuffix(text, ")\n")), &some); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			maps.Copy(all, some)
		}
	}
	if len(all) == 0 {
		t.Fatal("there are no previews")
	}
	return all
}

var previewTag = regexp.MustCompile(`</?(p|b|i|bdi|time)( datetime="[0-9-]+")?>`)

// plainPreview is the text of a preview as a reader reads it.
func plainPreview(h string) string {
	return strings.Join(strings.Fields(html.UnescapeString(previewTag.ReplaceAllString(strings.ReplaceAll(h, "</p><p>", " "), ""))), " ")
}

// previewTexts: at most 350 characters and 60 words, up to the end of a sentence, of p, b, i, time and bdi alone, and
// the summary when there is one.
func previewTexts(t *testing.T) {
	sentence := "A pier of *stone* carries the deck [@post]. "
	long := strings.TrimSpace(strings.Repeat(sentence, 12)) // 96 words
	wordy := strings.TrimSpace(strings.Repeat("so it is ", 30))
	files := annsSite + `
-- content/index.md --
# Piers

[[short]] [[rich]] [[long]] [[wordy]] [[letters]] [[bare]] [[ada]] [[crack]] [[safe]] [](fact:count)
-- content/terms/short.md --
---
title: Short
summary: "It is <short> & “said” 100 %"
---
Not this.
-- content/terms/rich.md --
---
title: Rich
summary: "A **strong** *word*, ` + "`code`" + `, [[short|a link]], [4](fact:count) and [](event:crack) [@post]; [web](https://example.net/)."
---
-- content/terms/long.md --
---
title: Long
summary: "` + long + `"
---
-- content/terms/wordy.md --
---
title: Wordy
summary: "` + wordy + `"
---
-- content/terms/letters.md --
---
title: Letters
summary: "` + strings.Repeat("Überfährgesellschaftsangelegenheit ", 11) + `"
---
-- content/terms/bare.md --
---
title: Bare
---
## A heading

The first [[short|paragraph]] speaks. It goes on.

The second does not.
-- content/who/ada.md --
---
title: Ada
kind: person
role: Engineer of **all** [[short|shorts]]
role_as_of: "2024-01"
summary: Ada built it.
---
-- content/events/crack.md --
---
title: A crack
date: "2020-05"
summary: It cracked. Nobody saw.
source: post
---
-- content/data/facts.toml --
[count]
label = "Piers & <more>"
value = 4
unit = "piers"
as_of = "2024-03-18"
source = "post"
history = [{ value = 3, as_of = "2020", source = "post" }]
-- content/data/claims.toml --
[safe]
claim = "It is *safe*."
status = "disputed"
as_of = "2024"
[[safe.position]]
says = "` + long + `"
who_text = "One"
date = "2024"
cite = "post"
[[safe.position]]
says = "No."
who_text = "Two"
date = "2024"
cite = "post"
-- content/data/sources.json --
[{"id":"post","type":"article-newspaper","title":"Bridge shut","container-title":"Alder Post"}]
`
	files = strings.Replace(files, "[authors.ann]", "[checks]\nmissing-answer = \"off\"\nlong-answer = \"off\"\n[authors.ann]", 1)
	r := machine(t, files, build.Env{})
	all := previews(t, r)
	for key, p := range all {
		text := ""
		for i, h := range p {
			if i > 0 {
				if rest := previewTag.ReplaceAllString(h, ""); strings.ContainsAny(rest, "<>") {
					t.Errorf("%s holds markup of another kind: %q", key, h)
				}
			}
			if i == 2 {
				text = plainPreview(h)
			}
		}
		if n := utf8.RuneCountInString(text); n > 350 || len(strings.Fields(text)) > 60 {
			t.Errorf("%s has %d characters, %d words", key, n, len(strings.Fields(text)))
		}
	}
	one := "A pier of stone carries the deck."
	for key, want := range map[string]string{
		"terms/short/": "It is <short> & “said” 100 %",
		"terms/rich/":  "A strong word, code, a link, 4 and May 2020; web.",
		"terms/long/":  strings.TrimSpace(strings.Repeat(one+" ", 8)), // as many whole sentences as fit
		"terms/bare/":  "The first paragraph speaks. It goes on.",
		"who/ada/":     "Ada built it.", "events/crack/": "It cracked. Nobody saw.",
		"facts/#count": "4 piers Earlier values: 3 (2020)",
	} {
		if p := all[key]; len(p) < 3 || plainPreview(p[2]) != want {
			t.Errorf("%s: %q, want %q", key, p, want)
		}
	}
	if got := all["terms/rich/"]; len(got) > 2 && !strings.Contains(got[2], "<b>strong</b> <i>word</i>") {
		t.Errorf("the summary lost its stress: %q", got[2])
	}
	// A sentence longer than a card is cut between words, and says so.
	for _, key := range []string{"terms/wordy/", "terms/letters/"} {
		text := plainPreview(all[key][2])
		if !strings.HasSuffix(text, " …") || !slices.Contains([]string{"so", "it", "is", "Überfährgesellschaftsangelegenheit"}, text[strings.LastIndexByte(strings.TrimSuffix(text, " …"), ' ')+1:len(text)-len(" …")]) {
			t.Errorf("%s is cut to %q", key, text)
		}
	}
	// What a claim's positions say ends with a sentence, too.
	if text := plainPreview(all["disputed/#safe"][2]); !strings.HasSuffix(text, ".") || !strings.HasPrefix(text, "One: "+one) {
		t.Errorf("the claim says %q", text)
	}
}

// sameFact: value, unit and date are the same on a section, an overview's tile, the list of facts, the card, in a
// chart and its numbers, in the preview and in the files for programs.
func sameFact(t *testing.T) {
	const files = annsSite + `
-- content/index.md --
---
title: Piers
tiles: [count]
---
-- content/sections/10-why.md --
---
title: Why?
answer: "[](fact:count) of them."
published: "2024"
authors: [ann]
---
There are [](fact:count) and [roughly 12,500 piers](fact:count).

![[count]]

` + "```chart\ntype = \"bar\"\ntitle = \"Piers\"\nfacts = [\"count\"]\n```\n\n```chart\ntype = \"line\"\ntitle = \"Piers\"\nfacts = [\"count\"]\n```" + `
-- content/data/facts.toml --
[count]
label = "Piers, all"
value = 12500.5
unit = "piers"
approx = true
display = ["some {value}", "roughly 12,500 piers"]
as_of = "2024-03"
source = "post"
history = [{ value = 900, as_of = "2020-05-04", source = "post" }]
-- content/data/sources.json --
[{"id":"post","type":"report","title":"R"}]
`
	r := machine(t, strings.NewReplacer(`, "roughly 12,500 piers"]`, `, "roughly {value} all told"]`, "[roughly 12,500 piers]", "[roughly 12,500.5 all told]").Replace(files), build.Env{})
	const value, unit, iso, date = "some 12,500.5", "piers", "2024-03", "March 2024"
	shows := func(where string, n *html.Node, parts ...string) {
		t.Helper()
		all := said(n) + " " + strings.Join(attrs(n, "datetime"), " ")
		for _, p := range parts {
			if !strings.Contains(all, p) {
				t.Errorf("%s shows %q, without %q", where, all, p)
			}
		}
	}
	section := parsed(t, r, "why/index.html")
	shows("the overview's tile", that(t, parsed(t, r, "index.html"), "class", "tile"), value, unit, iso, date)
	shows("a tile in a section", that(t, section, "class", "tile"), value, unit, iso, date)
	shows("the list", that(t, parsed(t, r, "facts/index.html"), "id", "count"), value, unit, iso, date)
	shows("the card", that(t, parsed(t, r, "card/count/index.html"), "class", "tile"), value, unit, iso, date)
	charts := those(section, "class", "chart")
	if len(charts) != 2 {
		t.Fatalf("there are %d charts", len(charts))
	}
	shows("the bars", charts[0], value, date)
	shows("the line's table", charts[1], value, date, "4 May 2020")
	for _, c := range charts {
		for _, to := range attrs(c, "href") {
			if strings.HasSuffix(to, ".csv") && !bytes.Contains(r.Files["why/"+to], []byte("12500.5")) {
				t.Errorf("the numbers of a chart are %s", r.Files["why/"+to])
			}
		}
	}
	links := 0
	for _, a := range those(section, "class", "f") {
		if to, _ := attr(a, "href"); to != "../facts/#count" {
			continue
		}
		links++
		if as, _ := attr(a, "title"); !strings.Contains(as, date) {
			t.Errorf("a number in the text says of its date %q", as)
		}
		if got := said(a); got != value && got != "roughly 12,500.5 all told" {
			t.Errorf("the text says %q", got)
		}
	}
	if links != 3 {
		t.Errorf("the section has %d links to the fact", links)
	}
	p := previews(t, r)["facts/#count"]
	if !strings.Contains(p[1], `<time datetime="`+iso+`">`+date+`</time>`) || !strings.HasPrefix(plainPreview(p[2]), value+" "+unit) {
		t.Errorf("the preview is %q", p)
	}
	var file struct {
		Facts []struct {
			Value      json.Number
			Text, Unit string
			AsOf       string `json:"as_of"`
		}
	}
	if err := json.Unmarshal(r.Files["facts.json"], &file); err != nil || len(file.Facts) != 1 {
		t.Fatalf("facts.json: %v %+v", err, file)
	}
	if f := file.Facts[0]; f.Value != "12500.5" || f.Text != value || f.Unit != unit || f.AsOf != iso {
		t.Errorf("facts.json has %+v", f)
	}
	// Three times in the text, and a point of each chart.
	if twin := string(r.Files["why/index.md"]); strings.Count(twin, "["+value) != 5 || !strings.Contains(twin, "as of "+date) {
		t.Errorf("the twin says\n%s", twin)
	}
}

// oneKindOfLink: [[x|y]] and [y](../terms/x.md) make the same files, wherever they stand.
func oneKindOfLink(t *testing.T) {
	const files = annsSite + `
-- content/index.md --
---
title: Piers
standfirst: On WIKI(pier|piers|terms/pier.md).
takeaways: ["WIKI(why|Why|sections/10-why.md) and WIKI(pier|piers|terms/pier.md)."]
---
WIKI(pier|piers|terms/pier.md) WIKI(ada|Ada & others|who/ada.md) WIKI(why|why|sections/10-why.md) WIKI(notes|notes|notes.md)
WIKI(index|here|index.md) WIKI(crack|the crack|events/crack.md)
-- content/sections/10-why.md --
---
title: Why?
slug: why
answer: Short.
published: "2024"
authors: [ann]
---
# Why

A WIKI(pier|pier|../terms/pier.md) and its WIKI(pier#Stone|stone|../terms/pier.md#stone) and WIKI(pier#^first|block|../terms/pier.md#^first),
**WIKI(pier|bold|../terms/pier.md)** *WIKI(pier|slanted|../terms/pier.md)* WIKI(#Below piers|below|#below-piers).[^n]

## Below WIKI(pier|piers|../terms/pier.md)

- WIKI(ada|Ada|../who/ada.md)

> [!note] WIKI(pier|Box|../terms/pier.md)
> WIKI(pier|In a box|../terms/pier.md)

| a | b |
|---|---|
| CELL(pier|in a cell|../terms/pier.md) | c |

[^n]: WIKI(pier|In a note|../terms/pier.md)
-- content/terms/pier.md --
---
title: Pier
summary: A pier, as WIKI(ada|Ada|../who/ada.md) says.
---
WIKI(why|Why|../sections/10-why.md). ^first

## Stone
-- content/who/ada.md --
---
title: Ada
kind: person
role: Engineer of WIKI(pier|piers|../terms/pier.md)
role_as_of: "2024"
summary: Ada.
---
-- content/events/crack.md --
---
title: A crack
date: "2020"
summary: A crack.
---
-- content/notes.md --
# Notes

WIKI(pier|piers|terms/pier.md)
-- content/data/changes.toml --
[[change]]
date = "2024-02-01"
kind = "new"
page = "why"
text = "On WIKI(pier|piers|terms/pier.md)."
`
	in := regexp.MustCompile(`(WIKI|CELL)\(([^|)]*)\|([^|)]*)\|([^|)]*)\)`)
	write := func(wiki, cell string) map[string][]byte {
		text := in.ReplaceAllStringFunc(files, func(s string) string {
			m := in.FindStringSubmatch(s)
			how := wiki
			if m[1] == "CELL" {
				how = cell
			}
			return strings.NewReplacer("ID", m[2], "WORDS", m[3], "PATH", m[4]).Replace(how)
		})
		return machine(t, text, build.Env{}).Files
	}
	wiki, path := write("[[ID|WORDS]]", `[[ID\|WORDS]]`), write("[WORDS](PATH)", "[WORDS](PATH)")
	if n := bytes.Count(wiki["why/index.html"], []byte(`href="../terms/pier/`)); n < 10 {
		t.Errorf("the section has %d links to the term", n)
	}
	if d := cmp.Diff(slices.Sorted(maps.Keys(wiki)), slices.Sorted(maps.Keys(path))); d != "" {
		t.Errorf("other files (-wiki +path):\n%s", d)
	}
	for name, data := range wiki {
		if !bytes.Equal(data, path[name]) {
			t.Errorf("%s differs (-wiki +path):\n%s", name, cmp.Diff(string(data), string(path[name])))
		}
	}
}

// firstMentions: a name is linked where it stands first below each h2, and never in a heading, link, quote, code or on
// the page that it names.
func firstMentions(t *testing.T) {
	files := strings.Replace(annsSite, "base_url", "autolink = \"first\"\nbase_url", 1) + `
-- content/sections/10-why.md --
---
title: Why did the pier crack?
answer: A pier cracked.
published: "2024"
authors: [ann]
---
` + "`pier` [a pier](https://example.net/) ![a pier](x.svg) before pier-like, PIERS, the first pier, the second pier, a pillar.\n\n    pier in code\n\n```\npier in code\n```\n" + `
The third pier.

## The pier

> A pier, quoted.
>
> > A pier, quoted twice.

- A *pier* in a list, a Pier after it. Ada's pier.

### Another pier

Pier again, and a PILLAR.

| pier | ada |
|------|-----|
| Ada  | Ada Lock |

## By hand

A pier comes before the [[pier|one by hand]].

## Embedded

![[pier]]

Then a pillar of it.[^n]

[^n]: A pier in a note.
-- content/x.svg --
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>
-- content/terms/pier.md --
---
title: Pier
aliases: [pillar]
summary: A pier, or pillar, as Ada Lock calls it.
---
A pier is a pillar, says Ada Lock. Ada Lock!

## Pier

Pier.
-- content/who/ada.md --
---
title: Ada Lock
kind: person
role: Builder of piers
role_as_of: "2024"
summary: Ada Lock built a pier.
---
Ada Lock and the pier.
`
	linked := func(r *build.Result, name string) (out []string) {
		main := that(t, parsed(t, r, name), "id", "_main")
		part := ""
		for n := range main.Descendants() {
			class, _ := attr(n, "class")
			if n.DataAtom == atom.Section && class == "end" {
				break // what the page says below its text
			}
			if n.DataAtom == atom.H2 {
				part = strings.Fields(said(n))[0] + ": "
			}
			if n.DataAtom == atom.A && class == "e" {
				if inside(n, atom.H1, atom.H2, atom.H3, atom.Blockquote, atom.Code, atom.Pre) {
					t.Errorf("%s: a name is linked in <%s>: %q", name, n.Parent.Data, said(n.Parent))
				}
				if to, _ := attr(n, "href"); to == "./" || to == "" {
					t.Errorf("%s leads to itself in %q", name, said(n.Parent))
				}
				before := ""
				if n.PrevSibling != nil {
					before = said(n.PrevSibling)
				}
				words := strings.Fields(before)
				out = append(out, part+strings.TrimSpace(strings.Join(words[max(0, len(words)-1):], " ")+" ["+said(n)+"]"))
			}
		}
		return out
	}
	r := machine(t, files, build.Env{})
	for name, want := range map[string][]string{
		"why-did-the-pier-crack/index.html": {"first [pier]", "The: [pier]", "The: [Ada Lock]", "By: the [one by hand]", "Embedded: says [Ada Lock]"},
		"terms/pier/index.html":             {"says [Ada Lock]"},
		"who/ada/index.html":                {"the [pier]"},
	} {
		if d := cmp.Diff(want, linked(r, name)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	off := machine(t, strings.Replace(files, `"first"`, `"off"`, 1), build.Env{})
	if got := linked(off, "why-did-the-pier-crack/index.html"); fmt.Sprint(got) != "[By: the [one by hand]]" {
		t.Errorf("switched off, it links %v", got)
	}
}

// relatedWithReasons: at most four, each with what is shared; what shares nothing shows nothing.
func relatedWithReasons(t *testing.T) {
	term := func(id string) string {
		return "-- content/terms/" + id + ".md --\n---\ntitle: Term " + id + "\nsummary: S.\n---\n"
	}
	pairs := []string{}
	for i := range 6 {
		pairs = append(pairs, fmt.Sprintf("Which %d?", i), "On [[rare]] and [[common]]."+map[bool]string{true: " Also [[odd]] and [[other]]."}[i < 2])
	}
	for i := range 6 {
		pairs = append(pairs, fmt.Sprintf("What %d?", i), "On [[common]] alone.")
	}
	pairs = append(pairs, "What else?", "Nothing to share.")
	r := machine(t, annsSite+sectionFiles(pairs...)+term("rare")+term("common")+term("odd")+term("other"), build.Env{})
	related := func(p *site.Page) (out []string) {
		for _, block := range those(parsed(t, r, site.OutputPath(p.URL)), "aria-labelledby", "_related") {
			for _, li := range tags(block, atom.Li) {
				out = append(out, said(li))
			}
			if len(out) == 0 {
				t.Errorf("%q has an empty block", p.Meta.Title)
			}
		}
		return out
	}
	for i, p := range r.Site.Path {
		got := related(p)
		switch {
		case i < 2:
			if want := fmt.Sprintf("Which %d? shares 3 terms: Term odd, Term other, Term rare", 1-i); len(got) != 4 || got[0] != want {
				t.Errorf("%q is related to %q, want first %q", p.Meta.Title, got, want)
			}
		case i < 6:
			if len(got) != 4 || !strings.HasSuffix(got[3], "shares 1 term: Term rare") {
				t.Errorf("%q is related to %q", p.Meta.Title, got)
			}
		default: // what more than half the pages share says nothing
			if len(got) != 0 {
				t.Errorf("%q is related to %q", p.Meta.Title, got)
			}
		}
	}
	for _, dir := range ownSites {
		r = ownSite(t, dir)
		for _, p := range r.Site.Path {
			got := related(p)
			if len(got) > 4 {
				t.Errorf("%s: %q is related to %d pages", dir, p.Meta.Title, len(got))
			}
			for _, s := range got {
				if !regexp.MustCompile(`shares [0-9]+ [a-z ]+: .`).MatchString(s) {
					t.Errorf("%s: %q is related to %q without a reason", dir, p.Meta.Title, s)
				}
			}
		}
	}
}

// shape is how an element is built and styled, without its words: tags and classes. What only some positions have, a
// link on a name and the line of the sources, is left out.
func shape(n *html.Node) string {
	if n.Type == html.TextNode || n.DataAtom == atom.A {
		return ""
	}
	out := "<" + n.Data
	for _, a := range n.Attr {
		if a.Key != "datetime" {
			out += " " + a.Key + "=" + a.Val
		}
	}
	out += ">"
	for c := range n.ChildNodes() {
		out += shape(c)
	}
	return out + "</>"
}

// equalPositions: in the order of their dates, all built and styled alike; none looks right unless the claim's status
// says that it is settled, and then the status says so beside the claim.
func equalPositions(t *testing.T) {
	const position = "[[ID.position]]\nsays = \"%s\"\nwho%s\"\ndate = \"%s\"\ncite = \"post\"\n"
	var claims strings.Builder
	statuses := []string{"disputed", "unresolved", "single-source", "refuted", "established", "withdrawn"}
	for _, status := range statuses {
		fmt.Fprintf(&claims, "[%s-claim]\nclaim = \"It is %s.\"\nstatus = %q\nas_of = \"2024\"\n", status, status, status)
		for _, p := range [][3]string{{"Third", ` = "ada`, "2024-03-02"}, {"First, and **loud**", `_text = "Some`, "2023"}, {"Second", `_text = "Others`, "2024-03"}, {"Last " + strings.Repeat("long ", 60), `_text = "Many`, "2025-01-01"}} {
			claims.WriteString(strings.ReplaceAll(fmt.Sprintf(position, p[0], p[1], p[2]), "ID", status+"-claim"))
		}
	}
	files := annsSite + "-- content/index.md --\n# Piers\n\n" + "![[disputed-claim]]\n\n![[refuted-claim]]\n\n[[ada]]\n" + `
-- content/who/ada.md --
---
title: Ada
kind: person
role: Engineer
role_as_of: "2024"
summary: Ada.
---
-- content/data/claims.toml --
` + claims.String() + `
-- content/data/sources.json --
[{"id":"post","type":"report","title":"R"}]
`
	results := map[string]*build.Result{"a small site": machine(t, files, build.Env{})}
	for _, dir := range ownSites {
		results[dir] = ownSite(t, dir)
	}
	lists := 0
	for where, r := range results {
		for name := range r.Files {
			if path.Ext(name) != ".html" {
				continue
			}
			root := parsed(t, r, name)
			style := ""
			for _, s := range tags(root, atom.Style) {
				style += text(s)
			}
			for _, list := range those(root, "class", "positions") {
				lists++
				// A rule that singles out one of them, or follows the status, would favour it.
				for _, rule := range regexp.MustCompile(`[^{}]*\{`).FindAllString(style, -1) {
					for _, sel := range strings.Split(strings.TrimSuffix(rule, "{"), ",") {
						if strings.Contains(sel, "positions") && regexp.MustCompile(`:nth|:first|:last|:only|:has|:is|\[|st-`).MatchString(strings.ReplaceAll(sel, "li:last-child", "")) {
							t.Errorf("%s%s: the stylesheet singles out a position: %s", where, name, sel)
						}
					}
				}
				dates, shapes := []string{}, map[string]bool{}
				for _, li := range elements(list) {
					parts := elements(li)
					if len(attrs(li, "datetime")) == 0 || len(parts) < 2 {
						t.Errorf("%s %s: a position without a date: %s", where, name, said(li))
						continue
					}
					dates = append(dates, attrs(li, "datetime")[0])
					// Who and when, and what is said without the stress that the writer put on words.
					says := *parts[1]
					says.FirstChild = nil
					shapes[shape(&html.Node{Type: html.ElementNode, Data: "li", Attr: li.Attr})+shape(parts[0])+shape(&says)] = true
				}
				if !slices.IsSorted(dates) {
					t.Errorf("%s %s: the positions have the dates %v", where, name, dates)
				}
				if len(shapes) != 1 {
					t.Errorf("%s %s: the positions are built in %d ways: %q", where, name, len(shapes), slices.Sorted(maps.Keys(shapes)))
				}
			}
		}
	}
	if lists < 6+6+2 {
		t.Errorf("only %d lists of positions were found", lists)
	}
	r := results["a small site"]
	page := parsed(t, r, "disputed/index.html")
	for _, status := range statuses {
		article := that(t, page, "id", status+"-claim")
		if got := said(that(t, article, "class", "positions")); strings.Index(got, "First") > strings.Index(got, "Second") || strings.Index(got, "Second") > strings.Index(got, "Third") {
			t.Errorf("%s: %s", status, got)
		}
		// The status colours its own word and nothing else.
		for _, n := range those(article, "class", "st-"+status) {
			if n.DataAtom != atom.Span || inside(n, atom.Ul) {
				t.Errorf("the status %s styles <%s>%s", status, n.Data, said(n))
			}
		}
		if len(those(article, "class", "st-"+status)) != 1 {
			t.Errorf("%s is not marked once", status)
		}
	}
}

// coarse is a site in which no date names a day.
const coarse = `
-- site.toml --
title = "Piers"
base_url = "https://site.example/"
fact_checker = true
[authors.ann]
name = "Ann"
-- content/index.md --
---
title: Piers
published: "2024-01"
tiles: [count]
---
[[vote]] [[lone]] [[ada]] [[cause]]
-- content/sections/10-why.md --
---
title: Why?
slug: why
answer: The vote was in [](event:vote), and [4](fact:count) stand.
published: "2024-03"
updated: "2024-05"
review_after: "2024-09"
authors: [ann]
---
In [January 2020](event:vote), in [2020](event:vote), from [](event:lone), [](event:year) and [](event:due) [@post; @mail].

![[count]]

![[cause]]

` + "```timeline\nfrom = \"2018\"\n```\n\n```chart\ntype = \"line\"\ntitle = \"Piers\"\ndata = \"piers.csv\"\nx = \"date\"\ny = \"n\"\nevents = [\"vote\", \"lone\"]\n```\n\n" +
	"```chart\ntype = \"step\"\ntitle = \"Piers\"\nfacts = [\"count\"]\n```\n\n```chart\ntype = \"bar\"\ntitle = \"Piers\"\ndata = \"piers.csv\"\nx = \"date\"\ny = \"n\"\n```" + `
-- content/events/vote.md --
---
title: The vote
date: "2020-01"
who: ada
source: post
summary: They voted.
---
-- content/who/ada.md --
---
title: Ada
kind: person
role: Engineer
role_as_of: "2022-06"
summary: Ada.
---
-- content/data/events.csv --
id,date,date_end,title,source,planned,disputed,who
lone,2021-02,2021-04,Three months,post,,,ada
year,2019,,A year,post,,,
years,2010,2012,Years,post,,,
due,2030-06,,Due,post,true,,
hazy,2018-07,,Hazy,post,,true,
-- content/data/facts.toml --
[count]
label = "Piers"
value = 4
unit = "piers"
as_of = "2023-07"
review_after = "2024-09"
source = ["post", "mail"]
history = [{ value = 3, as_of = "2018", source = "post" }, { value = 2, as_of = "2017-08", source = "post" }]
-- content/data/claims.toml --
[cause]
claim = "Frost did it."
status = "disputed"
as_of = "2016-10"
[[cause.position]]
says = "Yes."
who = "ada"
date = "2015-12"
cite = "post"
[[cause.position]]
says = "No."
who_text = "Others"
date = "2014"
cite = "mail"
-- content/data/changes.toml --
[[change]]
date = "2024-05"
kind = "correction"
page = "why"
text = "It was 4."
[[change]]
date = "2024"
kind = "new"
page = "why"
text = "New."
-- content/data/piers.csv --
date,n,source
2016-03,2,post
2019,3,post
2020-01,4,mail
-- content/data/sources.json --
[{"id":"post","type":"article-newspaper","title":"Bridge shut","container-title":"Alder Post","issued":{"date-parts":[[2017,11]]},"accessed":{"date-parts":[[2023,2]]}},
{"id":"mail","type":"report","title":"Mail","issued":{"date-parts":[[2013]]}}]
`

// day is a date that names a day, as programs or as readers write it.
var day = regexp.MustCompile(`[12][0-9]{3}-[01][0-9]-[0-3][0-9]|\b[0-3]?[0-9] (January|February|March|April|May|June|July|August|September|October|November|December)\b|(January|February|March|April|May|June|July|August|September|October|November|December) [0-3]?[0-9]\b|\bday *= *\{?[0-9]`)

// noInventedDay: where no date of the content names a day, none of all that is written does.
func noInventedDay(t *testing.T) {
	if m := day.FindString(strings.ReplaceAll(coarse, "-00", "")); m != "" {
		t.Fatalf("the site itself names the day %q", m)
	}
	r := machine(t, coarse, build.Env{})
	for name, data := range r.Files {
		text := string(data)
		if strings.HasPrefix(path.Ext(name), ".htm") {
			for _, s := range tags(parsed(t, r, name), atom.Style) { // where a name may look like one
				text = strings.Replace(text, s.FirstChild.Data, "", 1)
			}
		}
		if name == "feed.xml" { // where every date must be a moment; the ids are no dates
			text = regexp.MustCompile(`<(updated|id)>[^<]*<`).ReplaceAllString(text, "")
		}
		for _, at := range day.FindAllStringIndex(text, -1) {
			t.Errorf("%s names a day: …%s…", name, text[max(0, at[0]-60):min(len(text), at[1]+40)])
		}
	}
	said := func(name string, parts ...string) {
		t.Helper()
		for _, p := range parts {
			if !bytes.Contains(r.Files[name], []byte(p)) {
				t.Errorf("%s has no %s", name, p)
			}
		}
	}
	const month = `<time datetime="2020-01">January 2020</time>`
	said("events/vote/index.html", month, `"startDate":"2020-01"`)
	said("timeline/index.html", month, `<time datetime="2021-02">February–April 2021</time>`, `<time datetime="2030-06">June 2030</time>`, `<time datetime="2019">2019</time>`, `<time datetime="2010">2010–2012</time>`)
	said("why/index.html", month, `"datePublished":"2024-03"`, `"dateModified":"2024-05"`, `datetime="2024-05"`)
	said("disputed/index.html", `<time datetime="2015-12">December 2015</time>`, `<time datetime="2016-10">October 2016</time>`)
	said("facts/index.html", `<time datetime="2023-07"`)
	said("who/ada/index.html", `<time datetime="2022-06">June 2022</time>`)
	said("sources.bib", `2017-11`)
}

// lightPages: no page of the repository's sites is heavy, the scripts together are small, and a page is drawn from its
// own bytes alone.
func lightPages(t *testing.T) {
	for _, dir := range ownSites {
		r := ownSite(t, dir)
		scripts := 0
		for name, data := range r.Files {
			switch {
			case path.Ext(name) == ".js" && !strings.HasPrefix(name, "_x/"): // that is data, loaded when it is asked for
				scripts += gzipped(data)
				continue
			case path.Ext(name) != ".html":
				continue
			}
			// Lists grow with the site; the contract gives them more.
			limit := 14_336
			if slices.ContainsFunc([]string{"terms", "who", "timeline", "facts", "disputed", "sources", "changes", "search", "all"}, func(list string) bool { return name == list+"/index.html" }) {
				limit = 102_400
			}
			n := gzipped(data)
			if n > limit {
				t.Errorf("%s: %s has %d bytes gzipped, %d more than it may", dir, name, n, n-limit)
			}
			t.Logf("%7d of %7d bytes gzipped: %s", n, limit, path.Join(dir, name)) // what -v prints, for the guide
			for n := range parsed(t, r, name).Descendants() {
				rel, _ := attr(n, "rel")
				to, linked := attr(n, "href")
				src, has := attr(n, "src")
				_, deferred := attr(n, "defer")
				kind, _ := attr(n, "type")
				switch {
				case n.DataAtom == atom.Link && linked && !strings.HasPrefix(to, "data:") && !slices.Contains([]string{"canonical", "alternate", "prev", "next"}, rel):
					t.Errorf("%s: %s asks for %s (%s) before it is drawn", dir, name, to, rel)
				case n.DataAtom == atom.Script && has && !deferred && kind != "module":
					t.Errorf("%s: %s waits for %s", dir, name, src)
				case n.DataAtom == atom.Style && regexp.MustCompile(`@import|@font-face|url\((?:[^d]|d[^a])`).MatchString(text(n)):
					t.Errorf("%s: the stylesheet of %s asks for another file", dir, name)
				case n.DataAtom == atom.Iframe, n.DataAtom == atom.Embed, n.DataAtom == atom.Object:
					t.Errorf("%s: %s holds <%s>", dir, name, n.Data)
				}
			}
		}
		t.Logf("%7d of %7d bytes gzipped: the scripts of %s", scripts, 10_240, dir)
		if scripts == 0 || scripts > 10_240 {
			t.Errorf("%s: the scripts have %d bytes gzipped", dir, scripts)
		}
	}
}

// sameBytes: the command builds the same files from the same input at another time, in another place, over an older
// result, and with its date from outside.
func sameBytes(t *testing.T) {
	out := func(dir string) map[string]string {
		files := map[string]string{}
		err := filepath.WalkDir(filepath.Join(dir, "public"), func(name string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			rel, _ := filepath.Rel(dir, name)
			files[rel] = string(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	make := func(dir string) map[string]string {
		t.Helper()
		var words, errs bytes.Buffer
		if status := run([]string{"build", "-C", dir}, &words, &errs); status != 0 {
			t.Fatalf("status %d: %s", status, &errs)
		}
		return out(dir)
	}
	same := func(what string, a, b map[string]string) {
		t.Helper()
		if d := cmp.Diff(a, b); d != "" {
			t.Errorf("%s, other bytes:\n%s", what, d)
		}
	}
	site := func(name string, at time.Time) string {
		dir := filepath.Join(t.TempDir(), name)
		(&fixture{files: machineFiles(machineSite)}).write(t, dir)
		err := filepath.WalkDir(dir, func(name string, _ os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Chtimes(name, at, at)
		})
		if err != nil {
			t.Fatal(err)
		}
		return dir
	}
	t.Setenv("SOURCE_DATE_EPOCH", "")
	one, two := site("one", time.Unix(1e9, 0)), site("two/deeper", time.Now())
	first := make(one)
	if len(first) < 50 {
		t.Fatalf("only %d files were written", len(first))
	}
	same("in another place", first, make(two))
	same("over itself", first, make(one))
	why := filepath.Join(two, "content/sections/10-why.md")
	text, err := os.ReadFile(why)
	if err == nil {
		err = os.WriteFile(why, append(text, "\nMore.\n"...), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	if other := make(two); cmp.Equal(first, other) {
		t.Error("an edit changes nothing")
	}
	if err := os.WriteFile(why, text, 0o644); err != nil {
		t.Fatal(err)
	}
	same("after an edit that was taken back", first, make(two))
	// The date that pages show is the content's newest, or the one given.
	if page := first["public/index.html"]; !strings.Contains(page, `Content as of <time datetime="2024-03-09">`) {
		t.Error("the page is not dated by its content")
	}
	t.Setenv("SOURCE_DATE_EPOCH", "1751328000")
	third := make(one)
	same("with the same date given", third, make(two))
	if page := third["public/index.html"]; !strings.Contains(page, `Content as of <time datetime="2025-07-01">`) {
		t.Error("the page is not dated as SOURCE_DATE_EPOCH says")
	}
}

// modified is the dateModified of the first thing in a page's JSON-LD.
func modified(t *testing.T, r *build.Result, name string) string {
	t.Helper()
	graph := graphIn(t, name, r.Files[name])
	if len(graph) == 0 {
		t.Fatalf("%s has no JSON-LD", name)
	}
	s, _ := graph[0]["dateModified"].(string)
	return s
}

// newestChange: dateModified is the date of the page's newest change entry, in whatever order they stand; neither an
// edit without an entry, nor another day or time of a file, nor another page's change alters it.
func newestChange(t *testing.T) {
	base := annsSite + strings.Replace(sectionFiles("Why?", "Old text.", "When?", "A text."), "authors: [ann]", "authors: [ann]\nupdated: \"2024-05-02\"", 1) + "-- content/index.md --\n---\ntitle: Piers\npublished: \"2024-03-20\"\n---\n" + `
-- content/data/changes.toml --
[[change]]
date = "2024-04-01"
kind = "update"
page = "Why?"
text = "B."
[[change]]
date = "2024-05-02"
kind = "correction"
page = "Why?"
text = "C."
[[change]]
date = "2024-03-21"
kind = "clarification"
page = "Why?"
text = "A."
`
	for what, b := range map[string]struct {
		files string
		env   build.Env
		want  string
	}{
		"as it is":              {base, build.Env{}, "2024-05-02"},
		"on another day":        {base, build.Env{Env: site.Env{Today: "2031-01-01", Epoch: "2031-01-01"}}, "2024-05-02"},
		"after a silent edit":   {strings.Replace(base, "Old text.", "New text.", 1), build.Env{}, "2024-05-02"},
		"after an edit told of": {base + "[[change]]\ndate = \"2024-06-09\"\nkind = \"update\"\npage = \"Why?\"\ntext = \"D.\"\n", build.Env{}, "2024-06-09"},
	} {
		r := machine(t, b.files, b.env)
		if got := modified(t, r, "why/index.html"); got != b.want {
			t.Errorf("%s: dateModified is %q, want %s", what, got, b.want)
		}
		if !bytes.Contains(r.Files["why/index.html"], []byte(`<meta property="article:modified_time" content="`+b.want+`">`)) {
			t.Errorf("%s: article:modified_time is another", what)
		}
		for _, name := range []string{"when/index.html", "index.html"} {
			if got := modified(t, r, name); got != "" {
				t.Errorf("%s: %s has no change of its own and was modified on %s", what, name, got)
			}
		}
	}
	for _, dir := range ownSites {
		r := ownSite(t, dir)
		newest := map[*site.Page]string{}
		for _, c := range r.Site.Changes {
			newest[c.Page] = max(newest[c.Page], c.Date.ISO)
		}
		for _, p := range r.Site.Path {
			if got := modified(t, r, site.OutputPath(p.URL)); got != newest[p] {
				t.Errorf("%s: %q was modified on %q, its newest change is of %q", dir, p.Meta.Title, got, newest[p])
			}
		}
	}
}

// linkedTypes are the types of the first thing in the JSON-LD of each type of page (reader.md 1.1).
var linkedTypes = map[string]string{
	"overview": "NewsArticle BackgroundNewsArticle", "section": "NewsArticle BackgroundNewsArticle", "brief": "WebPage", "summary": "WebPage", "term": "DefinedTerm",
	"who": "WebPage", "people": "CollectionPage", "terms": "DefinedTermSet", "timeline": "ItemList", "event": "WebPage", "facts": "Dataset", "disputed": "ItemList",
	"sources": "ItemList", "changes": "ItemList", "search": "WebPage", "card": "WebPage", "all": "", "notfound": "", "plain": "WebPage",
}

// linkedOnOwnSites: every page of the repository's sites has the type that belongs to it, and says nothing to programs
// that it does not show.
func linkedOnOwnSites(t *testing.T) {
	for _, dir := range ownSites {
		r := ownSite(t, dir)
		pages := 0
		check := func(kind, url string) {
			name := site.OutputPath(url)
			graph := graphIn(t, name, r.Files[name])
			pages++
			first := ""
			if len(graph) > 0 {
				first = typesOf(graph[0])
			}
			want := linkedTypes[kind]
			if url == "about/" || url == "corrections/" {
				want = "AboutPage"
			}
			if first != want {
				t.Errorf("%s: %s, a page of type %q, is a %q, want %q", dir, name, kind, first, want)
			}
			showsLinked(t, name, r.Files[name], graph, r.Site.Base)
			for _, n := range graph {
				if kinds := typesOf(n); strings.Contains(kinds, "FAQPage") || strings.Contains(kinds, "ClaimReview") && !r.Site.Config.FactChecker {
					t.Errorf("%s: %s holds a %s", dir, name, kinds)
				}
			}
		}
		for _, p := range r.Site.Pages {
			if p.Made == nil {
				check(string(p.Type), p.URL)
			}
		}
		for _, m := range r.Site.Made {
			check(m.Kind, m.URL)
		}
		html := 0
		for name, data := range r.Files {
			if path.Ext(name) == ".html" && !bytes.Contains(data, []byte(`http-equiv="refresh"`)) {
				html++
			}
		}
		if pages != html {
			t.Errorf("%s: %d pages were looked at, of %d", dir, pages, html)
		}
	}
}

// everythingListed: without script the search page lists every section, term, person, event, fact and claim once, from
// A to Z, and each letter once.
func everythingListed(t *testing.T) {
	results := map[string]*build.Result{"every type": machine(t, machineSite, build.Env{})}
	for _, dir := range ownSites {
		results[dir] = ownSite(t, dir)
	}
	key := func(title string) string {
		k := content.Slug(title)
		for _, art := range []string{"al-", "the-", "a-", "an-"} {
			if rest, ok := strings.CutPrefix(k, art); ok && rest != "" {
				return rest
			}
		}
		return k
	}
	for name, r := range results {
		root := parsed(t, r, "search/index.html")
		listed := map[string]int{}
		var letters []string
		last := ""
		for _, list := range those(root, "class", "az") {
			letter := said(elements(list.Parent)[0])
			letters = append(letters, letter)
			for _, li := range elements(list) {
				a := elements(li)[0]
				to, _ := attr(a, "href")
				if strings.Contains(said(li), "→") {
					to = "alias of " + to
				}
				listed[to]++
				k := key(said(a))
				if k < last {
					t.Errorf("%s: %q comes after %q", name, k, last)
				}
				last = k
				if first := strings.ToUpper(k[:1]); first != letter && letter != "0–9" {
					t.Errorf("%s: %q stands under %s", name, said(a), letter)
				}
			}
		}
		if !slices.IsSorted(letters) || len(slices.Compact(slices.Clone(letters))) != len(letters) {
			t.Errorf("%s: the letters are %v", name, letters)
		}
		want := func(what, url string) {
			if listed["../"+url] != 1 {
				t.Errorf("%s: %s is listed %d times", name, what, listed["../"+url])
			}
		}
		for _, p := range r.Site.Pages {
			if p.Type == content.Section || p.Type == content.Term || p.Type == content.Who || p.Type == content.Event {
				want(p.Name, p.URL)
			}
		}
		for _, x := range slices.Concat(r.Site.Facts, r.Site.Claims) {
			want(x.ID, x.URL)
		}
		for _, e := range r.Site.Events {
			want(e.Thing.ID, e.Thing.URL)
		}
		if len(tags(root, atom.Script)) > 0 && len(letters) == 0 {
			t.Errorf("%s: nothing is listed without script", name)
		}
	}
}
