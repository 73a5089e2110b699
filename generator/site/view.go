package site

import (
	"html/template"

	"gloss/generator/content"
)

// View is everything that a layout may know about one page. Exported fields of plain data only: no methods, no
// functions, no interfaces, no pointers back into the site, so that it can be hashed whole as the key under which the
// finished page is remembered. All addresses in it are relative to the page that shows them, ready to print.
type View struct {
	Site                 SiteView
	Kind                 string // overview, section, term, who, event, plain; or of a made page: terms, people, events, timeline, facts, disputed, sources, changes, corrections, brief, summary, all, card, search, notfound
	Layout               string // the name from front matter; "": by Kind
	LayoutFrom, LayoutTo int    // where that name stands in File: byte offsets
	File                 string // the source file, for messages; "" for made pages
	URL                  string // relative to the site's root: "terms/x/"
	Root                 string // from this page to the site's root: "../../"; on the 404 page the absolute base path
	Canonical            string // absolute; "" without a base URL
	Title                string // plain
	Kicker               string // "Question 2 of 6"
	Description          string // plain, for <meta>
	Draft                bool
	NoIndex              bool

	Published, Updated DateView
	ReviewAfter        DateView
	Authors            []AuthorView
	ReviewedBy         []AuthorView
	Dateline           string
	Minutes            int    // reading time: words ÷ 238, at least 1; 0 where it makes no sense
	WorkType           string // "Explainer"
	Certainty          string // a word of the language, or ""

	Answer     template.HTML // inline; sections
	Summary    template.HTML // inline; terms, who, events
	Standfirst template.HTML // inline; the overview
	Takeaways  []template.HTML
	Cards      []NavItem   // the cards of the takeaways; on the brief
	Points     []PointView // the one takeaway of its card
	Tiles      []FactView
	Body       []Part
	TOC        []TOCItem
	Sources    []CiteView // the sources cited on this page, numbered in order of first use
	OwnSources bool       // the writer placed the list inside the body
	Mentions   []MentionGroup
	Related    []RelatedView
	Prev, Next NavItem      // zero: none
	Changes    []ChangeView // of this page; on the changes page all of them

	Aliases   []string
	Role      template.HTML
	RoleAsOf  DateView
	Side      string
	WhoKind   string // person, organisation
	SameAs    []string
	Image     ImageView
	Event     EventView   // on event pages
	Before    []EventView // the events just before this one, and after
	After     []EventView
	Events    []EventView // what involves this who, or the latest on the overview
	Positions []PositionOf

	// Of the pages that list things; empty elsewhere.
	Sections  []SectionItem // overview, brief, summary, notfound
	Terms     []EntityItem
	People    []WhoGroup
	Timeline  TimelineView
	FactRows  []FactView
	Claims    []ClaimView // disputed; the top ones on the overview
	AllSource []SourceView
	Log       []ChangeView // corrections
	Index     []IndexGroup // search: A–Z
	Downloads []Download   // files for programs: facts, disputed, sources
	Feed      string       // the address of the feed of changes; overview and changes
	Moved     []MovedView  // old ids that lead elsewhere
	Gone      []GoneView   // what was withdrawn here; the page itself on a withdrawn one

	// For programs that read the page.
	Linked   template.JS // JSON-LD, exact; "" without a base URL
	Twin     string      // the page as markdown; pages with a file
	BibTeX   string      // how the page itself is cited; pages with a date
	Modified DateView    // the date of the newest change entry of this page

	Poster PosterView // zero: none; only pages that search engines may list at an address have one

	// Filled in when the page is rendered. They stand here and not around the View since looking up a field of an
	// embedded struct takes a layout many times as long.
	Style  template.CSS // the page's one stylesheet, minified
	Policy string       // its Content-Security-Policy

	PosterURL string // absolute; "" when there is no poster
}

// PosterView is what the picture of a page shows, which other sites show beside a link to it. All of it is plain text.
type PosterView struct {
	Title                 string
	Text                  string // the first sentence of the answer, or of what else the page starts with
	Number, Label         string // instead of it the first number of the overview, with what it counts and since when
	Date                  string // "Updated 9 February 2024"
	Site                  string // the site's name, where the title is another
	Language, Dir, Accent string
}

// SiteView is what every page knows of the site.
type SiteView struct {
	Title, Description, Licence, Language, Dir string
	Locale                                     string // "en_GB", as Open Graph writes it
	Base                                       string // the site's absolute address; "" when not known
	Repository                                 string
	Accent                                     string // a CSS colour, or ""
	BuiltOn                                    DateView
	Words                                      content.Words
	Commit                                     string    // printed when given
	Nav                                        []NavItem // the pages that exist: timeline, who's who, glossary, facts, disputed, sources, changes, search
	Contents                                   []NavItem // overview and sections, in reading order
	Depths                                     []NavItem // full, summary, brief; the current one marked
	Foot                                       []NavItem // about, corrections, sources
	Overview                                   NavItem
	All                                        NavItem // everything on one page, for printing; overview, brief, summary
}

// DateView is a date at its true precision.
type DateView struct {
	ISO  string // "2020-01", for <time datetime>
	Text string // "January 2020"
}

// MovedView is an id that a page had, and where what it named is now.
type MovedView struct{ ID, URL string }

// GoneView is what was withdrawn on purpose.
type GoneView struct {
	ID     string // that it had on this page; "": it was the page
	Title  string // what it was; may be empty
	Date   DateView
	Reason string
}

// PointView is a takeaway on a card of its own. Text has no marks of citations; Date is the overview's, updated or else
// published.
type PointView struct {
	Text    template.HTML
	URL     string
	Date    DateView
	Sources []SourceView
}

// NavItem is a link of the navigation.
type NavItem struct {
	Title   string
	URL     string
	Current bool
	Kicker  string
}

// AuthorView is a person named in site.toml.
type AuthorView struct{ Name, URL string }

// Part is a piece of a body: HTML, or one thing that a layout part draws.
type Part struct {
	HTML     template.HTML
	Chart    *ChartView
	Claim    *ClaimView
	Timeline *TimelineView
	Fact     *FactView // an embedded fact
	Sources  bool      // the page's source list stands here
}

// TOCItem is a heading of the page.
type TOCItem struct {
	ID, Text string
	Level    int
}

// CiteView is one source as the page's own list shows it.
type CiteView struct {
	Number int
	ID     string // of the list item: "_s-key"
	Source SourceView
	Uses   []UseView // the places on this page
}

// UseView is one use of a source on this page.
type UseView struct {
	URL     string // "#c1-2"
	Label   string // "a", "b"
	Locator string // "para. 9"
}

// SourceView is one source.
type SourceView struct {
	ID        string        // the record's id, the fragment on the sources page
	URL       string        // to the sources page: "../sources/#id"
	Text      template.HTML // author, title, container, date, formatted
	Title     string
	Publisher string
	Kind      string // "Newspaper article"
	Date      DateView
	Link      string // outside; "" when there is none, or it is gone and there is a copy
	Archive   string
	Gone      DateView     // since when the original is no longer there
	Seen      bool         // the record says that we read it
	Unseen    bool         // the record says that we did not: it is known through Via
	DOI       string       // "10.1000/182"
	DOILink   string       // where it leads
	Via       []SourceLink // through whom we know it, or on whom it relies
	Chain     string       // "State Department, via Politico, via Iran Times"; "" when seen and alone
	Note      string
	Taken     []TakenView // everything we take from it; sources page only
}

// SourceLink names another source.
type SourceLink struct{ Title, URL string }

// TakenView is one thing taken from a source.
type TakenView struct {
	What string // Fact, Claim, Event, or the page's title
	URL  string
	Text template.HTML // the sentence or label
}

// MentionGroup is the mentions on one page.
type MentionGroup struct {
	Title, URL, Kind string
	Items            []MentionView
}

// MentionView is one sentence that mentions this page.
type MentionView struct {
	URL      string        // lands on the block
	Sentence template.HTML // at most 160 runes, the mention in <mark>… <b>
}

// RelatedView is a related page with the reason.
type RelatedView struct{ Title, URL, Kind, Reason string }

// ChangeView is one dated change.
type ChangeView struct {
	Date  DateView
	Kind  string // the language's word
	Code  string // new, update, correction, clarification, withdrawn
	Text  template.HTML
	Title string // of the page
	URL   string
}

// SectionItem is a section in a list of questions.
type SectionItem struct {
	Title, URL string
	Answer     template.HTML
	Minutes    int
	Body       []Part // summary: the three-minute part
	Kicker     string
}

// EntityItem is a term, or another entity in a list.
type EntityItem struct {
	ID, Title, URL, Kind string
	Summary              template.HTML
	Aliases              []string
	Letter               string // first letter, when it differs from the one before
}

// WhoGroup is people and organisations of one side.
type WhoGroup struct {
	Title string
	Items []WhoItem
}

// WhoItem is one person or organisation in a list.
type WhoItem struct {
	Title, URL string
	Kind       string
	Role       template.HTML
	RoleAsOf   DateView
	Summary    template.HTML
}

// TimelineView is a list of events, oldest first, grouped by year.
type TimelineView struct {
	ID     string
	Groups []TimelineGroup
	Tags   []NavItem // filters; the timeline page only
}

// TimelineGroup is the events of one year; Title is "" when the whole line lies in one year.
type TimelineGroup struct {
	Title   string
	Undated bool
	Events  []EventView
}

// EventView is one event.
type EventView struct {
	ID       string
	URL      string // its page, or its place on the timeline
	Title    string
	Date     DateView
	End      DateView
	When     string // the whole date as prose: "3–5 January 2020", or date_text
	Gap      string // "about two years" since the event before; "" when under 6 months
	Summary  template.HTML
	Who      []NavItem
	Sources  []SourceView
	Tags     []string
	Origin   string // article, background or ""
	Planned  bool
	Disputed bool
	HasPage  bool
}

// FactView is one fact.
type FactView struct {
	ID, URL     string // the row on the facts page
	Label       string
	Value       string // in the language's form, hedged when approximate: "about 2,500"
	Unit        string // what the value leaves out of the unit, to be written after it; often all of it
	AsOf        DateView
	Sources     []SourceView
	Origins     int    // independent origins of its sources
	Status      string // current, superseded, disputed, withdrawn
	Reason      string
	Card        string // the page to embed elsewhere; facts page only
	Quote       string
	ReviewAfter DateView
	History     []FactValue
	Uses        []MentionGroup // facts page only
}

// FactValue is an earlier value.
type FactValue struct {
	Value   string
	AsOf    DateView
	Sources []SourceView
}

// ClaimView is one contested statement.
type ClaimView struct {
	ID, URL    string
	Claim      template.HTML
	Status     string // the code: disputed
	StatusText string // the language's word
	AsOf       DateView
	Settle     template.HTML
	Positions  []PositionView // in date order
	Single     bool           // rests on one independent origin
	Card       string         // the page to embed elsewhere; disputed page only
	Uses       []MentionGroup
}

// PositionView is one position on a claim.
type PositionView struct {
	Says    template.HTML
	Who     string
	WhoURL  string
	Date    DateView
	Sources []SourceView
}

// PositionOf is a position that this person or organisation holds.
type PositionOf struct {
	Claim, URL string
	Position   PositionView
}

// ImageView is an image of the site.
type ImageView struct {
	URL, Alt      string
	Width, Height int
}

// IndexGroup is one letter of the A–Z.
type IndexGroup struct {
	Letter string
	Items  []IndexItem
}

// IndexItem is one line of the A–Z.
type IndexItem struct {
	Title, URL, Kind string
	Name             template.HTML // the title, with words in another script in elements of their own
	Of               string        // for an alias: the name it stands for
}

// Download is a file of the site's records.
type Download struct{ Name, URL, Format string }

// ChartView is a chart with its numbers resolved, not yet drawn.
type ChartView struct {
	ID                 string
	Type               string // bar, line, step, range, dot
	Title              template.HTML
	Subtitle           template.HTML
	Alt                string
	Unit               string
	XLabel             string // "date": the column's name or a word
	YLabel             string
	Time               bool // x is dates
	Series             []Series
	Events             []ChartEvent
	Breaks             []float64    // x at which the line is not drawn across
	Sources            []SourceLink // by short name, each once
	CSV                string       // address of the numbers
	CSVText            string       // the numbers themselves, written beside the page
	CSVFile            string       // the name under which they are written; "" on other pages
	Thousands, Decimal string       // the language's number form
	Words              content.Words
}

// Series is one line, or the bars of a chart.
type Series struct {
	Name   string // "" when there is one
	Points []Point
}

// Point is one number of a chart.
type Point struct {
	Label     string  // x in words: "January 2020", or the category
	ISO       string  // x as a partial date; "" for categories
	X         float64 // fractional year, or the category's index
	Y         float64
	Low, High float64 // range charts
	Missing   bool    // a gap in the data
	Text      string  // y in words: "about 2,500"
	Note      string  // the qualifier
	Sources   []SourceLink
	URL       string // of the fact, when it is one
}

// ChartEvent is a vertical line on a time chart.
type ChartEvent struct {
	Title, URL, Date string
	X                float64
}
