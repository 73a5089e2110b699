package build

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gloss/generator/content"
	"gloss/generator/site"
)

// features are what the guide (docs/content) says a page may hold, one block each. rich puts all of them on every type
// of page, and scripts of edits write them anywhere.
var features = []string{
	// links
	"Plain words with *slanted*, **bold**, ~~struck out~~, ==marked== and `code`.",
	"See [[a-term]], [[who-b|B]], [[Two?]], [[terms/a-term]], [[?planned]], [[gone]] and [one](/sections/10-one.md).",
	"Out: [Go](https://go.dev/), <https://example.org/gone>, [mail](mailto:desk@example.org).",
	"To [[three#Head]], [[#Own head]], [[three#^x|a block]], [[note#^n]] and [[three#Nothing]].",
	"To lists: [[facts|All facts]], [the A–Z](/search/), [[timeline]], [[Sources]].",
	"To records: [[n|the number]], [[ev|the event]], [[c|the claim]], [[src]].",
	"## Own head", "### Part", "## a-term",
	"Named here. ^x", "Named there. ^n",
	"%%A remark.%% <!-- A comment. --> A term and B, and D.",
	// numbers and dates
	"[about 5](fact:n), [](fact:n), [some 5 units](fact:n), [4](fact:n@2023), [](fact:t), [7](fact:n).",
	"On [January 2020](event:ev), [](event:ev), [2021](event:long), [](event:alone).",
	"The ferry has 150 seats, and 83 dogs came.", "To [[seats|200 seats]], and [200 seats](seats).", "The ferry has 200 seats.",
	"[Some say](claim:c) so, [[c]] too.",
	// sources
	"Said [@src], [see @src, p. 3; @via], and @src says.",
	"::: {#refs}\n:::",
	// notes
	"A note.[^n] Twice.[^n] And one inside.^[With [[a-term]] and [](fact:n).]\n\n[^n]: Of [[who-b]] [@via].",
	// boxes, lists, tables, code
	"> [!known] Sure\n> It is [5](fact:n) [@src].", "> [!disputed]\n> [[who-b]] says no [@via].", "> [!note]- Folded\n> With [[c]]\n>\n> ![[c]]", "> [!takeaways]\n> - One\n> - Two [[a-term]]",
	"> A quotation of B.", "1. One\n2. Two [[who-d]]\n   - Inside\n\n- [x] Done\n- [ ] Open",
	"| A | B |\n|:--|--:|\n| [[a-term\\|x]] | [5](fact:n) |", "Word\n: What [[a-term]] means.", "```toml\na = 1\n```",
	// images
	"![A drawing](/img/x.svg)", "![[x.svg|A drawing|80]]", "![](/img/x.svg \"decorative\")", "[file](/img/x.svg)", "![A sketch](/img/y.svg)", "[a page of its own](/img/own.html)",
	// charts and timelines
	"```chart\ntype=\"bar\"\ntitle=\"It is [5](fact:n)\"\nfacts=[\"n\",\"m\"]\n```",
	"```chart\ntype=\"line\"\ntitle=\"T\"\nfacts=[\"n\"]\n```",
	"```chart\ntype=\"step\"\ntitle=\"T\"\ndata=\"rows.csv\"\nx=\"date\"\ny=\"count\"\nseries=\"place\"\nevents=[\"ev\"]\nunit=\"units\"\n```",
	"```timeline\nabout=\"tag\"\n```", "```timeline\nabout=\"who-b\"\n```", "```timeline\nids=[\"ev\",\"alone\"]\n```",
	// embeds
	"![[note]]", "![[three#Head]]", "![[three#^x]]", "![[c]]", "![[n]]", "![[ev]]", "![[a-term]]", "![[Two?]]", "![[who-b]]", "![[timeline]]",
	"<!--more-->",
}

// rich is a site with features of the guide on every type of page, and with records of every kind that lean on one
// another. has says which features stand on the next page: all of them on every page would leave no page of which the
// View can be known to be as it was.
func rich(has func() []string) map[string]string {
	page := func(front string) string {
		return "---\n" + strings.TrimSpace(front) + "\n---\n\n" + strings.Join(has(), "\n\n") + "\n"
	}
	files := map[string]string{
		"site.toml": "title = \"T\"\nbase_url = \"https://example.org/x/\"\ndescription = \"About T.\"\nrepository = \"https://example.org/repo\"\n[authors.a]\nname = \"A\"\nurl = \"https://example.org/a\"\n[authors.o]\nname = \"O\"\nkind = \"organisation\"\n" +
			"[redirects]\n\"/old/\" = \"/two/\"\n\"/one/#old\" = \"/one/#own-head\"\n[withdrawn]\n\"/left/\" = { date = \"2024-02-02\", reason = \"It was wrong.\", title = \"Left\" }\n\"/two/#gone\" = { date = \"2024-02-02\", reason = \"It was wrong.\" }\n",
		"content/index.md":             page("title: Start\nstandfirst: It is [5](fact:n).\ntiles: [n, m]\ntakeaways:\n  - There are [](fact:n) [@src].\n  - \"[[who-b]] said so.\"\npublished: \"2024-01\"\nupdated: \"2024-02\"\nauthors: [a]"),
		"content/sections/10-one.md":   page("title: One?\nanswer: There are [about 5](fact:n) [@src].\npublished: \"2024\"\nauthors: [a, o]\nabout: [a-term, who-b, ev]\ncertainty: likely\nnocite: [via]\naliases: [First]\nredirect_from: [/first/]"),
		"content/sections/20-two.md":   page("title: Two?\nanswer: On [](event:ev) there were [](fact:n).\npublished: \"2024\"\nauthors: [a]\nkind: analysis\nreviewed_by: [o]\ndateline: Here"),
		"content/sections/30-three.md": page("title: Three?\nanswer: No.\npublished: \"2024\"\nauthors: [a]\nkind: opinion\nnocite: [\"@*\"]\nreview_after: \"2024-05\"") + "\n## Head\n\nThis is named. ^x\n",
		"content/terms/a-term.md":      page("title: A term\nsummary: It is [5](fact:n) [@src].\naliases: [The term]"),
		"content/terms/cited.md":       page("title: Cited\nsummary: \"[@src]\""),
		"content/terms/without.md":     page("title: Without"),
		"content/who/who-b.md":         page("title: B\nkind: person\nrole: Head of [5](fact:n)\nrole_as_of: \"2024\"\nsummary: B is head [@via].\nside: Left\nsame_as: [\"https://example.org/b\"]\nimage: /img/x.svg\nimage_alt: A face"),
		"content/who/who-d.md":         page("title: D\nkind: organisation\nrole: Guard\nrole_as_of: \"2024\"\nsummary: \"[@src]\""),
		"content/events/alone.md":      page("title: Alone\ndate: \"2022-03-04\"\nsummary: It was [5](fact:n).\nwho: [who-b]\nabout: [a-term]\ntags: [tag]\nsource: [src]"),
		"content/events/ev.md":         page("title: Something\nsummary: It began.\ndate_text: early in 2020"),
		"content/note.md":              page("title: Note\ntags: [x]"),
		"content/deep/er/page.md":      page("description: Deep."),
		"content/corrections.md":       page("title: Corrections"),
		"content/about.md":             page("title: About"),
		"content/timeline.md":          page("title: When"),
		"content/facts.md":             page("title: Numbers"),
		"content/sources.md":           page("title: Where from"),
		"content/changes.md":           page("title: What changed"),
		"content/terms/index.md":       page("title: Words"),
		"content/hidden.md":            page("title: Hidden\ndraft: true"),
		"content/img/y.svg":            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"4\"/>",
		"content/img/own.html":         "<img src=\"inner.svg\" alt=\"\">",
		"content/img/inner.svg":        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"5\"/>",
		"content/img/unused.svg":       "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"6\"/>",
		"content/img/x.svg":            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"/>",
		"content/data/facts.toml": "[n]\nlabel=\"N\"\nvalue=5\nunit=\"units\"\napprox=true\nas_of=\"2024\"\nsource=[\"src\",\"via\"]\nquote=\"five\"\nreview_after=\"2025\"\nhistory=[{value=4,as_of=\"2023\",source=\"src\"}]\n" +
			"[m]\nlabel=\"M\"\nvalue=7\nunit=\"units\"\nas_of=\"2024\"\nsource=\"via\"\nstatus=\"disputed\"\n[seats]\nlabel=\"Seats on the ferry\"\nvalue=200\nunit=\"seats\"\nas_of=\"2024\"\nsource=\"src\"\n[t]\nlabel=\"When\"\nvalue=\"spring 2026\"\nunit=\"\"\nas_of=\"2024\"\nsource=\"src\"\ndisplay=[\"in {value}\"]\n",
		"content/data/events.csv":   "id,date,date_end,date_text,title,who,tags,source,planned,disputed\nev,2020-01,,,Something,who-b;who-d,tag,src,,\nlong,2021-01,2021-03,,Long,who-d,tag,via,,true\nlast,2025,,,Last,,other,,true,\n",
		"content/data/rows.csv":     "date,place,count,source\n2020-01,A,3,src\n2020-02,A,4,via\n2020-01,B,5,src\n2020-03,B,6,src\n",
		"content/data/sources.json": `[{"id":"src","type":"report","title":"S","publisher":"P","issued":{"date-parts":[[2024,2,2]]},"URL":"https://example.org/gone","archive_location":"https://example.org/copy","custom":{"seen":true}},{"id":"via","type":"article-newspaper","title":"V","container-title":"Post","issued":{"date-parts":[[2024]]},"custom":{"seen":false,"via":["src"]}}]`,
		"content/data/dead.toml":    "[[dead]]\nurl = \"https://example.org/gone\"\nsince = \"2024-01-01\"\n",
		"content/data/claims.toml": "[c]\nclaim=\"There are [](fact:n) of [[a-term]].\"\nstatus=\"disputed\"\nas_of=\"2024\"\nsettle=\"A count [@via].\"\n[[c.position]]\nsays=\"Yes, [](fact:n).\"\nwho=\"who-b\"\ndate=\"2024\"\ncite=\"src\"\n[[c.position]]\nsays=\"No, [[ev]].\"\nwho_text=\"Others\"\ndate=\"2023\"\ncite=[\"via\"]\n" +
			"[e]\nclaim=\"It is so.\"\nstatus=\"established\"\nas_of=\"2024\"\n[[e.position]]\nsays=\"Yes.\"\nwho=\"who-d\"\ndate=\"2024\"\ncite=\"src\"\n",
	}
	changes := ""
	for i, of := range []string{"index", "10-one", "two", "a-term", "cited", "who-b", "who-d", "ev", "alone", "note", "deep/er/page", "about", "corrections", "timeline", "n", "c"} {
		kind := []string{"update", "correction", "new", "clarification"}[i%4]
		text := []string{"It is [](fact:n) now.", "See [[a-term]] [@src].", "On [](event:ev), [[who-b]].", "**Now** [7](fact:m)."}[i/4]
		changes += fmt.Sprintf("[[change]]\ndate=\"2024-02-%02d\"\nkind=%q\npage=%q\ntext=%q\n", 1+i, kind, of, text)
	}
	files["content/data/changes.toml"] = changes
	return files
}

// everything has all features on each page, but for one embed, since all of them on every page would be a circle of
// everything.
func everything() func() []string {
	first := slices.Index(features, "![[note]]")
	page := 0
	return func() []string {
		page++
		embeds := features[first : len(features)-1]
		return append(slices.Clone(features[:first]), embeds[page%len(embeds)], "<!--more-->")
	}
}

// some has a few features on each page, on some none.
func some(pick func(int) int) func() []string {
	return func() []string {
		var out []string
		for range pick(4) {
			out = append(out, features[pick(len(features))])
		}
		return out
	}
}

// TestRichSiteIsUnderstood: what stands in the rich site is read as the guide says, but for the slips that stand there on
// purpose, and every type of page is among its pages.
func TestRichSiteIsUnderstood(t *testing.T) {
	r := Build(themed(t, rich(everything()), glass), Env{Env: site.Env{Today: "2024-06-01"}}, nil)
	slips := []string{"broken-link", "broken-anchor", "planned-link", "fact-mismatch", "contradicts-fact", "dead-link", "raw-html", "crowded-callouts", "too-many-links", "missing-answer", "review-due",
		"incomplete-record", "duplicate-id", "single-source-established", "unmentioned-entity", "orphan-page", "embed-cycle", "bad-embed"}
	for _, f := range r.Findings {
		if !slices.Contains(slips, f.Code) {
			t.Errorf("%s:%d: %s [%s]", f.Span.File, f.Span.Start, f.Message, f.Code)
		}
	}
	for _, typ := range []content.PageType{content.Overview, content.Section, content.Term, content.Who, content.Event, content.Plain} {
		if len(r.Site.Of(typ)) == 0 {
			t.Errorf("there is no page of the type %s", typ)
		}
	}
	for _, kind := range []string{"brief", "summary", "all", "card", "withdrawn", "notfound", "terms", "people", "timeline", "facts", "disputed", "sources", "changes", "search"} {
		if !slices.ContainsFunc(r.Site.Made, func(m *site.Made) bool { return m.Kind == kind }) {
			t.Errorf("there is no page %q that the generator makes", kind)
		}
	}
}
