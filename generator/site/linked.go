package site

import (
	"bytes"
	"encoding/json"
	"html"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"gloss/generator/content"
)

// node is one thing of schema.org, or with an ID alone a reference to one that another page describes. The order of the
// fields is that of the output.
type node struct {
	Type     kinds    `json:"@type,omitempty"`
	ID       string   `json:"@id,omitempty"`
	URL      string   `json:"url,omitempty"`
	Name     string   `json:"name,omitempty"`
	Headline string   `json:"headline,omitempty"`
	Names    []string `json:"alternateName,omitempty"`
	Text     string   `json:"text,omitempty"`
	About    string   `json:"description,omitempty"`
	Language string   `json:"inLanguage,omitempty"`
	Issued   string   `json:"datePublished,omitempty"`
	Modified string   `json:"dateModified,omitempty"`
	Start    string   `json:"startDate,omitempty"`
	End      string   `json:"endDate,omitempty"`
	Status   string   `json:"creativeWorkStatus,omitempty"`
	Position int      `json:"position,omitempty"`
	Value    string   `json:"value,omitempty"`
	Unit     string   `json:"unitText,omitempty"`
	Licence  string   `json:"license,omitempty"`
	Format   string   `json:"encodingFormat,omitempty"`
	Content  string   `json:"contentUrl,omitempty"`
	Image    string   `json:"image,omitempty"`
	SameAs   []string `json:"sameAs,omitempty"`

	Author      []node `json:"author,omitempty"`
	Editor      []node `json:"editor,omitempty"`
	Translator  []node `json:"translator,omitempty"`
	Director    []node `json:"director,omitempty"`
	Contributor []node `json:"contributor,omitempty"`
	Publisher   *node  `json:"publisher,omitempty"`
	PartOf      *node  `json:"isPartOf,omitempty"`
	Set         *node  `json:"inDefinedTermSet,omitempty"`
	Main        *node  `json:"mainEntity,omitempty"`
	Subjects    []node `json:"about,omitempty"`
	Mentions    []node `json:"mentions,omitempty"`
	Citation    []node `json:"citation,omitempty"`
	Corrected   []node `json:"correction,omitempty"`
	Parts       []node `json:"hasPart,omitempty"`
	Terms       []node `json:"hasDefinedTerm,omitempty"`
	Files       []node `json:"distribution,omitempty"`
	Measured    []node `json:"variableMeasured,omitempty"`
	Items       []node `json:"itemListElement,omitempty"`
	Item        *node  `json:"item,omitempty"`

	Reviewed     string `json:"claimReviewed,omitempty"`
	ItemReviewed *node  `json:"itemReviewed,omitempty"`
	Rating       *node  `json:"reviewRating,omitempty"`

	Principles  string `json:"publishingPrinciples,omitempty"`
	Corrections string `json:"correctionsPolicy,omitempty"`
	Ethics      string `json:"ethicsPolicy,omitempty"`
	Funding     string `json:"ownershipFundingInfo,omitempty"`
	Feedback    string `json:"actionableFeedbackPolicy,omitempty"`
}

// kinds is one type, or several with blanks between them.
type kinds string

// MarshalJSON writes one type as a text and several as a list.
func (k kinds) MarshalJSON() ([]byte, error) {
	if list := strings.Fields(string(k)); len(list) > 1 {
		return json.Marshal(list)
	}
	return json.Marshal(string(k))
}

const article = "NewsArticle BackgroundNewsArticle"

// linked is what a page says of itself in JSON-LD (reader.md 1.1 and 1.5): only what its View shows, too, and things of
// other pages by their ids alone. It needs to know where the site stands, so without a base URL there is none.
func (v *viewer) linked(out *View) template.JS {
	s := v.s
	if s.Base == "" || v.abs != "" {
		return ""
	}
	at := s.Base + out.URL
	page := node{Type: "WebPage", ID: at, Name: out.Title, PartOf: &node{ID: s.Base + "#website"}}
	if len(out.Points) > 0 { // the card of a key point does not show its number
		page.Name = ""
	}
	graph := []node{}
	add := func(n node) { graph = append(graph, n) }
	switch out.Kind {
	case "overview":
		n := v.article(out, "#explainer")
		n.About, n.Language, n.Licence = textOf(out.Standfirst), s.Lang.Tag, licenceURL(s.Config.Licence)
		n.PartOf = &node{ID: s.Base + "#website"}
		for _, p := range s.Path {
			n.Parts = append(n.Parts, node{ID: s.nodeID(p.Thing)})
		}
		add(n)
		add(node{Type: "WebSite", ID: s.Base + "#website", URL: s.Base, Name: s.Config.Title, Language: s.Lang.Tag, Publisher: &node{ID: s.Base + "#publisher"}})
		add(s.publisher())
	case "section":
		n := v.article(out, "#article")
		n.PartOf, n.Position = &node{ID: s.Base + "#explainer"}, v.page.Number
		add(n)
		add(node{Type: "BreadcrumbList", Items: []node{
			{Type: "ListItem", Position: 1, Name: s.Config.Title, Item: &node{ID: s.Base}},
			{Type: "ListItem", Position: 2, Name: out.Title}}}) // the last is this page
	case "brief", "summary":
		page.PartOf = &node{ID: s.Base + "#explainer"}
		add(page)
	case "term":
		add(node{Type: "DefinedTerm", ID: at + "#term", URL: at, Name: out.Title, Names: out.Aliases, About: textOf(out.Summary), Set: &node{ID: s.Base + "terms/#terms"}})
		if page.Corrected = corrections(out.Changes); page.Corrected != nil { // a term is no work that could be corrected, its page is
			page.Name, page.Main = "", &node{ID: at + "#term"}
			add(page)
		}
	case "terms":
		n := node{Type: "DefinedTermSet", ID: s.Base + "terms/#terms", URL: at, Name: out.Title}
		for _, p := range s.Of(content.Term) {
			n.Terms = append(n.Terms, node{Type: "DefinedTerm", ID: s.nodeID(p.Thing), Name: p.Meta.Title})
		}
		add(n)
	case "who":
		who := node{Type: "Person", ID: at + "#who", Name: out.Title, Names: out.Aliases, About: textOf(out.Summary), SameAs: out.SameAs}
		if out.WhoKind == "organisation" {
			who.Type = "Organization"
		}
		if a := v.page.Meta.Image; a >= 0 && v.page.Targets[a].Asset != nil {
			who.Image = s.Base + EscapePath(v.page.Targets[a].Asset.Path)
		}
		page.Name, page.Main, page.Corrected = "", &who, corrections(out.Changes)
		add(page)
	case "people":
		list := node{Type: "ItemList"}
		for _, g := range out.People {
			for _, w := range g.Items {
				list.Items = append(list.Items, node{Type: "ListItem", Position: len(list.Items) + 1, Name: w.Title, URL: s.Base + v.root(w.URL)})
			}
		}
		page.Type, page.Main = "CollectionPage", &list
		add(page)
	case "timeline":
		list := node{Type: "ItemList", ID: at, Name: out.Title}
		for _, g := range out.Timeline.Groups {
			for _, e := range g.Events {
				list.Items = append(list.Items, node{Type: "ListItem", Position: len(list.Items) + 1, Name: e.Title, URL: s.Base + v.root(e.URL)})
			}
		}
		add(list)
	case "event":
		e := node{Type: "Event", ID: at + "#event", Name: out.Title}
		if !out.Event.Disputed { // a date that is disputed cannot say so here
			e.Start, e.End = out.Event.Date.ISO, out.Event.End.ISO
		}
		page.Name, page.Subjects, page.Corrected = "", []node{e}, corrections(out.Changes)
		add(page)
	case "facts":
		add(v.dataset(out, page))
	case "disputed":
		list := node{Type: "ItemList", ID: at, Name: out.Title}
		var reviews []node
		for _, c := range out.Claims {
			claim := node{Type: "Claim", ID: at + "#" + c.ID, Text: textOf(c.Claim), Status: c.StatusText}
			list.Items = append(list.Items, node{Type: "ListItem", Position: len(list.Items) + 1, Item: &claim})
			if s.Config.FactChecker {
				reviews = append(reviews, node{Type: "ClaimReview", URL: claim.ID, Author: []node{{ID: s.Base + "#publisher"}}, Reviewed: claim.Text,
					ItemReviewed: &node{ID: claim.ID}, Rating: &node{Type: "Rating", Names: []string{c.StatusText}}})
			}
		}
		add(list)
		graph = append(graph, reviews...)
	case "sources":
		list := node{Type: "ItemList", ID: at, Name: out.Title}
		for i, src := range out.AllSource {
			list.Items = append(list.Items, node{Type: "ListItem", Position: i + 1, Item: s.work(at, src, s.Sources[i].Source)})
		}
		add(list)
	case "changes":
		list := node{Type: "ItemList", ID: at, Name: out.Title}
		for _, c := range out.Changes {
			n := node{Type: "ListItem", Position: len(list.Items) + 1, Name: textOf(c.Text)}
			if c.Title != "" {
				n.URL = s.Base + v.root(c.URL)
			}
			list.Items = append(list.Items, n)
		}
		add(list)
	case "corrections":
		page.Type, page.Corrected = "AboutPage", corrections(out.Log)
		add(page)
	case "plain":
		page.Corrected = corrections(out.Changes)
		switch out.URL {
		case "about/":
			org := s.publisher()
			page.Type, page.Main = "AboutPage", &org
		case "corrections/":
			page.Type, page.Corrected = "AboutPage", corrections(out.Log)
		}
		add(page)
	case "notfound", "all", "withdrawn":
		return ""
	default:
		add(page)
	}
	// Marshal writes < > & as \u003c and so on, so that nothing in it can end the script element.
	b, err := json.Marshal(struct {
		Context string `json:"@context"`
		Graph   []node `json:"@graph"`
	}{"https://schema.org", graph})
	if err != nil {
		panic("site: JSON-LD of " + out.URL + ": " + err.Error()) // texts and numbers can be written
	}
	return template.JS(b)
}

// locale is a language with its country as Open Graph writes it. It knows no language without one.
func locale(tag string) string {
	if !strings.Contains(tag, "-") {
		return ""
	}
	return strings.ReplaceAll(tag, "-", "_")
}

// root writes the address of a link of this page as seen from the site's root.
func (v *viewer) root(rel string) string {
	dir := v.url[:strings.LastIndexByte(v.url, '/')+1]
	for strings.HasPrefix(rel, "../") {
		rel = rel[3:]
		dir = dir[:strings.LastIndexByte(strings.TrimSuffix(dir, "/"), '/')+1]
	}
	return dir + strings.TrimPrefix(rel, "./")
}

// nodeID is the id of a thing, the same on every page.
func (s *Site) nodeID(t *Thing) string {
	id := s.Base + t.URL
	if strings.Contains(t.URL, "#") {
		return id // a record
	}
	switch t.Kind {
	case "overview":
		return id + "#explainer"
	case "section":
		return id + "#article"
	case "term", "who", "event":
		return id + "#" + t.Kind
	}
	return id
}

// article is the overview or a section.
func (v *viewer) article(out *View, fragment string) node {
	s := v.s
	n := node{Type: article, ID: s.Base + out.URL + fragment, Headline: out.Title, Issued: out.Published.ISO, Modified: out.Modified.ISO,
		Publisher: &node{ID: s.Base + "#publisher"}, Corrected: corrections(out.Changes)}
	if out.Kind == "overview" && v.page == nil || out.Modified.ISO == "" {
		n.Corrected = nil // those are changes of other pages
	}
	if v.page == nil {
		return n
	}
	for _, a := range v.page.Meta.Authors {
		for _, c := range s.Config.Authors {
			if c.ID == v.page.Refs[a].Target {
				au := node{Type: "Person", Name: c.Name}
				if c.Kind == "organisation" {
					au.Type = "Organization"
				}
				if isWeb(c.URL) {
					au.URL = c.URL
				}
				n.Author = append(n.Author, au)
			}
		}
	}
	shown := v.page.shown()
	about := v.page.things(v.page.Meta.About)
	for _, t := range about {
		if contains(shown, t) {
			n.Subjects = append(n.Subjects, node{ID: s.nodeID(t)})
		}
	}
	for _, t := range shown {
		if t.Page != nil && (t.Kind == "who" || t.Kind == "term" || t.Kind == "event") && !contains(about, t) {
			n.Mentions = append(n.Mentions, node{ID: s.nodeID(t)})
		}
	}
	for _, c := range out.Sources {
		n.Citation = append(n.Citation, node{ID: s.Base + "sources/#" + c.Source.ID})
	}
	return n
}

// shown are the things that the text of a page names, each once.
func (p *Page) shown() []*Thing {
	var out []*Thing
	for i := range p.Refs {
		if t := p.Targets[i].Thing; t != nil && p.Refs[i].Block >= 0 && !p.Refs[i].Hidden {
			out = append(out, t)
		}
	}
	for _, a := range p.Autos {
		out = append(out, a.Thing)
	}
	return distinct(out)
}

func corrections(changes []ChangeView) []node {
	var out []node
	for _, c := range changes {
		if c.Code == "correction" {
			out = append(out, node{Type: "CorrectionComment", Text: textOf(c.Text), Issued: c.Date.ISO})
		}
	}
	return out
}

// publisher is who makes the site, with the policies for which the page about it has a heading.
func (s *Site) publisher() node {
	n := node{Type: "Organization", ID: s.Base + "#publisher", URL: s.Base, Name: s.Config.Title}
	about := s.foot[0]
	if about == nil {
		return n
	}
	for _, p := range []struct {
		to    *string
		words []string
	}{
		{&n.Principles, s.Lang.Policies.Principles}, {&n.Corrections, s.Lang.Policies.Corrections}, {&n.Ethics, s.Lang.Policies.Ethics},
		{&n.Funding, s.Lang.Policies.Funding}, {&n.Feedback, s.Lang.Policies.Feedback},
	} {
		i := slices.IndexFunc(about.Heads, func(h content.Heading) bool {
			title := content.Fold(h.Text)
			return slices.ContainsFunc(p.words, func(w string) bool { return strings.Contains(title, content.Fold(w)) })
		})
		if i >= 0 {
			*p.to = s.Base + about.URL + "#" + about.Heads[i].ID
		}
	}
	return n
}

// dataset describes the facts. Without a licence it would be one that nobody may use; then it is a page only.
func (v *viewer) dataset(out *View, page node) node {
	s := v.s
	n := node{Type: "Dataset", ID: page.ID + "#dataset", URL: page.ID, Name: out.Title, About: s.Lang.UI.FactsData, Licence: licenceURL(s.Config.Licence), Publisher: &node{ID: s.Base + "#publisher"}}
	if n.Licence == "" {
		return page
	}
	for _, d := range out.Downloads {
		n.Files = append(n.Files, node{Type: "DataDownload", Format: d.Format, Content: s.Base + v.root(d.URL)})
	}
	for _, f := range out.FactRows {
		if f.Status != "withdrawn" {
			n.Measured = append(n.Measured, node{Type: "PropertyValue", ID: page.ID + "#" + f.ID, Name: f.Label, About: s.Lang.UI.AsOf + " " + f.AsOf.Text, Value: f.Value, Unit: f.Unit})
		}
	}
	return n
}

// works are the kinds of source as schema.org calls them.
var works = map[string]kinds{"article-newspaper": "NewsArticle", "article-magazine": "Article", "article-journal": "ScholarlyArticle", "webpage": "WebPage",
	"post-weblog": "BlogPosting", "report": "Report", "book": "Book", "chapter": "Chapter", "legislation": "Legislation", "dataset": "Dataset", "article": "Article",
	"map": "Map", "motion_picture": "Movie", "post": "SocialMediaPosting", "thesis": "Thesis"}

// work is a source as its entry in the list shows it.
func (s *Site) work(at string, src SourceView, rec *content.Source) *node {
	n := node{Type: "CreativeWork", ID: at + "#" + src.ID, Name: titleOf(rec), Issued: rec.Issued.First().ISO}
	if k, ok := works[rec.Type]; ok && k != "Dataset" { // a dataset would need more than we know of it
		n.Type = k
	}
	if isWeb(src.Link) {
		n.URL = src.Link
	}
	var who []node
	for _, a := range rec.Authors {
		if a.Others() {
			continue
		}
		kind := kinds("Person")
		if a.Literal != "" {
			kind = "Organization"
		}
		who = append(who, node{Type: kind, Name: a.Name()})
	}
	switch rec.Role {
	case "":
		n.Author = who
	case "editor", "collection-editor", "editorial-director", "editor-translator":
		n.Editor = who
	case "translator":
		n.Translator = who
	case "director":
		n.Director = who
	default:
		n.Contributor = who
	}
	if rec.Publisher != "" {
		n.Publisher = &node{Type: "Organization", Name: rec.Publisher}
	} else if rec.Container.Text != "" {
		n.PartOf = &node{Type: "CreativeWork", Name: rec.Container.Text}
	}
	return &n
}

var creativeCommons = regexp.MustCompile(`^CC[ -](BY(?:-(?:SA|ND|NC|NC-SA|NC-ND))?)[ -](\d\.\d)$`)

// licenceURL is the address of a licence: of a Creative Commons one by its short name, else what the writer gives.
func licenceURL(name string) string {
	if m := creativeCommons.FindStringSubmatch(name); m != nil {
		return "https://creativecommons.org/licenses/" + strings.ToLower(m[1]) + "/" + m[2] + "/"
	}
	if name == "CC0" || name == "CC0 1.0" {
		return "https://creativecommons.org/publicdomain/zero/1.0/"
	}
	return name
}

// textOf is the text of filled HTML, without citation marks.
func textOf(h template.HTML) string {
	return strings.Join(strings.Fields(unmarked(string(h))), " ")
}

// unmarked is filled HTML without its tags, citation marks and struck out words; a line break is a blank.
func unmarked(h string) string {
	return html.UnescapeString(stripTags(strings.ReplaceAll(stripStruck(stripCites(h)), "<br>", " ")))
}

// stripStruck leaves out of filled HTML what is struck out and how words are said, and the blank before it where another one follows.
func stripStruck(s string) string {
	if !struckTag.MatchString(s) {
		return s
	}
	var out []byte
	depth, last := 0, 0
	for _, m := range struckTag.FindAllStringIndex(s, -1) {
		switch {
		case s[m[0]+1] != '/':
			if depth == 0 {
				out = append(out, s[last:m[0]]...)
			}
			depth++
		case depth > 0:
			depth--
			if last = m[1]; depth == 0 && last < len(s) && strings.IndexByte(" .,;:!?)<", s[last]) >= 0 {
				out = bytes.TrimRight(out, " ")
			}
		}
	}
	if depth > 0 { // what opens and never closes stays
		return s
	}
	return string(append(out, s[last:]...))
}

var struckTag = regexp.MustCompile(`</?(?:del|s|rt|rp)(?: [^>]*)?>`)

func stripTags(rest string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(rest, '<')
		if open < 0 {
			break
		}
		b.WriteString(rest[:open])
		shut := strings.IndexByte(rest[open:], '>') // a > in an attribute is written &gt;
		if shut < 0 {
			rest = ""
			break
		}
		rest = rest[open+shut+1:]
	}
	b.WriteString(rest)
	return b.String()
}
