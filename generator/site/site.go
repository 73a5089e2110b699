// Package site knows what is true once every file is known: addresses, the one namespace of pages and records, where
// each link leads, who mentions whom, what the facts and dates in prose must say, and every check that needs more than
// one file. It makes the [View] that a layout may see of a page.
//
// [Link] takes the parsed files and returns a [Site]. It never writes to a Doc: what a reference leads to stands beside
// it, in Page.Targets. [Site.Relink] puts pages of which only the prose is new into a linked Site, with the same
// functions that Link calls for every page.
package site

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// Env is what the command line decides.
type Env struct {
	BaseURL string // wins over site.toml; "" leaves that
	Drafts  bool   // show drafts
	Today   string // ISO day for review dates; "" leaves those checks out (build)
	Build   bool   // the build command: a missing base URL is worth a word
	Epoch   string // ISO day of SOURCE_DATE_EPOCH, or ""
	Commit  string // printed in the footer when given
	All     bool   // run the checks that are off, too
	// Published is what was published before, whose addresses must stay; nil: nothing, or nobody asks.
	Published *Manifest
}

// Asset is a file that is copied as it is: an image beside the pages, or anything in static/.
type Asset struct {
	File          string // relative to the site's root: "content/img/x.png", "static/x.pdf"
	Path          string // in the output
	Size          int    // in bytes
	Width, Height int    // of images that say so, in px
}

// Input is everything that Link may see.
type Input struct {
	Config content.Config
	Docs   []*content.Doc
	Data   []*content.Data
	Assets []Asset
	Names  map[string][]string // by layout, stylesheet or asset, the names of files in its text, see [content.FileNames]
	Env    Env
	// Each calls f with 0 to n-1, some at once if it likes; nil: one after the other.
	Each func(n int, f func(i int))
}

// Site is the whole site with every reference resolved. Only Link and Relink write to it.
type Site struct {
	Config  content.Config
	Lang    content.Language
	Env     Env
	Base    string            // the base URL in force, ending in /; or ""
	Pages   []*Page           // every page with a file, in reading order
	Path    []*Page           // the sections, in reading order
	Made    []*Made           // the pages that the generator makes itself
	Records map[string]*Thing // facts, claims, sources and events by id
	Facts   []*Thing          // in the writer's order
	Claims  []*Thing          // in the writer's order
	Sources []*Thing          // sorted by id
	Events  []*Event          // in date order
	Changes []*Change         // newest first
	BuiltOn content.Date

	data      []*content.Data
	overview  *Page
	foot      [2]*Page // about and corrections, where there are such pages
	byFile    map[string]*Page
	byURL     map[string]*Page    // the first at each address
	ids       map[string][]string // of the records, by kind, sorted
	names     names
	phrases   phrases
	toBlocks  []blockRef        // every reference to a block
	showing   []*Page           // that embed others, in reading order
	assets    map[string]*Asset // by folded path below content/ or static/
	byBase    map[string][]*Asset
	speech    speech                   // hedges as patterns
	figures   *figures                 // what unlinked numbers are compared with
	origins   map[string]string        // source id → its independent origin
	lists     int                      // how many of Made are no cards: those come last
	dated     bool                     // there are events
	dead      map[string]*content.Dead // addresses outside that are gone
	archives  map[string]string        // archived copies of sources, by address
	changed   bool                     // there are change entries
	corrected bool                     // and corrections among them
	citesAll  bool                     // a page lists all sources
	findings  []diag.Finding           // of the site as a whole; those of one page or thing stand there
	circles   []diag.Finding           // of texts that show one another
	each      func(n int, f func(i int))
	into      *[]diag.Finding // where the step at hand puts what it finds
	dataRefs  map[*content.Data][]Target
	drafts    map[string]string // folded file name of a draft left out → its file
	moves     moves
	// promising are the pages of the file of addresses, in its order.
	promising  []*Page
	unused     map[string]bool                  // files of content/ that nothing published uses
	unusedList []*Asset                         // the same, by path
	draftUses  map[string][]string              // folded base name of a file → the drafts left out that name it
	tombs      map[string][]*content.Withdrawal // by the page on which they stood
}

// Page is one markdown page and its place in the site.
type Page struct {
	*content.Doc
	URL     string   // relative to the site's root: "terms/x/"; "" for the overview
	Thing   *Thing   // what links to it lead to
	Targets []Target // Targets[i] answers Doc.Refs[i]
	Autos   []Auto   // first mentions that become links, in source order
	Order   int      // place in reading order
	Number  int      // of a section: 1…
	Made    *Made    // the made page whose introduction this is, or nil
	Event   *Event
	links   []*Thing       // what its prose links to, each once
	uses    []use          // the mentions that it makes
	shows   []*Page        // whose text its body embeds
	inserts map[int][]int  // for each block the references whose words the site puts in, in order
	changes []*Change      // newest first
	related []*Related     // of a section
	found   []diag.Finding // what is wrong with its text
	promise []byte         // its line of the file of addresses; nil: not written yet
}

// Made is a page that has no file of its own, though a file at its address may give it a title and an introduction.
type Made struct {
	Kind   string // as View.Kind
	URL    string
	Title  string
	Order  int // place in Site.Made
	Page   *Page
	Thing  *Thing              // what links to it lead to; nil when Page's serves
	Record *Thing              // the fact or claim on a card
	Point  int                 // or which takeaway of the overview, from 1
	Gone   *content.Withdrawal // why nothing else stands here
}

// Thing is anything with a name that can be linked: a page, or a record.
type Thing struct {
	Kind   string // section, term, who, event, plain, overview; fact, claim, source; made
	ID     string // file name without .md, or the record's id
	Title  string
	URL    string // relative to the site's root, with a fragment for records
	Page   *Page
	Fact   *content.Fact
	Claim  *content.Claim
	Source *content.Source
	Event  *Event
	Data   *content.Data // where a record stands
	Span   diag.Span     // where it is defined
	Used   []Mention     // in reading order

	card    string         // the address of its card
	inData  int            // uses by other records
	linkers int            // other pages whose prose links to it
	events  []*Event       // that it took part in, in date order
	held    []held         // positions that it holds
	found   []diag.Finding // that nothing uses it
}

// held is a position on a claim.
type held struct {
	claim    *Thing
	position *content.Position
}

// Key names a thing as `graph` does: the source path of a page, the id of a record.
func (t *Thing) Key() string {
	if t.Page != nil {
		return t.Page.Name
	}
	return t.ID
}

// Event is a happening, from a row of events.csv, a page, or both.
type Event struct {
	Thing     *Thing
	Date, End content.Date
	DateText  string
	Title     string
	Who       []*Thing
	Tags      []string
	Sources   []*Thing
	Origin    string
	Planned   bool
	Disputed  bool
	Page      *Page
}

// Change is a dated change of a page.
type Change struct {
	Date  content.Date
	Kind  string
	Thing *Thing // what changed; nil when the name is wrong
	Page  *Page  // its page; nil for a record, or one that the generator makes
	Text  content.Inline
	Data  *content.Data
}

// Target is what one reference leads to.
type Target struct {
	Thing    *Thing
	Asset    *Asset
	Fragment string // the id on the page; "" for its top
	Block    int    // of an embedded block; -1
	Head     int    // of an embedded heading; -1
	Past     int    // facts: index into History; -1 for the current value
}

// OK says whether the reference leads anywhere.
func (t Target) OK() bool { return t.Thing != nil || t.Asset != nil }

// Mention is one place whose prose refers to a thing.
type Mention struct {
	In       *Page
	Block    int // index into In.Blocks
	From, To int // byte range in the block's text
	Auto     bool
	Ref      int // index into In.Refs; -1 for a first mention
}

// Auto is a first mention that becomes a link: a stretch of one literal piece.
type Auto struct {
	Piece, From, To int
	Block           int
	TextFrom        int // in the block's text
	TextTo          int
	Thing           *Thing
}

// Link resolves the whole site. It never fails; what is wrong comes back as findings.
func Link(in Input) (*Site, []diag.Finding) {
	s := &Site{Config: in.Config, Lang: content.LanguageOf(in.Config.Language), Env: in.Env, Base: cmp.Or(in.Env.BaseURL, in.Config.BaseURL),
		Records: map[string]*Thing{}, assets: map[string]*Asset{}, byBase: map[string][]*Asset{}, origins: map[string]string{}, drafts: map[string]string{}, draftUses: map[string][]string{},
		dataRefs: map[*content.Data][]Target{}, data: in.Data, each: in.Each, byFile: map[string]*Page{}, byURL: map[string]*Page{}, ids: map[string][]string{}, dead: map[string]*content.Dead{}, archives: map[string]string{}}
	s.speech = speechOf(s.Lang)
	s.into = &s.findings
	if s.each == nil {
		s.each = inTurn
	}

	// Names and addresses, from what the files are called and what their front matter says.
	s.addPages(in.Docs)
	s.addRecords(in.Data)
	s.addresses(in.Assets)
	s.indexNames()
	s.phrases = s.indexPhrases()

	// Where each reference leads.
	s.eachPage(s.Pages, (*Site).resolvePage)
	s.listBlockRefs(s.Pages)
	for _, d := range in.Data {
		s.resolveData(d)
	}
	s.mergeEvents(in.Data)
	s.chains()
	s.order()
	s.figures = s.figuresOf()
	s.follow()
	s.findUnused(in.Assets, in.Names)

	s.listShowing(s.Pages)

	// What the prose says of other pages and of records.
	s.eachPage(s.Pages, (*Site).readPage)
	for _, p := range s.Pages {
		for _, u := range p.uses {
			u.thing.Used = append(u.thing.Used, u.Mention)
		}
		p.count(1)
	}
	s.relate()

	// What is wrong.
	s.eachPage(s.Pages, (*Site).checkPage)
	s.checkData()
	s.countTables()
	for _, p := range s.Pages {
		s.checkThing(p.Thing)
	}
	for _, t := range s.Sources {
		s.checkThing(t)
	}
	s.checkEmbeds()
	for _, c := range siteChecks {
		if s.wants(c.code) {
			c.run(s)
		}
	}
	return s, s.Findings()
}

// eachPage runs one step for some pages; what it finds is theirs. A step may write to its page and to nothing else, so
// that those of many pages can run at once: each hand at work has a Site of its own, which differs from s in where
// findings go.
func (s *Site) eachPage(pages []*Page, step func(*Site, *Page)) {
	const hand = 32 // pages
	s.each((len(pages)+hand-1)/hand, func(i int) {
		own := *s
		for _, p := range pages[i*hand : min(len(pages), (i+1)*hand)] {
			own.into = &p.found
			if bad := diag.Try(p.File, "linking this page", func() { step(&own, p) }); bad != nil {
				p.found = append(p.found, *bad)
				p.empty()
			}
		}
	})
}

// empty makes a page on which a step has panicked one that says nothing, so that the others can be linked.
func (p *Page) empty() {
	p.Targets = make([]Target, len(p.Refs))
	for i := range p.Targets {
		p.Targets[i] = nowhere
	}
	p.Autos, p.links, p.uses, p.shows, p.inserts = nil, nil, nil, nil, nil
}

// nowhere is the target of a reference that leads nowhere.
var nowhere = Target{Block: -1, Head: -1, Past: -1}

func inTurn(n int, f func(i int)) {
	for i := range n {
		f(i)
	}
}

// Findings are everything that is wrong with the site as it is linked now.
func (s *Site) Findings() []diag.Finding {
	out := slices.Concat(s.findings, s.circles)
	for _, p := range s.Pages {
		out = append(out, p.found...)
		out = append(out, p.Thing.found...)
	}
	for _, t := range s.Sources {
		out = append(out, t.found...)
	}
	return out
}

// wants says whether a check is to run: those that are off by default read all prose again and find nothing that is
// shown, so they wait until they are asked for.
func (s *Site) wants(code string) bool {
	if s.Env.All || diag.Level(code) != diag.Off {
		return true
	}
	for _, l := range s.Config.Levels {
		if l.Code == code {
			return l.Severity != diag.Off
		}
	}
	return false
}

func (s *Site) add(code string, span diag.Span, hint, format string, args ...any) *diag.Finding {
	*s.into = append(*s.into, diag.Finding{Code: code, Span: span, Message: fmt.Sprintf(format, args...), Hint: hint})
	return &(*s.into)[len(*s.into)-1]
}

// addPages gives every page its address and its place in the namespace.
func (s *Site) addPages(docs []*content.Doc) {
	for _, d := range docs {
		if d.Meta.Draft && !s.Env.Drafts {
			s.drafts[content.Fold(strings.TrimSuffix(path.Base(d.Name), ".md"))] = d.File
			s.noteDraft(d)
			continue
		}
		p := &Page{Doc: d, URL: address(d)}
		id := strings.TrimSuffix(path.Base(d.Name), ".md")
		p.Thing = &Thing{Kind: string(d.Type), ID: id, Title: d.Meta.Title, URL: p.URL, Page: p, Span: d.Meta.TitleSpan}
		if p.Thing.Span.File == "" {
			p.Thing.Span = diag.Span{File: d.File}
		}
		if d.Type == content.Overview {
			s.overview = p
			if p.Meta.Title == "" {
				p.Thing.Title = s.Config.Title
			}
		}
		switch p.URL {
		case "about/":
			s.foot[0] = p
		case "corrections/":
			s.foot[1] = p
		}
		for _, i := range d.Meta.NoCite {
			s.citesAll = s.citesAll || d.Refs[i].Target == "*"
		}
		s.Pages = append(s.Pages, p)
		s.byFile[p.File] = p
	}
	rank := map[content.PageType]int{content.Overview: 0, content.Section: 1, content.Term: 2, content.Who: 3, content.Event: 4, content.Plain: 5}
	slices.SortStableFunc(s.Pages, func(a, b *Page) int {
		c := cmp.Compare(rank[a.Type], rank[b.Type])
		if c == 0 && a.Type == content.Section {
			c = cmp.Compare(sectionOrder(a.Doc), sectionOrder(b.Doc))
		}
		return cmp.Or(c, cmp.Compare(a.Name, b.Name))
	})
	for i, p := range s.Pages {
		p.Order = i
		if p.Type == content.Section {
			s.Path = append(s.Path, p)
			p.Number = len(s.Path)
		}
	}
}

// sectionOrder is `order`, else the number that the file name starts with.
func sectionOrder(d *content.Doc) float64 {
	if d.Meta.HasOrder {
		return d.Meta.Order
	}
	n, digits := 0.0, 0
	for _, c := range path.Base(d.Name) {
		if c < '0' || c > '9' {
			break
		}
		n, digits = n*10+float64(c-'0'), digits+1
	}
	if digits == 0 {
		return 1e9
	}
	return n
}

// address is where a page stands (contract section 3).
func address(d *content.Doc) string {
	name := strings.TrimSuffix(d.Name, ".md")
	switch d.Type {
	case content.Overview:
		return ""
	case content.Section:
		slug := content.Slug(cmp.Or(d.Meta.Slug, d.Meta.Title))
		if slug == "" {
			slug = content.Slug(path.Base(name))
		}
		return cmp.Or(slug, "page") + "/"
	}
	if d.Meta.Slug != "" {
		name = path.Join(path.Dir(name), d.Meta.Slug)
	}
	if path.Base(name) == "index" {
		name = path.Dir(name)
	}
	parts := strings.Split(content.SlugPath(name), "/")
	for i := range parts {
		parts[i] = cmp.Or(parts[i], "page") // a name of signs alone
	}
	return strings.Join(parts, "/") + "/"
}

// addRecords enters facts, claims, sources and events into the namespace that pages share.
func (s *Site) addRecords(data []*content.Data) {
	var all []*Thing
	for _, d := range data {
		s.dated = s.dated || len(d.Events) > 0
		s.changed = s.changed || len(d.Changes) > 0
		s.corrected = s.corrected || slices.ContainsFunc(d.Changes, func(c content.Change) bool { return c.Kind == "correction" })
		for i := range d.Dead {
			s.dead[withoutFragment(d.Dead[i].URL)] = &d.Dead[i]
		}
		for i := range d.Facts {
			f := &d.Facts[i]
			all = append(all, &Thing{Kind: "fact", ID: f.ID, Title: f.Label, URL: "facts/#" + f.ID, Fact: f, Data: d, Span: f.Span})
		}
		for i := range d.Claims {
			c := &d.Claims[i]
			all = append(all, &Thing{Kind: "claim", ID: c.ID, Title: c.Claim.Text, URL: "disputed/#" + c.ID, Claim: c, Data: d, Span: c.Span})
		}
		for i := range d.Sources {
			c := &d.Sources[i]
			if c.URL != "" && c.Archive != "" {
				s.archives[withoutFragment(c.URL)] = c.Archive
			}
			all = append(all, &Thing{Kind: "source", ID: c.ID, Title: titleOf(c), URL: "sources/#" + c.ID, Source: c, Data: d, Span: c.Span})
		}
		for i := range d.Events {
			r := &d.Events[i]
			if r.ID == "" {
				continue
			}
			t := &Thing{Kind: "event", ID: r.ID, Title: r.Title, URL: "timeline/#" + r.ID, Data: d, Span: r.Span}
			t.Event = &Event{Thing: t, Date: r.Date, End: r.End, DateText: r.DateText, Title: r.Title, Tags: r.Tags, Origin: r.Origin, Planned: r.Planned, Disputed: r.Disputed}
			all = append(all, t)
		}
	}
	taken := map[string]*Thing{}
	for _, p := range s.Pages {
		if p.Type == content.Plain || p.Type == content.Overview {
			continue
		}
		key := content.Fold(p.Thing.ID)
		if first := taken[key]; first != nil {
			f := s.add("duplicate-id", diag.Span{File: p.File}, "rename one of the two files", "two pages have the id %q", p.Thing.ID)
			f.Related = []diag.Related{{Span: first.Span, Message: "the other one"}}
			continue
		}
		taken[key] = p.Thing
	}
	for _, t := range all {
		key := content.Fold(t.ID)
		if first := taken[key]; first != nil {
			// A row and a page of one event are one (contract section 3).
			if t.Kind == "event" && first.Kind == "event" && first.Page != nil && first.Event == nil && first.ID == t.ID {
				first.Event, t.Event.Thing = t.Event, first
				first.Page.Event = t.Event
				t.Event.Page = first.Page
				s.Records[t.ID] = first
				continue
			}
			f := s.add("duplicate-id", t.Span, "pages, facts, claims, events and sources share one list of names; rename one of the two", "the id %q is taken", t.ID)
			f.Related = []diag.Related{{Span: first.Span, Message: fmt.Sprintf("a %s has it", first.Kind)}}
			continue
		}
		taken[key] = t
		s.Records[t.ID] = t
		switch t.Kind {
		case "fact":
			s.Facts = append(s.Facts, t)
		case "claim":
			s.Claims = append(s.Claims, t)
		case "source":
			s.Sources = append(s.Sources, t)
		}
	}
	s.addNames(taken)
	for _, p := range s.Pages {
		if p.Type == content.Event && p.Event == nil {
			s.dated = true
			p.Event = &Event{Thing: p.Thing, Page: p}
			p.Thing.Event = p.Event
			s.Records[p.Thing.ID] = p.Thing
		}
	}
	sort.Slice(s.Sources, func(i, j int) bool { return s.Sources[i].ID < s.Sources[j].ID })
	for id, t := range s.Records {
		s.ids[t.Kind] = append(s.ids[t.Kind], id)
	}
	for _, ids := range s.ids {
		sort.Strings(ids)
	}
}

// mergeEvents resolves who took part and where it is told, lets the page's fields win over the row's, and sorts.
func (s *Site) mergeEvents(data []*content.Data) {
	for _, d := range data {
		for i := range d.Events {
			r := &d.Events[i]
			t := s.Records[r.ID]
			if t == nil || t.Event == nil {
				continue
			}
			for _, k := range r.Who {
				if w := s.dataRefs[d][k].Thing; w != nil {
					t.Event.Who = append(t.Event.Who, w)
				}
			}
			for _, k := range r.Sources {
				if w := s.dataRefs[d][k].Thing; w != nil {
					t.Event.Sources = append(t.Event.Sources, w)
				}
			}
		}
	}
	for _, p := range s.Pages {
		e := p.Event
		if e == nil {
			continue
		}
		m := p.Meta
		e.Title = m.Title
		if !m.Date.IsZero() {
			e.Date, e.End, e.DateText = m.Date, m.DateEnd, m.DateText
		}
		e.DateText = cmp.Or(m.DateText, e.DateText)
		e.Planned, e.Disputed = e.Planned || m.Planned, e.Disputed || m.Disputed
		if len(m.Tags) > 0 {
			e.Tags = m.Tags
		}
		if len(m.Whos) > 0 {
			e.Who = p.things(m.Whos)
		}
		if len(m.Sources) > 0 {
			e.Sources = p.things(m.Sources)
		}
	}
	for _, t := range s.Records {
		if t.Event != nil {
			s.Events = append(s.Events, t.Event)
		}
	}
	slices.SortFunc(s.Events, compareEvents)
	for _, e := range s.Events {
		for i, t := range e.Who {
			if !contains(e.Who[:i], t) {
				t.events = append(t.events, e)
			}
		}
	}
	for _, c := range s.Claims {
		for i := range c.Claim.Positions {
			if p := &c.Claim.Positions[i]; p.Who >= 0 {
				if t := s.dataRefs[c.Data][p.Who].Thing; t != nil {
					t.held = append(t.held, held{c, p})
				}
			}
		}
	}
}

func compareEvents(a, b *Event) int {
	// Undated events come last (reader.md 2.8).
	if a.Date.IsZero() != b.Date.IsZero() {
		if a.Date.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(a.Date.First(), b.Date.First()), cmp.Compare(b.Date.Last(), a.Date.Last()), cmp.Compare(a.Thing.ID, b.Thing.ID))
}

// things returns what some of a page's references lead to, without those that lead nowhere.
func (p *Page) things(refs []int) []*Thing {
	var out []*Thing
	for _, i := range refs {
		if i >= 0 && p.Targets[i].Thing != nil {
			out = append(out, p.Targets[i].Thing)
		}
	}
	return out
}

// updated is the day of the newest change of a page, if that lies after its publication: there is no other source of
// that date, so that nothing is called new without saying what is.
func (p *Page) updated() content.Date {
	if len(p.changes) == 0 || p.changes[0].Date.ISO < p.Meta.Published.ISO {
		return content.Date{}
	}
	return p.changes[0].Date
}

// order finds the newest date of the content, the changes and the pages that the generator makes.
func (s *Site) order() {
	newest := func(d content.Date) {
		if d.ISO > s.BuiltOn.ISO {
			s.BuiltOn = content.Date{ISO: d.ISO}
		}
	}
	for _, p := range s.Pages {
		newest(p.Meta.Published)
		newest(p.Meta.Updated)
	}
	for _, c := range s.Changes {
		newest(c.Date)
	}
	if s.Env.Epoch != "" {
		s.BuiltOn = content.Date{ISO: s.Env.Epoch}
	}
	slices.SortStableFunc(s.Changes, func(a, b *Change) int { return cmp.Compare(b.Date.ISO, a.Date.ISO) })
	for _, c := range s.Changes {
		if c.Page != nil {
			c.Page.changes = append(c.Page.changes, c)
		}
	}
}

// Of returns the pages of one type, in reading order.
func (s *Site) Of(t content.PageType) []*Page {
	var out []*Page
	for _, p := range s.Pages {
		if p.Type == t && p.Made == nil {
			out = append(out, p)
		}
	}
	return out
}

// dataThings returns what some references of a data file lead to.
func (s *Site) dataThings(d *content.Data, refs []int) []*Thing {
	var out []*Thing
	for _, i := range refs {
		if i >= 0 && s.dataRefs[d][i].Thing != nil {
			out = append(out, s.dataRefs[d][i].Thing)
		}
	}
	return out
}
