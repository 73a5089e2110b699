package site

import (
	"fmt"
	"math"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// The checks beyond links, numbers and dates, which are checked where they are resolved. One looks at a page, at the uses
// of a page or record, or at the site as a whole: the first two are redone for what an edit changes, the last must
// depend on names, front matter and records alone. To add one: a function here, a line in one of these lists, the code
// in diag.Codes, a paragraph in the guide, a fixture.
var (
	pageChecks = []struct {
		code string
		run  func(*Site, *Page)
	}{
		{"bad-chart", (*Site).checkCharts},
		{"bad-html", (*Site).checkMore},
		{"duplicate-id", (*Site).checkList},
		{"uncited-paragraph", (*Site).checkCitations},
		{"crowded-callouts", (*Site).checkCallouts},
		{"too-many-links", (*Site).checkLinks},
		{"review-due", (*Site).checkReview},
		{"future-date", (*Site).checkFuturePage},
		{"bad-date", (*Site).checkUpdated},
		{"dead-link", (*Site).checkDead},
		{"unlinked-mention", (*Site).checkUnlinked},
		{"contradicts-fact", (*Site).checkContradictions},
		{"unlinked-number", (*Site).checkUnlinkedNumbers},
	}
	thingChecks = []struct {
		code string
		run  func(*Site, *Thing)
	}{
		{"orphan-page", (*Site).checkOrphan},
		{"unused-source", (*Site).checkSource},
	}
	siteChecks = []struct {
		code string
		run  func(*Site)
	}{
		{"no-base-url", (*Site).checkBase},
		{"low-contrast", (*Site).checkAccent},
		{"bad-record", (*Site).checkVias},
		{"single-source-established", (*Site).checkClaims},
		{"review-due", (*Site).checkFactReviews},
		{"future-date", (*Site).checkFutureRecords},
		{"dead-link", (*Site).checkDeadRecords},
		{"lost-address", (*Site).checkPublished},
		{"no-archive", (*Site).checkArchive},
		{"reserved-name", (*Site).checkPageNames},
		{"unused-file", (*Site).checkUnused},
		{candidates, (*Site).checkCandidates},
	}
)

// candidates is the one check of the whole site that reads prose: a site that asks for it is never relinked.
const candidates = "candidate-term"

// checkPage runs the checks of one page.
func (s *Site) checkPage(p *Page) {
	for _, c := range pageChecks {
		if s.wants(c.code) {
			c.run(s, p)
		}
	}
}

// checkThing holds a page or record against what uses it.
func (s *Site) checkThing(t *Thing) {
	t.found = nil
	s.into = &t.found
	for _, c := range thingChecks {
		if s.wants(c.code) {
			c.run(s, t)
		}
	}
	s.into = &s.findings
}

func (s *Site) checkBase() {
	if s.Env.Build && s.Base == "" {
		span := s.Config.TitleSpan
		if span.File == "" {
			span.File = "site.toml"
		}
		s.add("no-base-url", span, `add base_url = "https://…/" to site.toml, or build with --base-url`, "no base_url is set, so there are no canonical links and no sitemap")
	}
}

// LightBackground and DarkBackground are the background colours of the theme (reader.md 2.2).
const LightBackground, DarkBackground = "#fdfcf9", "#15171a"

func (s *Site) checkAccent() {
	if s.Config.Accent == "" {
		return
	}
	if c := Contrast(s.Config.Accent, LightBackground); c < 4.5 {
		s.add("low-contrast", s.Config.AccentSpan, "choose a darker colour; the default is #7d350f", "the accent %s has a contrast of %.1f:1 on the page; text needs 4.5:1", s.Config.Accent, c)
	}
}

// Contrast is WCAG 2.2's contrast ratio of two #rgb or #rrggbb colours.
func Contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(c string) float64 {
	c = strings.TrimPrefix(c, "#")
	if len(c) == 3 {
		c = string([]byte{c[0], c[0], c[1], c[1], c[2], c[2]})
	}
	l := 0.0
	for i, w := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(c[2*i:2*i+2], 16, 8)
		v := float64(n) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		l += w * v
	}
	return l
}

// checkEmbeds reports each circle of texts that show one another, once, at the embed that closes it in reading order. A
// page that shows one of its own parts is no circle, unless the part holds the embed.
func (s *Site) checkEmbeds() {
	state := map[region]int{} // 1: being looked at, 2: done
	var stack []region
	var visit func(r region)
	visit = func(r region) {
		state[r] = 1
		stack = append(stack, r)
		for i, piece := range r.page.Body {
			if piece.Ref < 0 || piece.Close || !r.holds(i) {
				continue
			}
			ref, t := r.page.Refs[piece.Ref], r.page.Targets[piece.Ref]
			if ref.Kind != content.RefEmbed || t.Thing == nil || t.Thing.Page == nil || ref.Fragment != "" && t.Fragment == "" || r.page.Blocks[max(0, ref.Block)].Kind != "embed" {
				continue
			}
			to := regionOf(t)
			switch state[to] {
			case 0:
				visit(to)
			case 1:
				var names []string
				for _, q := range stack[slices.Index(stack, to):] {
					names = append(names, q.page.Name)
				}
				s.add("embed-cycle", ref.Span, "remove one of these embeds, or link instead", "these pages embed each other in a circle: %s → %s", strings.Join(names, " → "), to.page.Name)
			}
		}
		stack = stack[:len(stack)-1]
		state[r] = 2
	}
	s.circles = nil
	s.into = &s.circles
	for _, p := range s.showing {
		if r := wholeOf(p); state[r] == 0 {
			visit(r)
		}
	}
	s.into = &s.findings
}

// lists are the kinds of what the made pages list, whose ids are those of the list.
var lists = map[string]string{"timeline": "event", "facts": "fact", "disputed": "claim", "sources": "source", "terms": "term"}

// checkList holds the ids in the introduction of a made page against those of what is listed below it.
func (s *Site) checkList(p *Page) {
	if p.Made == nil || lists[p.Made.Kind] == "" {
		return
	}
	kind := lists[p.Made.Kind]
	listed := map[string]bool{}
	for id, t := range s.Records {
		listed[id] = t.Kind == kind && (t.Page == nil || kind == "event")
	}
	for _, q := range s.Pages {
		if kind == string(content.Term) && q.Type == content.Term {
			listed[q.Thing.ID] = true
		}
	}
	for _, b := range p.Blocks {
		if listed[b.ID] {
			s.add("duplicate-id", b.Span, "word the heading otherwise, or give the block another name", "the id %q belongs to the %s of that name, which is listed on this page", b.ID, kind)
		}
	}
	for _, h := range p.Heads {
		if listed[h.ID] {
			s.add("duplicate-id", h.Span, "word the heading otherwise, or give the block another name", "the id %q belongs to the %s of that name, which is listed on this page", h.ID, kind)
		}
	}
}

// checkMore reports HTML in which the three-minute part of a section ends.
func (s *Site) checkMore(p *Page) {
	if p.Type != content.Section || len(p.Elements) == 0 {
		return
	}
	end := moreOf(p)
	for _, e := range p.Elements {
		if e.Holds(end) {
			s.add("bad-html", e.Span, "end it before, or write <!-- more --> behind its end", "<%s> holds the place where the three-minute part of this page ends", e.Name)
			return
		}
	}
}

func (s *Site) checkOrphan(t *Thing) {
	p := t.Page
	switch {
	case p == nil:
	case p.Type == content.Term || p.Type == content.Who || p.Type == content.Event:
		if len(t.Used) == 0 {
			s.add("unmentioned-entity", t.Span, "link to it with [["+t.ID+"]], or remove the page", "no page mentions %q", p.Meta.Title)
		}
	case p.Type == content.Plain && p.Made == nil && path.Base(p.Name) != "index.md" && p.URL != "about/" && p.URL != "corrections/":
		if t.linkers == 0 {
			s.add("orphan-page", t.Span, "link to it from a page that readers see", "no page links to %s", p.Name)
		}
	}
}

func (s *Site) checkSource(t *Thing) {
	if t.Kind == "source" && t.linkers == 0 && t.inData == 0 && !s.citesAll && !t.Source.Whole {
		s.add("unused-source", t.Span, "cite it with [@"+t.ID+"], or remove it", "nothing cites the source %q", t.ID)
	}
}

// checkVias reports chains of telling that lead back to where they started.
func (s *Site) checkVias() {
	for _, t := range s.Sources {
		at, seen := t, map[*Thing]bool{t: true}
		for {
			v := s.vias(at)
			if len(v) == 0 {
				break
			}
			if v[0] == t && t.ID <= at.ID {
				s.add("bad-record", t.Span, "a chain of telling ends at a source that we read ourselves", "the source %q is known through itself", t.ID)
			}
			if seen[v[0]] {
				break
			}
			at = v[0]
			seen[at] = true
		}
	}
}

func (s *Site) checkCitations(p *Page) {
	if p.Type == content.Section {
		for _, b := range p.Blocks {
			if b.Kind == "paragraph" && b.Words > 40 && !b.Cites {
				s.add("uncited-paragraph", b.Span, "add [@source], or link its numbers and dates to facts and events", "this paragraph has %d words and no source", b.Words)
			}
		}
	}
	for _, c := range p.Callouts {
		if c.Type == "disputed" && !c.Cites {
			s.add("unattributed-dispute", c.Span, "say who holds what, and link the claim or cite a source", "this box says that something is disputed, but not by whom")
		}
	}
}

func (s *Site) checkClaims() {
	for _, t := range s.Claims {
		if t.Claim.Status == "established" && s.claimOrigins(t) < 2 {
			s.add("single-source-established", t.Span, "add a second, independent source, or set status = \"single-source\"", "the claim %q is called established and rests on one source", t.ID)
		}
	}
}

func (s *Site) claimOrigins(t *Thing) int {
	var all []*Thing
	for _, p := range t.Claim.Positions {
		all = append(all, s.dataThings(t.Data, p.Cites)...)
	}
	return s.originsOf(all)
}

// calm are the boxes that may stand side by side.
var calm = map[string]bool{"known": true, "disputed": true, "unknown": true}

func (s *Site) checkCallouts(p *Page) {
	if p.Type == content.Plain || len(p.Callouts) == 0 {
		return
	}
	if n, most := len(p.Callouts), 4*(1+p.Words/1000); n > most {
		s.add("crowded-callouts", p.Callouts[most].Span, "turn some of them into plain paragraphs", "this page has %d boxes for %d words; the most is 4 in 1,000", n, p.Words)
	}
	var last *content.Callout // the box that ended just before
	at := map[int]*content.Callout{}
	for i := range p.Callouts {
		at[p.Callouts[i].Block] = &p.Callouts[i]
	}
	for i, b := range p.Blocks {
		if !b.Top {
			continue
		}
		c := at[i]
		if c != nil && last != nil && !calm[c.Type] && !calm[last.Type] {
			s.add("crowded-callouts", c.Span, "put a paragraph between them, or join them", "two boxes follow each other")
		}
		last = c
	}
}

func (s *Site) checkLinks(p *Page) {
	if p.Type == content.Plain || p.Type == content.Overview || p.Words < 100 {
		return
	}
	n := 0
	for i, r := range p.Refs {
		if t := p.Targets[i].Thing; t != nil && r.Kind == content.RefLink && r.Block >= 0 && t.Page != nil && t.Kind != "plain" {
			n++
		}
	}
	if float64(n) > 8*float64(p.Words)/100 {
		s.add("too-many-links", p.Thing.Span, "link a name once in each section", "this page has %d links to other pages for %d words; the most is 8 in 100", n, p.Words)
	}
}

func (s *Site) checkReview(p *Page) {
	d := p.Meta.ReviewAfter
	d.Span = p.Meta.ReviewSpan
	s.due(d, "this page")
}

func (s *Site) checkFactReviews() {
	for _, t := range s.Facts {
		s.due(t.Fact.Review, fmt.Sprintf("the fact %q", t.ID))
		s.due(t.Fact.NextUpdate, fmt.Sprintf("a new value of %q was expected; it", t.ID))
	}
}

func (s *Site) due(d content.Date, what string) {
	if s.Env.Today != "" && !d.IsZero() && d.Last() < s.Env.Today {
		s.add("review-due", d.Span, "check it against its sources, then set a new review_after", "%s was due for review after %s", what, s.Lang.FormatDate(d))
	}
}

// checkUpdated holds `updated` against the change entries (writer.md section 2).
func (s *Site) checkUpdated(p *Page) {
	if p.Meta.Updated.IsZero() {
		return
	}
	newest := ""
	for _, c := range p.changes {
		newest = max(newest, c.Date.ISO)
	}
	if p.Meta.Updated.ISO > newest {
		hint := "add the change to content/data/changes.toml"
		if newest != "" {
			hint += ", or set updated: \"" + newest + "\""
		}
		s.add("bad-date", p.Meta.UpdatedSpan, hint, "updated is later than the newest change entry of this page")
	}
	if p.Meta.Updated.ISO < p.Meta.Published.ISO {
		s.add("bad-date", p.Meta.UpdatedSpan, "", "updated lies before published")
	}
}

func (s *Site) checkUnlinked(p *Page) {
	said := map[*Thing]bool{}
	s.eachName(p, func(run content.Run, from, to int, t *Thing) {
		if t == p.Thing || contains(p.links, t) || said[t] {
			return
		}
		said[t] = true
		b := p.Blocks[run.Block]
		s.add("unlinked-mention", b.Span, "link it: [["+t.ID+"|"+p.Body[run.Piece].HTML[from:to]+"]]", "this paragraph mentions %q without a link", t.Title)
	})
}

// checkCandidates finds names of two words or more that stand in the prose four times and have no page.
func (s *Site) checkCandidates() {
	count, first := map[string]int{}, map[string]diag.Span{}
	trim := func(w string) string {
		return strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	}
	small := map[string]bool{} // words that stand somewhere without a capital
	for _, p := range s.Pages {
		for _, b := range p.Blocks {
			for _, w := range strings.Fields(b.Text) {
				if word := trim(w); word != "" && unicode.IsLower([]rune(word)[0]) {
					small[word] = true
				}
			}
		}
	}
	for _, p := range s.Pages {
		for _, b := range p.Blocks {
			if b.Kind == "heading" || b.Kind == "code" {
				continue
			}
			var run []string
			starts, sentence := false, true // the run starts a sentence; the next word does
			end := func() {
				for len(run) > 0 && slices.Contains(s.Lang.Small, strings.ToLower(run[0])) {
					run = run[1:]
				}
				if len(run) > 0 && starts && small[strings.ToLower(run[0])] { // See North Road: its capital is that of the sentence
					run = run[1:]
				}
				if len(run) >= 2 {
					name := strings.Join(run, " ")
					if t, many := s.find(name, ".", ""); t == nil && many == nil {
						count[name]++
						if count[name] == 1 {
							first[name] = b.Span
						}
					}
				}
				run = nil
			}
			for _, w := range strings.Fields(b.Text) {
				word := trim(w)
				opens := sentence
				sentence = strings.ContainsAny(w[len(w)-1:], ".?!:;") || sentence && word == ""
				if word == "" || !unicode.IsUpper([]rune(word)[0]) {
					end()
					continue
				}
				if !strings.HasPrefix(w, word) { // Main Street (MS) are two names
					end()
				}
				if len(run) == 0 {
					starts = opens
				}
				run = append(run, strings.TrimSuffix(strings.TrimSuffix(word, "’s"), "'s"))
				if !strings.HasSuffix(w, word) {
					end()
				}
			}
			end()
		}
	}
	var names []string
	for n, c := range count {
		if c >= 4 {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	for _, n := range names {
		s.add("candidate-term", first[n], "write a page for it in terms/ or who/", "%q stands in the text %d times and has no page", n, count[n])
	}
}

func (s *Site) checkArchive() {
	for _, t := range s.Sources {
		if t.Source.URL != "" && t.Source.Archive == "" {
			s.add("no-archive", t.Span, `add "archive_location": an address at web.archive.org`, "the source %q has no archived copy", t.ID)
		}
	}
}
