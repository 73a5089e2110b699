package site

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"gloss/generator/content"
)

// View is what a layout may know of a page with a file.
func (s *Site) View(p *Page) View {
	v := s.viewer(p, p.URL)
	out := v.base(string(p.Type))
	out.File, out.Layout = p.File, p.Meta.Layout
	out.LayoutFrom, out.LayoutTo = p.Meta.LayoutSpan.Start, p.Meta.LayoutSpan.End
	m := p.Meta
	out.Title = cmp.Or(m.Title, s.Config.Title)
	out.Draft = m.Draft
	out.Published, out.Updated, out.ReviewAfter = s.date(m.Published), s.date(p.updated()), s.date(m.ReviewAfter)
	out.Authors, out.ReviewedBy = v.authors(m.Authors), v.authors(m.ReviewedBy)
	out.Dateline = m.Dateline
	out.Side, out.WhoKind = m.Side, m.Kind
	for _, u := range m.SameAs {
		if isWeb(u) {
			out.SameAs = append(out.SameAs, u)
		}
	}
	out.RoleAsOf = s.date(m.RoleAsOf)
	for _, a := range m.Aliases {
		out.Aliases = append(out.Aliases, a.Text)
	}
	if m.Image >= 0 {
		if a := p.Targets[m.Image].Asset; a != nil {
			out.Image = ImageView{URL: v.rel(EscapePath(a.Path)), Alt: m.ImageAlt, Width: a.Width, Height: a.Height}
		}
	}
	// In the order of the page, since sources are numbered as they come.
	out.Answer = v.inline(p, m.Answer.Body)
	out.Standfirst = v.inline(p, m.Standfirst.Body)
	out.Summary = v.inline(p, m.Summary.Body)
	out.Role = v.inline(p, m.Role.Body)
	for _, t := range m.Takeaways {
		out.Takeaways = append(out.Takeaways, v.inline(p, t.Body))
	}
	for _, t := range p.things(m.Tiles) {
		out.Tiles = append(out.Tiles, v.fact(t))
	}
	out.Body = v.whole(p)
	for _, i := range m.NoCite {
		if t := p.Targets[i].Thing; t != nil {
			v.sourceNumber(t)
		} else if p.Refs[i].Target == "*" {
			for _, t := range s.Sources {
				v.sourceNumber(t)
			}
		}
	}
	out.Sources = v.citeList()
	out.OwnSources = p.HasRefs
	for _, h := range p.Heads {
		if h.Level <= 3 && !h.Nested {
			out.TOC = append(out.TOC, TOCItem{ID: h.ID, Text: h.Text, Level: h.Level})
		}
	}
	out.Description = cmp.Or(m.Description, m.Answer.Text, m.Summary.Text, m.Standfirst.Text, firstText(p), s.Config.Description)
	out.Description = cutEnd(out.Description, 300)
	out.Mentions = v.mentions(p.Thing)
	for _, r := range p.related {
		out.Related = append(out.Related, RelatedView{Title: r.Page.Meta.Title, URL: v.rel(r.Page.URL), Kind: s.kindWord("section"), Reason: r.reason(s.Lang.UI)})
	}
	out.Changes = v.changes(p.changes)
	switch p.Type {
	case content.Section:
		out.Kicker = fmt.Sprintf("%s %d %s %d", s.Lang.UI.Question, p.Number, s.Lang.UI.Of, len(s.Path))
		out.Minutes = Minutes(p.Words)
		out.WorkType = map[string]string{"analysis": s.Lang.UI.Analysis, "opinion": s.Lang.UI.Opinion}[m.Kind]
		if out.WorkType == "" {
			out.WorkType = s.Lang.UI.Explainer
		}
		out.Certainty = map[string]string{"established": s.Lang.UI.Certain, "likely": s.Lang.UI.Likely, "contested": s.Lang.UI.Contested, "unclear": s.Lang.UI.Unclear}[m.Certainty]
		if i := p.Number - 1; i > 0 {
			out.Prev = NavItem{Title: s.Path[i-1].Meta.Title, URL: v.rel(s.Path[i-1].URL), Kicker: s.Lang.UI.Previous}
		}
		if p.Number < len(s.Path) {
			out.Next = NavItem{Title: s.Path[p.Number].Meta.Title, URL: v.rel(s.Path[p.Number].URL), Kicker: s.Lang.UI.Next}
		} else if c := s.MadeAt("changes"); c != nil {
			out.Next = NavItem{Title: s.Lang.UI.LastNext, URL: v.rel(c.URL), Kicker: s.Lang.UI.Next}
		}
		out.Site.Depths = v.depths("full")
	case content.Overview:
		v.overview(&out)
	case content.Event:
		if p.Event != nil {
			out.Event = v.event(p.Event)
			i, found := slices.BinarySearchFunc(s.Events, p.Event, compareEvents)
			if !found {
				i = -1
			}
			for j := max(0, i-2); j < i; j++ {
				out.Before = append(out.Before, v.event(s.Events[j]))
			}
			for j := i + 1; i >= 0 && j < min(len(s.Events), i+3); j++ {
				if !s.Events[j].Date.IsZero() {
					out.After = append(out.After, v.event(s.Events[j]))
				}
			}
		}
	case content.Who:
		for _, e := range p.Thing.events {
			out.Events = append(out.Events, v.event(e))
		}
		byDate := slices.SortedStableFunc(slices.Values(p.Thing.held), func(a, b held) int { return cmp.Compare(a.position.Date.First(), b.position.Date.First()) })
		for _, h := range byDate {
			out.Positions = append(out.Positions, PositionOf{Claim: h.claim.Title, URL: v.rel(h.claim.URL), Position: v.position(h.claim, h.position)})
		}
	case content.Plain:
		if p.URL == "corrections/" {
			out.Log = v.corrections()
		}
	}
	if len(p.changes) > 0 {
		out.Modified = s.date(p.changes[0].Date)
	}
	out.Linked, out.Twin, out.BibTeX = v.linked(&out), v.twin(&out), bibTeX(p, &out)
	out.Poster = v.poster(&out, p)
	return out
}

// MadeView is what a layout may know of a page that the generator makes.
func (s *Site) MadeView(m *Made) View {
	v := s.viewer(m.Page, m.URL)
	if m.Kind == "notfound" {
		v.abs = "/"
		if s.Base != "" {
			v.abs = pathOf(s.Base)
		}
	}
	out := v.base(m.Kind)
	out.Title = m.Title
	if m.Page != nil {
		out.File, out.Layout = m.Page.File, m.Page.Meta.Layout
		out.LayoutFrom, out.LayoutTo = m.Page.Meta.LayoutSpan.Start, m.Page.Meta.LayoutSpan.End
		out.Body = v.whole(m.Page)
		out.Sources = v.citeList()
		out.Description = cmp.Or(m.Page.Meta.Description, firstText(m.Page))
		out.Draft = m.Page.Meta.Draft
	}
	out.Description = cmp.Or(out.Description, m.Title+" – "+s.Config.Title)
	switch m.Kind {
	case "overview":
		v.overview(&out)
	case "brief", "summary":
		out.Site.Depths, out.Site.All = v.depths(m.Kind), v.allLink()
		if s.overview != nil && m.Kind == "brief" {
			for _, t := range s.overview.Meta.Takeaways {
				out.Takeaways = append(out.Takeaways, v.inline(s.overview, t.Body))
			}
			for i := range s.Made {
				if c := s.Made[i]; c.Point > 0 {
					out.Cards = append(out.Cards, NavItem{Title: c.Title, URL: v.rel(c.URL)})
				}
			}
		}
		for i, p := range s.Path {
			it := v.section(p)
			v.prefix, v.shift = fmt.Sprintf("_q%d-", i+1), 1
			// Each layout shows one of the two, and only what is shown may count its sources.
			if m.Kind == "summary" {
				it.Body = v.body(p, content.Pos{}, moreOf(p))
			} else {
				it.Answer = v.inline(p, p.Meta.Answer.Body)
			}
			v.prefix, v.shift = "", 0
			out.Sections = append(out.Sections, it)
		}
		out.Sources = v.citeList()
		words := 0 // together: parts of a few lines take no minute each
		for _, p := range s.Path {
			words += wordsBefore(p, m.Kind)
		}
		out.Minutes = Minutes(words)
	case "all":
		v.all(&out)
	case "card":
		out.NoIndex = true
		switch {
		case m.Point > 0:
			out.Points = []PointView{v.point(m.Point)}
		case m.Record.Fact != nil:
			out.FactRows = []FactView{v.fact(m.Record)}
		default:
			out.Claims = []ClaimView{v.claim(m.Record)}
		}
	case "withdrawn":
		out.NoIndex = true
		out.Gone = append(out.Gone, s.gone(m.Gone))
	case "notfound":
		out.NoIndex = true
		for _, p := range s.Path {
			out.Sections = append(out.Sections, v.section(p))
		}
	case "terms":
		seen := map[string]bool{}
		terms := s.Of(content.Term)
		sort.SliceStable(terms, func(i, j int) bool { return sortKey(terms[i].Meta.Title) < sortKey(terms[j].Meta.Title) })
		for _, p := range terms {
			e := v.entity(p)
			if l := firstLetter(p.Meta.Title); !seen[l] {
				seen[l], e.Letter = true, l
			}
			out.Terms = append(out.Terms, e)
		}
	case "people":
		out.People = v.people()
	case "timeline":
		out.Timeline = *v.groups(s.Events)
	case "facts":
		for _, t := range s.Facts {
			f := v.fact(t)
			f.Uses, f.Card = v.mentions(t), v.card(t)
			out.FactRows = append(out.FactRows, f)
		}
	case "disputed":
		for _, t := range s.Claims {
			c := v.claim(t)
			c.Uses, c.Card = v.mentions(t), v.card(t)
			out.Claims = append(out.Claims, c)
		}
	case "sources":
		for _, t := range s.Sources {
			src := v.source(t)
			src.Taken = v.taken(t)
			out.AllSource = append(out.AllSource, src)
		}
	case "changes":
		out.Changes = v.changes(s.Changes)
		out.Feed = v.feed()
	case "corrections":
		out.Log = v.corrections()
	case "search":
		out.Index = v.index()
	}
	out.Downloads = v.downloads(m.Kind)
	out.Linked = v.linked(&out)
	out.Poster = v.poster(&out, nil)
	if m.Page != nil {
		out.Twin = v.twin(&out)
	}
	return out
}

func pathOf(base string) string {
	rest := base[strings.Index(base, "://")+3:]
	return rest[strings.IndexByte(rest, '/'):]
}

// poster is what the picture of a page shows, of what the page shows already. p is nil for pages without a file. All of it
// comes from the page's [face], so that an edit of prose changes no poster.
func (v *viewer) poster(out *View, p *Page) PosterView {
	if out.Canonical == "" || out.NoIndex || out.Draft {
		return PosterView{}
	}
	w := v.s.Lang.UI
	pv := PosterView{Title: out.Title, Site: out.Site.Title, Language: out.Site.Language, Dir: out.Site.Dir, Accent: out.Site.Accent}
	if pv.Title == pv.Site {
		pv.Site = ""
	}
	if p != nil {
		m := p.Meta
		for _, in := range []content.Inline{m.Answer, m.Summary, m.Standfirst} {
			if pv.Text == "" {
				pv.Text = plainText(string(v.quoted(p, in)))
			}
		}
		_, end := content.Sentence(pv.Text, 0, 1)
		pv.Text = pv.Text[:min(end, len(pv.Text))]
	}
	if len(out.Tiles) > 0 && out.Tiles[0].Status == "current" { // a number that stands
		f := out.Tiles[0]
		pv.Number = strings.TrimSpace(f.Value + " " + f.Unit) // whose unit is what the value leaves out
		var label []string
		if f.Label != pv.Title {
			label = append(label, f.Label)
		}
		if f.AsOf.Text != "" {
			label = append(label, w.AsOf+" "+f.AsOf.Text)
		}
		pv.Label = strings.Join(label, " · ")
	}
	switch {
	case out.Event.When != "":
		pv.Date = out.Event.When
	case out.Updated.Text != "":
		pv.Date = w.Updated + " " + out.Updated.Text
	case out.Published.Text != "":
		pv.Date = w.Published + " " + out.Published.Text
	}
	return pv
}

// base is what every page has: the site's name, navigation and words.
func (v *viewer) base(kind string) View {
	s := v.s
	out := View{Kind: kind, URL: v.url, Root: v.rel(""), Moved: s.movedAt(v.url, v.url), Gone: s.goneAt(v.url)}
	if v.abs == "" && s.Base != "" {
		out.Canonical = s.Absolute(strings.TrimSuffix(v.url, "index.html"))
	}
	sv := SiteView{Title: s.Config.Title, Description: s.Config.Description, Licence: s.Config.Licence, Language: s.Lang.Tag, Dir: s.Lang.Dir, Locale: locale(s.Lang.Tag),
		Base: s.Base, Repository: s.Config.Repository, Accent: s.Config.Accent, BuiltOn: s.date(s.BuiltOn), Commit: s.Env.Commit, Words: s.Lang.UI}
	current := func(u string) bool { return u == v.url }
	sv.Overview = NavItem{Title: s.Lang.UI.Overview, URL: v.rel(""), Current: current("")}
	sv.Contents = append(sv.Contents, sv.Overview)
	for _, p := range s.Path {
		sv.Contents = append(sv.Contents, NavItem{Title: p.Meta.Title, URL: v.rel(p.URL), Current: p == v.page})
	}
	for _, m := range s.Made[:s.lists] {
		switch m.Kind {
		case "timeline", "people", "terms", "facts", "disputed", "sources", "changes", "search":
			sv.Nav = append(sv.Nav, NavItem{Title: m.Title, URL: v.rel(m.URL), Current: current(m.URL)})
		}
	}
	for _, p := range s.foot {
		if p != nil {
			sv.Foot = append(sv.Foot, NavItem{Title: p.Meta.Title, URL: v.rel(p.URL), Current: current(p.URL)})
		}
	}
	for _, kind := range []string{"corrections", "sources"} {
		m := s.MadeAt(kind)
		if m == nil {
			continue
		}
		sv.Foot = append(sv.Foot, NavItem{Title: m.Title, URL: v.rel(m.URL), Current: current(m.URL)})
	}
	out.Site = sv
	return out
}

func (v *viewer) depths(current string) []NavItem {
	s := v.s
	if len(s.Path) == 0 {
		return nil
	}
	return []NavItem{
		{Title: s.Lang.UI.Brief, URL: v.rel("brief/"), Current: current == "brief"},
		{Title: s.Lang.UI.Summary, URL: v.rel("summary/"), Current: current == "summary"},
		{Title: s.Lang.UI.Full, URL: v.rel(""), Current: current == "full"},
	}
}

func (v *viewer) overview(out *View) {
	s := v.s
	for _, p := range s.Path {
		out.Minutes += Minutes(p.Words)
		it := v.section(p)
		it.Answer = v.quoted(p, p.Meta.Answer)
		out.Sections = append(out.Sections, it)
	}
	dated := slices.DeleteFunc(slices.Clone(s.Events), func(e *Event) bool { return e.Date.IsZero() || e.Planned })
	for i := len(dated) - 1; i >= max(0, len(dated)-5); i-- {
		out.Events = append(out.Events, v.event(dated[i]))
	}
	for _, t := range s.Claims {
		if t.Claim.Status == "disputed" && len(out.Claims) < 4 {
			out.Claims = append(out.Claims, v.claim(t))
		}
	}
	whos := s.Of(content.Who)
	slices.SortStableFunc(whos, func(a, b *Page) int { return cmp.Compare(len(b.Thing.Used), len(a.Thing.Used)) })
	if len(whos) > 0 {
		g := WhoGroup{}
		for _, p := range whos[:min(6, len(whos))] {
			g.Items = append(g.Items, v.who(p))
		}
		out.People = []WhoGroup{g}
	}
	if len(out.Changes) == 0 {
		for _, c := range s.Changes[:min(3, len(s.Changes))] {
			out.Changes = append(out.Changes, v.change(c))
		}
	}
	out.Site.Depths, out.Site.All = v.depths("full"), v.allLink()
	out.Feed = v.feed()
}

func (s *Site) date(d content.Date) DateView { return DateView{ISO: d.ISO, Text: s.Lang.FormatDate(d)} }

// Minutes is the reading time: words ÷ 238, rounded, at least 1 (reader.md checklist 12).
func Minutes(words int) int { return max(1, (words+119)/238) }

// moreOf is where the three-minute part of a section ends: the writer's mark, else after two paragraphs.
func moreOf(p *Page) content.Pos {
	if p.More != nil {
		return *p.More
	}
	n := 0
	for _, b := range p.Blocks {
		if b.Kind == "paragraph" && b.Top {
			if n++; n == 2 {
				return behindNotes(p, b.To)
			}
		}
	}
	return content.Pos{Piece: len(p.Body)}
}

// behindNotes is the place behind the notes that stand at a place: they belong to the text before it.
func behindNotes(p *Page, at content.Pos) content.Pos {
	from := at.Offset
	for i := at.Piece; i < len(p.Body); i++ {
		piece := p.Body[i]
		switch {
		case piece.Ref >= 0 && p.Refs[piece.Ref].Kind == content.RefAside:
			at = content.Pos{Piece: i + 1}
		case piece.Ref >= 0 || strings.TrimSpace(piece.HTML[from:]) != "":
			return at
		}
		from = 0
	}
	return at
}

func wordsBefore(p *Page, kind string) int {
	if kind == "brief" {
		return p.Meta.Answer.Words
	}
	n := 0
	end := moreOf(p)
	for _, b := range p.Blocks {
		if b.Kind == "front" || b.Kind == "note" {
			continue
		}
		if b.From.Piece < end.Piece || b.From.Piece == end.Piece && b.From.Offset < end.Offset {
			n += b.Words
		}
	}
	return n
}

func (v *viewer) section(p *Page) SectionItem {
	return SectionItem{Title: p.Meta.Title, URL: v.rel(p.URL), Minutes: Minutes(p.Words),
		Kicker: fmt.Sprintf("%s %d", v.s.Lang.UI.Question, p.Number)}
}

func (v *viewer) entity(p *Page) EntityItem {
	e := EntityItem{ID: p.Thing.ID, Title: p.Meta.Title, URL: v.rel(p.URL), Kind: v.s.kindWord(string(p.Type)), Summary: v.quoted(p, p.Meta.Summary)}
	for _, a := range p.Meta.Aliases {
		e.Aliases = append(e.Aliases, a.Text)
	}
	return e
}

func (v *viewer) who(p *Page) WhoItem {
	return WhoItem{Title: p.Meta.Title, URL: v.rel(p.URL), Kind: p.Meta.Kind, Role: v.quoted(p, p.Meta.Role), RoleAsOf: v.s.date(p.Meta.RoleAsOf), Summary: v.quoted(p, p.Meta.Summary)}
}

// people groups the who's who by side; those without one by kind.
func (v *viewer) people() []WhoGroup {
	by := map[string][]*Page{}
	var titles []string
	for _, p := range v.s.Of(content.Who) {
		t := p.Meta.Side
		if t == "" {
			t = v.s.Lang.UI.People
			if p.Meta.Kind == "organisation" {
				t = v.s.Lang.UI.Organisations
			}
		}
		if by[t] == nil {
			titles = append(titles, t)
		}
		by[t] = append(by[t], p)
	}
	sort.Strings(titles)
	var out []WhoGroup
	for _, t := range titles {
		list := by[t]
		sort.SliceStable(list, func(i, j int) bool { return sortKey(list[i].Meta.Title) < sortKey(list[j].Meta.Title) })
		g := WhoGroup{Title: t}
		for _, p := range list {
			g.Items = append(g.Items, v.who(p))
		}
		out = append(out, g)
	}
	return out
}

func (v *viewer) authors(refs []int) []AuthorView {
	var out []AuthorView
	for _, i := range refs {
		for _, a := range v.s.Config.Authors {
			if a.ID == v.page.Refs[i].Target {
				if !isWeb(a.URL) {
					a.URL = ""
				}
				out = append(out, AuthorView{a.Name, a.URL})
			}
		}
	}
	return out
}

// isWeb says whether an address of another site may be a link.
func isWeb(u string) bool {
	u = strings.ToLower(u)
	return strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://")
}

func firstText(p *Page) string {
	for _, b := range p.Blocks {
		if b.Kind == "paragraph" && b.Text != "" {
			return b.Text
		}
	}
	return ""
}

func (s *Site) kindWord(kind string) string {
	w := &s.Lang.UI
	switch kind {
	case "section":
		return w.Section
	case "term":
		return w.Term
	case "who":
		return w.Who
	case "event":
		return w.Event
	case "plain":
		return w.Page
	case "overview":
		return w.Overview
	case "fact":
		return w.Fact
	case "claim":
		return w.Claim
	case "source":
		return w.Source
	case "person":
		return w.Person
	case "organisation":
		return w.Organisation
	}
	return ""
}

func (v *viewer) citeList() []CiteView {
	var out []CiteView
	for i, t := range v.cites {
		out = append(out, CiteView{Number: i + 1, ID: "_s-" + t.ID, Source: v.source(t), Uses: v.uses[t]})
	}
	return out
}

// taken is everything that the site takes from a source: facts, claims, events, and the sentences that cite it.
func (v *viewer) taken(t *Thing) []TakenView {
	s := v.s
	var out []TakenView
	has := func(d *content.Data, refs []int) bool { return contains(s.dataThings(d, refs), t) }
	for _, f := range s.Facts {
		uses := has(f.Data, f.Fact.Sources)
		for _, h := range f.Fact.History {
			uses = uses || has(f.Data, h.Sources)
		}
		if uses {
			out = append(out, TakenView{What: s.Lang.UI.Fact, URL: v.rel(f.URL), Text: template.HTML(esc(f.Title + ": " + s.insert(f.Fact, -1)))})
		}
	}
	for _, c := range s.Claims {
		for _, p := range c.Claim.Positions {
			if has(c.Data, p.Cites) {
				out = append(out, TakenView{What: s.Lang.UI.Position, URL: v.rel(c.URL), Text: template.HTML(esc(p.Says.Text))})
			}
		}
	}
	for _, e := range s.Events {
		if contains(e.Sources, t) {
			out = append(out, TakenView{What: s.Lang.UI.Event, URL: v.rel(e.Thing.URL), Text: template.HTML(esc(s.when(e) + ": " + e.Title))})
		}
	}
	for _, m := range t.Used {
		out = append(out, TakenView{What: m.In.Thing.Title, URL: v.rel(m.place()), Text: v.sentence(m)})
	}
	return out
}

// place is the address of a mention: its block, or the top of the page for what stands in front matter.
func (m Mention) place() string {
	if id := m.In.Blocks[m.Block].ID; id != "" {
		return m.In.URL + "#" + id
	}
	return m.In.URL
}

func (v *viewer) sentence(m Mention) template.HTML {
	before, words, after := v.s.sentenceOf(m, mentionRunes)
	if words == "" {
		return v.isolated(before + after)
	}
	return v.isolated(before) + "<b>" + v.isolated(words) + "</b>" + v.isolated(after)
}

// isolated is a text without markup as HTML, with its names in another script in elements of their own.
func (v *viewer) isolated(text string) template.HTML {
	return template.HTML(content.Isolated(text, v.s.Lang.Dir == "rtl"))
}

// mentions groups the sentences that mention a thing by page, in reading order.
func (v *viewer) mentions(t *Thing) []MentionGroup {
	if len(t.Used) == 0 {
		return nil
	}
	out := make([]MentionGroup, 0, len(t.Used))
	var last *Page
	for _, m := range t.Used {
		if m.In != last {
			out = append(out, MentionGroup{Title: m.In.Thing.Title, URL: v.rel(m.In.URL), Kind: v.s.kindWord(m.In.Thing.Kind)})
			last = m.In
		}
		g := &out[len(out)-1]
		item := MentionView{URL: v.rel(m.place()), Sentence: v.sentence(m)}
		if item.Sentence == "" {
			item.Sentence = template.HTML(esc(m.In.Thing.Title))
		}
		g.Items = append(g.Items, item)
	}
	return out
}

func (v *viewer) changes(list []*Change) []ChangeView {
	var out []ChangeView
	for _, c := range list {
		out = append(out, v.change(c))
	}
	return out
}

func (v *viewer) change(c *Change) ChangeView {
	w := v.s.Lang.UI
	out := ChangeView{Date: v.s.date(c.Date), Code: c.Kind, Text: v.dataInline(c.Data, c.Text.Body),
		Kind: map[string]string{"new": w.New, "update": w.Update, "correction": w.Correction, "clarification": w.Clarification, "withdrawn": w.WithdrawnChange}[c.Kind]}
	if c.Thing != nil {
		out.Title, out.URL = c.Thing.Title, v.rel(c.Thing.URL)
	}
	return out
}

// corrections are the changes that put something right, newest first.
func (v *viewer) corrections() []ChangeView {
	var out []ChangeView
	for _, c := range v.s.Changes {
		if c.Kind == "correction" {
			out = append(out, v.change(c))
		}
	}
	return out
}

func (v *viewer) fact(t *Thing) FactView {
	s, f := v.s, t.Fact
	src := s.dataThings(t.Data, f.Sources)
	out := FactView{ID: f.ID, URL: v.rel(t.URL), Label: f.Label, Value: s.insert(f, -1), Unit: unitAfter(f), AsOf: s.date(f.AsOf),
		Sources: v.sources(src), Origins: s.originsOf(src), Status: f.Status, Reason: f.Reason, Quote: f.Quote, ReviewAfter: s.date(f.Review)}
	for i, h := range f.History {
		out.History = append(out.History, FactValue{Value: s.valueOf(f, i), AsOf: s.date(h.AsOf), Sources: v.sources(s.dataThings(t.Data, h.Sources))})
	}
	return out
}

func (v *viewer) claim(t *Thing) ClaimView {
	s, c := v.s, t.Claim
	w := s.Lang.UI
	out := ClaimView{ID: c.ID, URL: v.rel(t.URL), Claim: v.dataInline(t.Data, c.Claim.Body), Status: c.Status, AsOf: s.date(c.AsOf),
		Settle: v.dataInline(t.Data, c.Settle.Body), Single: s.claimOrigins(t) == 1,
		StatusText: map[string]string{"established": w.Established, "single-source": w.SingleSource, "disputed": w.DisputedStatus, "unresolved": w.Unresolved, "refuted": w.Refuted, "withdrawn": w.Withdrawn}[c.Status]}
	order := make([]*content.Position, len(c.Positions))
	for i := range c.Positions {
		order[i] = &c.Positions[i]
	}
	slices.SortStableFunc(order, func(a, b *content.Position) int { return cmp.Compare(a.Date.First(), b.Date.First()) })
	for _, p := range order {
		out.Positions = append(out.Positions, v.position(t, p))
	}
	return out
}

func (v *viewer) position(t *Thing, p *content.Position) PositionView {
	out := PositionView{Says: v.dataInline(t.Data, p.Says.Body), Who: p.WhoText, Date: v.s.date(p.Date), Sources: v.sources(v.s.dataThings(t.Data, p.Cites))}
	if p.Who >= 0 {
		if who := v.s.dataRefs[t.Data][p.Who].Thing; who != nil {
			out.WhoURL = v.rel(who.URL)
			out.Who = cmp.Or(p.WhoText, who.Title)
		}
	}
	return out
}

func (v *viewer) event(e *Event) EventView {
	s := v.s
	out := EventView{ID: e.Thing.ID, URL: v.rel(e.Thing.URL), Title: e.Title, Date: s.date(e.Date), End: s.date(e.End), When: s.when(e), Tags: e.Tags,
		Origin: e.Origin, Planned: e.Planned, Disputed: e.Disputed, HasPage: e.Page != nil, Sources: v.sources(e.Sources)}
	if e.Page != nil {
		out.Summary = v.quoted(e.Page, e.Page.Meta.Summary)
	}
	for _, w := range e.Who {
		out.Who = append(out.Who, NavItem{Title: w.Title, URL: v.rel(w.URL)})
	}
	return out
}

// timeline is a ```timeline fence: the events it names, or those of a time, tag or entity.
func (v *viewer) timeline(p *Page, t *content.Timeline) *TimelineView {
	s := v.s
	var events []*Event
	named := map[*Event]bool{}
	for _, k := range t.IDs {
		if th := p.Targets[k].Thing; th != nil && th.Event != nil {
			named[th.Event] = true
		}
	}
	about, _ := s.find(t.About, ".", "")
	for _, e := range s.Events {
		if len(t.IDs) > 0 && !named[e] {
			continue
		}
		if t.From != "" && (e.Date.IsZero() || cmp.Or(e.End, e.Date).Last() < t.From) {
			continue
		}
		if t.To != "" && (e.Date.IsZero() || e.Date.First() > (content.Date{ISO: t.To}).Last()) {
			continue
		}
		if t.About != "" {
			hit := about != nil && (contains(e.Who, about) || e.Page != nil && slices.Contains(e.Page.things(e.Page.Meta.About), about))
			for _, tag := range e.Tags {
				hit = hit || content.Fold(tag) == content.Fold(t.About)
			}
			if !hit {
				continue
			}
		}
		events = append(events, e)
	}
	return v.groups(events)
}

// groups puts events under their years, with gap labels.
func (v *viewer) groups(events []*Event) *TimelineView {
	out := &TimelineView{}
	years := map[string]bool{}
	for _, e := range events {
		if !e.Date.IsZero() {
			years[e.Date.ISO[:4]] = true
		}
	}
	last := content.Date{}
	for _, e := range events {
		title, undated := "", e.Date.IsZero()
		switch {
		case undated:
			title = v.s.Lang.UI.DateNotGiven
		case len(years) > 1:
			title = e.Date.ISO[:4]
		}
		if n := len(out.Groups); n == 0 || out.Groups[n-1].Title != title {
			out.Groups = append(out.Groups, TimelineGroup{Title: title, Undated: undated})
		}
		ev := v.event(e)
		ev.Gap = v.s.Lang.Gap(last, e.Date)
		if !undated {
			last = cmp.Or(e.End, e.Date)
		}
		g := &out.Groups[len(out.Groups)-1]
		g.Events = append(g.Events, ev)
	}
	return out
}

// index is the A–Z of everything (reader.md 1.1, Search).
func (v *viewer) index() []IndexGroup {
	s := v.s
	var items []IndexItem
	add := func(title, url, kind, of string) {
		if title != "" {
			items = append(items, IndexItem{Title: title, Name: v.isolated(title), URL: v.rel(url), Kind: kind, Of: of})
		}
	}
	for _, p := range s.Pages {
		kind := s.kindWord(string(p.Type))
		if p.Type == content.Who {
			kind = cmp.Or(s.kindWord(p.Meta.Kind), kind)
		}
		add(p.Thing.Title, p.URL, kind, "")
		for _, a := range p.Meta.Aliases {
			add(a.Text, p.URL, kind, p.Thing.Title)
		}
	}
	for _, t := range slices.Concat(s.Facts, s.Claims) {
		add(t.Title, t.URL, s.kindWord(t.Kind), "")
	}
	for _, e := range s.Events {
		if e.Page == nil {
			add(e.Title, e.Thing.URL, s.Lang.UI.Event, "")
		}
	}
	sort.SliceStable(items, func(i, j int) bool {
		a, b := sortKey(items[i].Title), sortKey(items[j].Title)
		return cmp.Or(cmp.Compare(a, b), cmp.Compare(items[i].Title, items[j].Title), cmp.Compare(items[i].URL, items[j].URL)) < 0
	})
	var out []IndexGroup
	for _, it := range items {
		l := firstLetter(it.Title)
		i := slices.IndexFunc(out, func(g IndexGroup) bool { return g.Letter == l })
		if i < 0 { // the digits of other scripts come after the letters
			i = len(out)
			out = append(out, IndexGroup{Letter: l})
		}
		out[i].Items = append(out[i].Items, it)
	}
	return out
}

// sortKey sorts names as a glossary does: without case and marks, and al-Sudani under S.
func sortKey(s string) string {
	k := content.Slug(s)
	for _, art := range []string{"al-", "the-", "a-", "an-"} {
		if rest, ok := strings.CutPrefix(k, art); ok && rest != "" {
			return rest
		}
	}
	return k
}

func firstLetter(s string) string {
	r, size := utf8.DecodeRuneInString(sortKey(s))
	if size == 0 {
		return "…" // emoji, signs
	}
	if unicode.IsDigit(r) {
		return "0–9"
	}
	return string(unicode.ToUpper(r))
}
